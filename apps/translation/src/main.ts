import { type DemoOptions, demoCommand, draw, keepTraces, runDemo, startDemo } from '@heed/cli/demo';
import { type Translation, Translator } from '@heed/translation';
import type { AttentionTrace } from '@heed/visualization';

const SENTENCES = [
  'Un chien brun court sur la plage.',
  'Une petite fille en robe rouge joue avec un ballon bleu.',
  'Où est la gare la plus proche ?',
  "Je n'ai pas le temps de t'aider aujourd'hui.",
  'Un vieil homme aux cheveux gris, assis sur un banc, lit un journal pendant que des enfants jouent derrière lui.',
];
const MODEL = '@heed/translation-fr-en';

async function demo(inputs: readonly string[], { model, out }: DemoOptions): Promise<void> {
  await startDemo();
  const translator = await Translator.load(model ?? MODEL);
  const traces: AttentionTrace[] = [];
  for (const sentence of inputs.length > 0 ? inputs : SENTENCES) {
    const [[best] = []] = await translator.translate([sentence]);
    const { text, attention } = best as Translation;
    if (text === '') {
      console.log(`\n${JSON.stringify(sentence)} has no word to translate.`);
      continue;
    }
    console.log(`\n${sentence}\n→ ${text}`);
    if (!attention) continue;
    console.log(`\n${draw(attention)}`);
    traces.push(attention);
  }
  translator.dispose();
  await keepTraces(out, traces, { picture: 'alignment', page: 'alignments' });
}

runDemo(
  demoCommand('demo', 'translation', 'Translate French into English, and show which words were looked at.', [
    '"Un chien court sur la plage." "Où est la gare ?"',
    '"Un chien court." --model runs/fr-en --out pictures',
  ])
    .argument('[sentence...]', 'French, each in quotes (default: a few that come with it)')
    .action(demo),
);
