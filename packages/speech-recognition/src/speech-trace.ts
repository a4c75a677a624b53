import type { Hypothesis } from '@heed/attention-core';
import { type AttentionTrace, mergeTokens, toBase64 } from '@heed/visualization';
import type { FeaturesConfig } from './config.js';
import type { FeatureMatrix } from './features/feature-matrix.js';
import { FRAMES_PER_SECOND, logMel, SILENCE } from './features/log-mel.js';
import type { Recording } from './recording.js';

/** How far below the loudest a spectrogram is drawn, in nepers: 40 dB. */
const RANGE = Math.log(10 ** 4);
const SPACE_SIGN = '▁';

/** The spectrogram of a recording as traces carry it, filled with silence up to so many frames. */
export function spectrogramOf(
  recording: Recording,
  { filters }: FeaturesConfig,
  frames: number,
): NonNullable<AttentionTrace<'audio'>['input']['spectrogram']> {
  const { values } = logMel(recording, filters);
  // Where there is no sound, nothing is loud.
  const loudest = values.reduce((most, value) => Math.max(most, value), SILENCE + RANGE);
  const levels = new Uint8Array(frames * filters);
  levels.set(
    Uint8Array.from(values, (value) => 255 * Math.min(1, Math.max(0, 1 + (value - loudest) / RANGE))),
  );
  return { bins: filters, values: toBase64(levels) };
}

/** A space by itself goes with the character behind it; the others are groups of their own. */
function groupTokens(tokens: readonly string[]): { text: string; tokens: number[] }[] {
  const groups: { text: string; tokens: number[] }[] = [];
  let waiting: number[] = [];
  for (const [i, token] of tokens.entries()) {
    waiting.push(i);
    if (token === SPACE_SIGN && i + 1 < tokens.length) continue;
    groups.push({ text: token.replace(SPACE_SIGN, '') || token, tokens: waiting });
    waiting = [];
  }
  return groups;
}

/**
 * In which frames each symbol was heard.
 *
 * @param hypothesis its weights may be of more places than the recording has
 * @param tokens of the hypothesis
 */
export function speechTrace(
  { weights, score }: Pick<Hypothesis, 'weights' | 'score'>,
  tokens: readonly string[],
  text: string,
  heard: {
    readonly features: Pick<FeatureMatrix, 'frames'>;
    readonly framesPerPlace: number;
    readonly spectrogram?: AttentionTrace<'audio'>['input']['spectrogram'];
    readonly name?: string | undefined;
    readonly model: string;
  },
): AttentionTrace<'audio'> {
  const { framesPerPlace, spectrogram, name } = heard;
  const places = Math.ceil(heard.features.frames / framesPerPlace);
  const groups = groupTokens(tokens);
  return {
    version: 1,
    task: 'speech-recognition',
    input: {
      kind: 'audio',
      seconds: (places * framesPerPlace) / FRAMES_PER_SECOND,
      frames: places,
      ...(spectrogram && { spectrogram }),
      ...(name !== undefined && { name }),
    },
    output: { text, tokens: groups.map((group) => group.text) },
    weights: mergeTokens(
      weights.map((row) => Array.from(row.subarray(0, places))),
      {
        inputs: Array.from({ length: places }, (_, place) => [place]),
        outputs: groups.map((group) => group.tokens),
      },
    ),
    score,
    model: heard.model,
  };
}
