export interface LearningRateOptions {
  /** After the warm-up. */
  readonly peak: number;
  /** Steps over which it rises from 0 in a straight line. */
  readonly warmUp: number;
  /** How it falls until the last step: to 0 along a line or a cosine, as 1/√step (Vaswani et al. 2017), or not. */
  readonly decay: 'linear' | 'cosine' | 'inverse-square-root' | 'none';
}

/** The learning rate of a step, counted from 1, in a training of `steps`. */
export function learningRateAt(
  { peak, warmUp, decay }: LearningRateOptions,
  step: number,
  steps: number,
): number {
  if (step <= warmUp) return (peak * step) / warmUp;
  const progress = Math.min(1, (step - warmUp) / Math.max(1, steps - warmUp));
  switch (decay) {
    case 'linear':
      return peak * (1 - progress);
    case 'cosine':
      return (peak * (1 + Math.cos(Math.PI * progress))) / 2;
    case 'inverse-square-root':
      return peak * Math.sqrt(Math.max(1, warmUp) / step);
    case 'none':
      return peak;
  }
}
