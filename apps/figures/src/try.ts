import { mkdirSync, writeFileSync } from 'node:fs';
import { writeFolder } from '@heed/attention-core/node';
import { useBackend } from '@heed/backend';
import { modelFiles } from '@heed/training';
import { syntheticDates, Translator, trainTranslationTokenizer, translationPresets } from '@heed/translation';
import { drawFigures, Materials } from './index.js';
await useBackend();
const pairs = syntheticDates({ count: 60_000, seed: 1 });
const { small } = translationPresets;
mkdirSync('/tmp/figtry/joined', { recursive: true });
for (const decoder of ['bahdanau', 'cho'] as const) {
  const config = { ...small, network: { ...small.network, decoder, embedding: 6, encoderUnits: 5, decoderUnits: 8, attention: 4 }, decoding: { beamSize: 1, lengthPenalty: 0 } };
  const t = Translator.create(config, trainTranslationTokenizer(pairs.slice(0, 200), config.tokenizer), 1);
  await writeFolder(`/tmp/figtry/joined/${decoder}`, { ...modelFiles(t), 'training.json': '{"seed":7}' });
}
writeFileSync('/tmp/figtry/joined/fra.txt', pairs.map(({ source, target }, i) => `${target} ${i}\t${source}`).join('\n'));
await drawFigures({ name: 'joined-length', materials: new Materials({ models: { translation: '/tmp/figtry/joined/bahdanau', 'fixed-vector': '/tmp/figtry/joined/cho' }, data: { tatoeba: '/tmp/figtry/joined/fra.txt' } }), out: '/tmp/figtry/joined', written: console.log, report: console.log, progress: () => {} });
