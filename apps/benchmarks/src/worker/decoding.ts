import { createBeamSearch, type DecoderState, type Memory } from '@heed/attention-core';
import { compile, leaves } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { readBatch } from './files.js';
import type { Decoded, DecodingSizes } from './protocol.js';
import type { Prepare } from './training.js';
import { loadTranslation, specials } from './translation.js';

/** Greedy or beam search, through the calls that `Translator` makes; the value is the best of each sentence. */
export async function decodingTask(folder: string, sizes: DecodingSizes): Promise<Prepare> {
  const model = await loadTranslation(folder, sizes);
  const encode = compile((source: tf.Tensor2D) => tf.tidy(() => model.encode(source)), {
    sizes: [['S', 'B']],
  });
  const { padding, unknown, begin, end } = specials;
  const valueWidth = 2 * sizes.encoderUnits;
  const search = createBeamSearch<DecoderState, Memory>(
    (tokens, state, memory) => model.step(tokens, state, memory),
    {
      begin,
      end,
      forbidden: [padding, unknown],
      beamSize: sizes.beam,
      sizes: {
        state: { recurrent: { hidden: ['B', sizes.decoderUnits] } },
        constants: {
          values: ['B', 'S', valueWidth],
          keys: ['B', 'S', sizes.attention],
          mask: ['B', 'S'],
        },
      },
    },
  );
  return async (name) => {
    const { source } = await readBatch<{ source: tf.Tensor2D }>(folder, name);
    return async () => {
      const encoded = encode(source);
      try {
        const { memory: constants, state } = encoded;
        const found = await search.search({ state, constants, maximumLength: sizes.steps });
        return found.map(([best]): Decoded => {
          const { score, tokens } = best!;
          return sizes.beam === 1 ? { score, tokens } : { score };
        });
      } finally {
        tf.dispose(leaves(encoded));
      }
    };
  };
}
