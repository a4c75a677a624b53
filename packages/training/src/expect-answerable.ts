/**
 * @param what an input is called, in messages
 * @param refusalOf why an input cannot be answered; undefined if it can
 * @throws naming the first of the inputs that cannot be answered, by its number, and why
 */
export function expectAnswerable<Input>(
  what: string,
  inputs: readonly Input[],
  refusalOf: (input: Input) => string | undefined,
): void {
  for (const [i, input] of inputs.entries()) {
    const refusal = refusalOf(input);
    if (refusal !== undefined) throw new Error(`${what} ${i + 1}: ${refusal}`);
  }
}
