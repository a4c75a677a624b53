/** This package's version, as it stands in every signature; a test holds it to package.json. */
export const VERSION = '0.1.0';

/** What a signature says of a bootstrap: how many resamples, from which seed. */
export interface BootstrapSignature {
  samples: number;
  seed: number;
}

export type SignatureFields = Readonly<Record<string, string | number>>;

/**
 * A signature in sacrebleu's form, its fields in sacrebleu's order; `nrefs:var` if some sentences have fewer
 * references than others. Where sacrebleu writes its own version, `version:heed-` and this package's version
 * stand, so that nobody takes one program's number for the other's.
 */
export function formatSignature(
  references: readonly (readonly unknown[])[],
  fields: SignatureFields,
  bootstrap?: BootstrapSignature,
): string {
  return joinFields({
    nrefs: references.some((set) => set.includes(undefined)) ? 'var' : references.length,
    ...(bootstrap && { bs: bootstrap.samples, seed: bootstrap.seed }),
    ...fields,
  });
}

/** The same form for what is not measured against reference texts. */
export function joinFields(fields: SignatureFields): string {
  return Object.entries({ ...fields, version: `heed-${VERSION}` })
    .map(([name, value]) => `${name}:${value}`)
    .join('|');
}
