import {
  type DemoOptions,
  demoCommand,
  draw,
  keepTraces,
  runDemo,
  startDemo,
  UsageError,
} from '@heed/cli/demo';
import { EntailmentClassifier, type SentencePair } from '@heed/entailment';
import type { AttentionTrace } from '@heed/visualization';

const MODEL = '@heed/entailment-sick';
const PAIRS: readonly SentencePair[] = [
  { premise: 'A brown dog is running on the beach', hypothesis: 'An animal is running outdoors' },
  { premise: 'A brown dog is running on the beach', hypothesis: 'A dog is sleeping on the beach' },
  {
    premise: 'Two children are playing in the snow',
    hypothesis: 'There are no children playing in the snow',
  },
  { premise: 'A man is playing a guitar', hypothesis: 'A man is playing a song for his friends' },
  { premise: 'A woman is slicing an onion', hypothesis: 'A person is cutting a vegetable' },
];

/** Sentences as they were given: each second one is the hypothesis to the one before. */
function pairsOf(sentences: readonly string[]): SentencePair[] {
  if (sentences.length % 2 === 1)
    throw new UsageError(`${sentences.length} sentences: give pairs, a premise and a hypothesis each`);
  return Array.from({ length: sentences.length / 2 }, (_, i) => ({
    premise: sentences[2 * i] as string,
    hypothesis: sentences[2 * i + 1] as string,
  }));
}

async function demo(inputs: readonly string[], { model, out }: DemoOptions): Promise<void> {
  const pairs = inputs.length > 0 ? pairsOf(inputs) : PAIRS;
  await startDemo();
  const classifier = await EntailmentClassifier.load(model ?? MODEL);
  const traces: AttentionTrace[] = [];
  for (const { premise, hypothesis } of pairs) {
    const { label, relatedness, trace } = await classifier.classify(premise, hypothesis);
    const related = relatedness === undefined ? '' : `, relatedness ${relatedness.toFixed(1)} of 1 to 5`;
    console.log(`\n${premise}\n${hypothesis}\n→ ${label}${related}${trace ? `\n\n${draw(trace)}` : ''}`);
    if (trace) traces.push(trace);
  }
  classifier.dispose();
  await keepTraces(out, traces, { picture: 'reasoning', page: 'reasonings' });
}

runDemo(
  demoCommand(
    'demo:entailment',
    'entailment',
    'Say what each hypothesis is to its premise, and which words say so.',
    ['"A dog is running." "An animal is moving."', '"A dog runs." "A cat sleeps." --model runs/sick'],
  )
    .argument(
      '[sentence...]',
      'premise and hypothesis by turns, each in quotes (default: a few pairs that come with it)',
    )
    .action(demo),
);
