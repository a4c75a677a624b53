export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/**
 * The first place where two JSON values part, as `config.training.steps: 900, and not 1000`; undefined if they are equal, in
 * whatever order their fields stand.
 */
export function firstDifference(found: unknown, wanted: unknown, path = ''): string | undefined {
  if (!isObject(found) || !isObject(wanted)) {
    return found === wanted
      ? undefined
      : `${path}: ${JSON.stringify(found)}, and not ${JSON.stringify(wanted)}`;
  }
  for (const name of new Set([...Object.keys(found), ...Object.keys(wanted)])) {
    const difference = firstDifference(found[name], wanted[name], path === '' ? name : `${path}.${name}`);
    if (difference) return difference;
  }
  return undefined;
}
