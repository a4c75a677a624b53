import { draw, keepTraces, runDemo, startDemo } from '@heed/cli/demo';
import { Translator } from '@heed/translation';
import type { AttentionTrace } from '@heed/visualization';

const SENTENCES = [
  'Un chien brun court sur la plage.',
  'Une petite fille en robe rouge joue avec un ballon bleu.',
  'Où est la gare la plus proche ?',
  "Je n'ai pas le temps de t'aider aujourd'hui.",
  'Un vieil homme aux cheveux gris, assis sur un banc, lit un journal pendant que des enfants jouent derrière lui.',
];
const MODEL = process.env.HEED_MODEL ?? '@heed/translation-fr-en';

async function demo(sentences: readonly string[]): Promise<void> {
  await startDemo();
  const translator = await Translator.load(MODEL);
  const traces: AttentionTrace[] = [];
  for (const sentence of sentences) {
    const translation = (await translator.translate([sentence]))[0]?.[0];
    if (!translation?.attention) {
      console.log(`\n${JSON.stringify(sentence)} has no word to translate.`);
      continue;
    }
    const { attention } = translation;
    console.log(`\n${sentence}\n→ ${translation.text}\n\n${draw(attention)}`);
    traces.push(attention);
  }
  await keepTraces('translation', traces, { picture: 'alignment', page: 'alignments' });
}

const given = process.argv.slice(2);
runDemo(() => demo(given.length > 0 ? given : SENTENCES));
