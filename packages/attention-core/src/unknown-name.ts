/** What a name that is none of `names` is answered with. */
export const unknownName = (what: string, given: string, names: readonly string[]): Error =>
  new Error(`there is no ${what} ${JSON.stringify(given)}: expected ${names.join(', ')}`);
