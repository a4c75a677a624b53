import { type LearningBudget, learnExamples, learningMechanisms, needleTask } from '@heed/app-benchmarks';
import { renderLineChart } from '@heed/visualization';
import type { Figure } from '../figure.js';

const SEED = 1;
/** Other examples than the training's. */
const TEST_SEED = 2;
const SIZES = { symbols: 16, needles: 5 };
const TRAINED = [20, 100] as const;
const MEASURED = [20, 50, 75, 100, 150, 200, 300, 400];
const BUDGET: LearningBudget = { steps: 300, batch: 32, learningRate: 4e-3, width: 64, heldOut: 256 };
const MECHANISMS = { general: 'attention', 'fixed-vector': 'fixed vector' } as const;

/**
 * How many sequences are given back without any fault by their length, up to four times the greatest in training: what Cho et al.
 * 2014 and Bahdanau et al. 2015 saw in translations, in a task made by code.
 */
export const needle: Figure = {
  name: 'needle',
  async draw(_materials, progress) {
    const { steps, batch, heldOut, width } = BUDGET;
    const examples = needleTask({ ...SIZES, lengths: TRAINED }).data(
      { training: steps * batch, heldOut: 0 },
      SEED,
    );
    const sets = MEASURED.map(
      (length) =>
        needleTask({ ...SIZES, lengths: [length, length] }).data({ training: 0, heldOut }, TEST_SEED).heldOut,
    );
    const lines: { name: string; points: (readonly [number, number])[] }[] = [];
    const rows: Record<string, string | number>[] = [];
    for (const [mechanism, name] of Object.entries(MECHANISMS)) {
      const { shares } = await learnExamples(
        { symbols: SIZES.symbols, training: examples.training, sets },
        learningMechanisms.find((known) => known.name === mechanism)!,
        {
          budget: BUDGET,
          seed: SEED,
          onStep: (step, loss) => progress(`${name}, step ${step} of ${steps}, loss ${loss.toFixed(3)}`),
        },
      );
      const points = MEASURED.map((length, i) => [length, 100 * (shares[i] as number)] as const);
      lines.push({ name, points });
      rows.push(
        ...points.map(([length, share]) => ({
          model: name,
          length,
          sequences: heldOut,
          right: share.toFixed(2),
        })),
      );
    }
    return {
      svg: renderLineChart({
        title: 'Needles found by the length of the haystack',
        x: 'symbols of the source',
        y: 'sequences without any fault, %',
        lines,
      }),
      rows,
      caption:
        `Of a sequence of symbols ${SIZES.needles} are marked, and are to be given back. Both networks (width ${width}) were ` +
        `trained in the same ${steps} steps of ${batch} sequences of ${TRAINED[0]} to ${TRAINED[1]} symbols; a point is the share ` +
        `of ${heldOut} sequences given back without any fault. Data: the task needle, made by code. Models: a bidirectional GRU ` +
        `and a GRU decoder, with general attention or from one vector. Seed: ${SEED}.`,
    };
  },
};
