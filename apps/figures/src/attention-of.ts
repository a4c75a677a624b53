/** @throws if the answer comes from a model without attention, or there is no word in it */
export function attentionOf<Trace>(
  { text, attention }: { readonly text: string; readonly attention?: Trace | undefined },
  model: string,
): Trace {
  if (attention !== undefined) return attention;
  throw new Error(
    `${model}: ${text === '' ? 'its answer has no word' : 'it has no attention'}: there is nothing to draw`,
  );
}
