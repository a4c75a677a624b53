/** This package's version, as it stands in every signature; a test holds it to package.json. */
export const VERSION = '0.1.0';

/** What a signature says of a bootstrap: how many resamples, from which seed. */
export interface BootstrapSignature {
  samples: number;
  seed: number;
}

/**
 * A signature in sacrebleu's form, its fields in sacrebleu's order. Where sacrebleu writes its own version,
 * `version:heed-` and this package's version stand, so that nobody takes one program's number for the other's.
 */
export function formatSignature(
  referenceSets: number,
  fields: Readonly<Record<string, string | number>>,
  bootstrap?: BootstrapSignature,
): string {
  const all = {
    nrefs: referenceSets,
    ...(bootstrap && { bs: bootstrap.samples, seed: bootstrap.seed }),
    ...fields,
    version: `heed-${VERSION}`,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}:${value}`)
    .join('|');
}
