import type { BeamCandidate, BeamStep } from '@heed/attention-core';
import { groupWords } from '@heed/text';
import { Translator } from '@heed/translation';
import type { Inputs, OpenModel, ShownHypothesis, ShownStep } from './answer.js';

/** Of what a step gives up, the best. */
const DROPPED_SHOWN = 5;

export async function openTranslation(url: string): Promise<OpenModel<Inputs['translation']>> {
  const translator = await Translator.load(url);
  const { vocabulary } = translator.tokenizer;
  const { end } = vocabulary.specials;
  const show = ({ tokens, logProbability }: BeamCandidate, answer: readonly string[]): ShownHypothesis => {
    const words = tokens.filter((token) => token !== end);
    const won = words.every((token, i) => vocabulary.tokenOf(token) === answer[i]);
    return { text: translator.tokenizer.decode(words), logProbability, won: won && isWhole(tokens, answer) };
  };
  /** Whether a hypothesis that ended is all of the answer. */
  const isWhole = (tokens: readonly number[], answer: readonly string[]) =>
    tokens.at(-1) !== end || tokens.length === answer.length + 1;
  const showStep = ({ growing, ended, dropped }: BeamStep, answer: readonly string[]): ShownStep => ({
    growing: growing.map((candidate) => show(candidate, answer)),
    ended: ended.map((candidate) => show(candidate, answer)),
    dropped: dropped.slice(0, DROPPED_SHOWN).map((candidate) => show(candidate, answer)),
  });
  return {
    async answer({ text }) {
      const seen: BeamStep[] = [];
      const watch = (step: BeamStep) => void seen.push(step);
      const [[best] = []] = await translator.translate([text], { watch });
      if (!best) throw new Error('there is no translation');
      const steps = seen.map((step) => showStep(step, best.tokens));
      const parts = groupWords(best.tokens).map((word) => word.text);
      const { score, attention } = best;
      return { text: best.text, parts, score, steps, ...(attention && { trace: attention }) };
    },
  };
}
