import { buildWhole } from '../module.js';
import { unknownName } from '../unknown-name.js';
import { BahdanauDecoder } from './bahdanau-decoder.js';
import { ConditionalDecoder } from './conditional-decoder.js';
import type { Decoder, DecoderOptions } from './decoder.js';
import { FixedVectorDecoder } from './fixed-vector-decoder.js';
import { LuongDecoder } from './luong-decoder.js';

export const decoderKinds = ['bahdanau', 'luong', 'conditional', 'sutskever', 'cho'] as const;
export type DecoderKind = (typeof decoderKinds)[number];

export function createDecoder(kind: DecoderKind, options: DecoderOptions, random: () => number): Decoder {
  return buildWhole(() => build(kind, options, random));
}

function build(kind: DecoderKind, options: DecoderOptions, random: () => number): Decoder {
  switch (kind) {
    case 'bahdanau':
      return new BahdanauDecoder(options, random);
    case 'luong':
      return new LuongDecoder(options, random);
    case 'conditional':
      return new ConditionalDecoder(options, random);
    case 'sutskever':
      return new FixedVectorDecoder(options, random, 'first');
    case 'cho':
      return new FixedVectorDecoder(options, random, 'every');
    default:
      throw unknownName('decoder', kind, decoderKinds);
  }
}
