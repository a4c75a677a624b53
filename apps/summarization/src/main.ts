import { type DemoOptions, demoCommand, draw, keepTraces, runDemo, startDemo } from '@heed/cli/demo';
import { longestCopiedRun, measureCopying } from '@heed/evaluation';
import { Summarizer } from '@heed/summarization';
import type { AttentionTrace } from '@heed/visualization';

const MODEL = '@heed/summarization-arxiv';
const ARTICLES = [
  'Recurrent networks read long documents word by word and forget how they began. We propose a network that keeps a small ' +
    'memory of sentences and learns which of them to read again. On two data sets of long documents it answers questions ' +
    'more accurately than networks without such a memory, and it shows which sentences an answer rests on.',
  'Mobile robots in warehouses must plan paths that do not collide. We present a distributed algorithm in which every robot ' +
    'plans alone and negotiates with its neighbours where paths cross. Simulations with up to five hundred robots show ' +
    'that paths are almost as short as those of a central planner, at a fraction of its running time.',
  'Spelling errors in queries lower the quality of search engines. This paper studies how users of a library catalogue ' +
    'correct their own queries and uses these corrections to train a spelling corrector without any labelled data. The ' +
    'corrector is small enough to run in a browser.',
];

/** What of a headline stands in its article word for word. */
function copied(headline: string, article: string): string {
  const [words] = measureCopying([headline], [article]).overlap as [number];
  const run = longestCopiedRun(headline, article).tokens;
  return `${words.toFixed(0)} % of its words are the article's${
    run.length > 1 ? `; copied in one piece: "${run.join(' ')}"` : ''
  }`;
}

async function demo(inputs: readonly string[], { model, out }: DemoOptions): Promise<void> {
  await startDemo();
  const summarizer = await Summarizer.load(model ?? MODEL);
  const traces: AttentionTrace[] = [];
  for (const article of inputs.length > 0 ? inputs : ARTICLES) {
    const { text, attention } = await summarizer.summarize(article);
    if (text === '') {
      console.log(`\n${JSON.stringify(article)} has no word to make a headline of.`);
      continue;
    }
    console.log(`\n${article}\n→ ${text}\n  (${copied(text, article)})`);
    if (!attention) continue;
    console.log(`\n${draw(attention)}`);
    traces.push(attention);
  }
  summarizer.dispose();
  await keepTraces(out, traces, { picture: 'headline', page: 'headlines' });
}

runDemo(
  demoCommand(
    'demo:summary',
    'summarization',
    'Write a headline for each article, and show where its words came from.',
    ['"Your article, in quotes."', '"Your article." --model runs/headlines'],
  )
    .argument('[article...]', 'each in quotes (default: a few abstracts that come with it)')
    .action(demo),
);
