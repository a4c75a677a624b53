import {
  buildEmpty,
  collectWeights,
  createDecoder,
  type Decoder,
  Embedding,
  Linear,
  loadWeights,
  Module,
  RecurrentEncoder,
  type StoredTensor,
  sequenceCrossEntropy,
} from '@heed/attention-core';
import { randomSource } from '@heed/backend';
import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { randomTokens, readStored, writeTensors } from './files.js';
import type { SpeechSizes } from './protocol.js';
import { type Prepare, trainingTask } from './training.js';

/** Time first. */
type SpeechBatch = {
  /** [S, B, features] */
  readonly frames: Tensor3D;
  /** [S, B] int32: 1 where there is a frame */
  readonly valid: Tensor2D;
  /** [T, B] int32 */
  readonly inputs: Tensor2D;
  /** [T, B] int32 */
  readonly targets: Tensor2D;
};

/** A recurrent encoder of frames, and a decoder that looks from where it looked last (Chorowski et al. 2015). */
class SpeechModel extends Module {
  private readonly encoder: RecurrentEncoder;
  private readonly target: Embedding;
  private readonly decoder: Decoder;
  private readonly output: Linear;

  constructor(sizes: SpeechSizes, random: () => number) {
    super(random);
    const { features, units, layers, vocabulary, embedding, attention, filters, filterWidth } = sizes;
    const recurrent = { cell: 'lstm', units, bidirectional: false, dropout: 0 } as const;
    this.encoder = this.child(
      'encoder',
      new RecurrentEncoder({ ...recurrent, inputs: features, layers }, random),
    );
    this.target = this.child('embedding', new Embedding(vocabulary, embedding, random));
    this.decoder = this.child(
      'decoder',
      createDecoder(
        'bahdanau',
        {
          ...recurrent,
          embedding,
          layers: 1,
          valueWidth: units,
          encoderUnits: units,
          score: 'location',
          attention,
          location: { filters, width: filterWidth },
        },
        random,
      ),
    );
    this.output = this.child('output', new Linear(embedding, vocabulary, random));
  }

  loss({ frames, valid, inputs, targets }: SpeechBatch): Scalar {
    const [places, batch] = valid.shape;
    const mask = tf.cast(valid, 'bool');
    const encoded = this.encoder.apply(frames, tf.reshape<Rank.R3>(mask, [places, batch, 1]));
    const memory = this.decoder.memory(encoded, tf.transpose(mask, [1, 0]) as Tensor2D);
    const embedded = this.target.lookUp(inputs) as Tensor3D;
    const { hidden, context } = this.decoder.unroll(
      embedded,
      this.decoder.initialState(encoded, memory),
      memory,
    );
    const rows = (tensor: Tensor) =>
      tf.reshape<Rank.R2>(tensor, [inputs.shape[0] * batch, tensor.shape.at(-1) as number]);
    const read = { hidden: rows(hidden), context: rows(context) };
    const logits = this.output.apply(this.decoder.readout(read, rows(embedded)));
    const flat = tf.reshape(targets, [inputs.shape[0] * batch]) as Tensor1D;
    return sequenceCrossEntropy(logits, flat, tf.onesLike(tf.cast(flat, 'float32')));
  }
}

function createBatch(
  { features, batch, target, vocabulary }: SpeechSizes,
  frames: number,
  random: () => number,
): Map<string, StoredTensor> {
  const shape = [frames, batch, features];
  const values = Float32Array.from({ length: frames * batch * features }, () => 2 * random() - 1);
  const valid = new Int32Array(frames * batch).fill(1);
  const tokens = () => randomTokens([target, batch], [0, vocabulary], random);
  return new Map<string, StoredTensor>([
    ['frames', { dtype: 'F32', shape, values }],
    ['valid', { dtype: 'I32', shape: [frames, batch], values: valid }],
    ['inputs', tokens()],
    ['targets', tokens()],
  ]);
}

/** Writes a model's first weights, a batch, and one of another length. */
export async function createSpeech(folder: string, sizes: SpeechSizes): Promise<void> {
  const random = randomSource(1);
  const model = new SpeechModel(sizes, random);
  await writeTensors(folder, 'model', collectWeights(model.namedParameters(), 'F32'));
  await writeTensors(folder, 'batch', createBatch(sizes, sizes.frames, random));
  await writeTensors(folder, 'unseen', createBatch(sizes, sizes.unseenFrames, random));
}

export async function speechTask(folder: string, sizes: SpeechSizes): Promise<Prepare> {
  const model = buildEmpty(() => new SpeechModel(sizes, () => 0.5));
  loadWeights(model.namedParameters(), await readStored(folder, 'model'), folder);
  return trainingTask<SpeechBatch>(
    {
      model,
      sizes: {
        frames: ['S', 'B', sizes.features],
        valid: ['S', 'B'],
        inputs: ['T', 'B'],
        targets: ['T', 'B'],
      },
      loss: (batch) => model.loss(batch),
    },
    folder,
  );
}
