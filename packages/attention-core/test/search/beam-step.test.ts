import { useBackend } from '@heed/backend';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BeamStep } from '../../src/search/beam-step.js';
import { end, exhaustive, RandomModel } from './random-model.js';
import { searchModel } from './search-model.js';

beforeAll(async () => {
  await useBackend();
});

const beamSize = 3;
const options = { beamSize, nBest: 3, lengthPenalty: 1 };
const sentences = [5, 300];
const maximumLength = 5;

async function watched(seed: number) {
  const model = new RandomModel(seed, { endBonus: 1 });
  const steps: BeamStep[] = [];
  const watch = (step: BeamStep) => void steps.push(step);
  const found = await searchModel(model, sentences, maximumLength, options, { watch });
  return { model, steps, found };
}

describe('the steps of a beam search', () => {
  it('are each sentence’s own, in order, and each goes on from the one before', async () => {
    const { model, steps } = await watched(4);
    for (const sentence of sentences.keys()) {
      const own = steps.filter((step) => step.sentence === sentence);
      expect(own.map(({ step }) => step)).toEqual(own.map((_, i) => i + 1));
      let beams = [''];
      for (const { step, growing, ended, dropped } of own) {
        expect(growing.length).toBeLessThanOrEqual(beamSize);
        const all = [...growing, ...ended, ...dropped];
        // Each beam offers its k + 1 best of 4: begin is never generated.
        expect(all).toHaveLength(4 * beams.length);
        for (const { tokens } of all) {
          expect(tokens).toHaveLength(step);
          expect(beams).toContain(tokens.slice(0, -1).join());
        }
        expect(ended.every(({ tokens }) => tokens.at(-1) === end)).toBe(true);
        expect(growing.some(({ tokens }) => tokens.includes(end))).toBe(false);
        const worst = Math.min(...growing.map(({ logProbability }) => logProbability));
        const kept = dropped.filter(({ tokens }) => tokens.at(-1) !== end);
        expect(kept.every(({ logProbability }) => logProbability <= worst)).toBe(true);
        beams = growing.map(({ tokens }) => tokens.join());
      }
    }
    model.dispose();
  });

  it('have the log-probabilities of the model', async () => {
    const { model, steps } = await watched(6);
    const all = sentences.map((sentence) => exhaustive(model, sentence, { maximumLength, lengthPenalty: 0 }));
    let compared = 0;
    for (const { sentence, ended } of steps) {
      for (const { tokens, logProbability } of ended) {
        const same = all[sentence]?.find(
          (found) => found.finished && found.tokens.join() === tokens.slice(0, -1).join(),
        );
        expect(logProbability).toBeCloseTo(same?.logProbability as number, 4);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(3);
    model.dispose();
  });

  it('hold every result, and looking on changes none', async () => {
    const { model, steps, found } = await watched(9);
    expect(await searchModel(model, sentences, maximumLength, options)).toEqual(found);
    for (const [sentence, results] of found.entries()) {
      const own = steps.filter((step) => step.sentence === sentence);
      for (const { tokens, finished } of results) {
        const among = finished ? own.flatMap(({ ended }) => ended) : (own.at(-1)?.growing ?? []);
        const shown = finished ? [...tokens, end] : tokens;
        expect(among.map((candidate) => candidate.tokens)).toContainEqual(shown);
      }
    }
    model.dispose();
  });
});
