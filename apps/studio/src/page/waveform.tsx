import type { Recording } from '@heed/speech-recognition';
import { useMemo } from 'preact/hooks';

const COLUMNS = 480;
const HEIGHT = 72;

/** From the lowest to the highest sample of each column. */
function outline(samples: Float32Array): string {
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-9);
  const y = (sample: number) => ((1 - (0.95 * sample) / loudest) * HEIGHT) / 2;
  return Array.from({ length: COLUMNS }, (_, column) => {
    const part = samples.subarray(
      Math.floor((column * samples.length) / COLUMNS),
      Math.max(1, Math.floor(((column + 1) * samples.length) / COLUMNS)),
    );
    const low = part.reduce((least, sample) => Math.min(least, sample), 0);
    const high = part.reduce((most, sample) => Math.max(most, sample), 0);
    return `M${column} ${y(high).toFixed(1)}V${y(low).toFixed(1)}`;
  }).join('');
}

/** A recording over time, as loud as can be drawn. */
export function Waveform({ recording }: { readonly recording: Recording }) {
  const path = useMemo(() => outline(recording.samples), [recording]);
  return (
    <svg class="waveform" viewBox={`0 0 ${COLUMNS} ${HEIGHT}`} preserveAspectRatio="none" role="img">
      <title>Waveform of {recording.name ?? 'the recording'}</title>
      <path d={path} />
    </svg>
  );
}
