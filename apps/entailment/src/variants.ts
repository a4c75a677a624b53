import { type EntailmentConfig, entailmentPresets, parseEntailmentConfig } from '@heed/entailment';

/** The rows of the table, in the papers' order, and the presets whose switches make them. */
const presets = {
  lstms: 'rocktaschel2016-lstms',
  'lstms-two-way': 'rocktaschel2016-lstms-two-way',
  conditional: 'rocktaschel2016-conditional',
  'conditional-two-way': 'rocktaschel2016-conditional-two-way',
  attention: 'rocktaschel2016-attention',
  'attention-two-way': 'rocktaschel2016-attention-two-way',
  'word-by-word': 'rocktaschel2016-word-by-word',
  'word-by-word-two-way': 'rocktaschel2016-word-by-word-two-way',
  'match-lstm': 'match-lstm',
} as const;
export type Variant = keyof typeof presets;

export const variants = Object.keys(presets) as readonly Variant[];

/** The configuration with the switches of a variant, and all else as it is. @throws naming a field that does not go with them */
export function configOf(variant: Variant, base: EntailmentConfig): EntailmentConfig {
  const { encoding, attention, twoWay } = entailmentPresets[presets[variant]].network;
  const network = { ...base.network, encoding, attention, twoWay };
  return parseEntailmentConfig({ ...base, network }, `the variant ${variant}`);
}
