import { fileDigest, ModelFileError, type ModelSource, readJson, urlSource } from '@heed/attention-core';
import { type Compiled, compile } from '@heed/backend';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig, FeaturesConfig } from './config.js';
import { picturesToTensor } from './image-tensors.js';
import type { Picture } from './picture.js';

/** The file that describes a TensorFlow.js model, beside its weights. */
const TOPOLOGY = 'model.json';

interface Topology {
  readonly format?: string;
  readonly modelTopology: tf.io.ModelArtifacts['modelTopology'];
  readonly weightsManifest: tf.io.WeightsManifestConfig;
}

/** A TensorFlow.js model as far as it is used here. */
interface Network {
  run(images: Tensor4D): Tensor;
  dispose(): void;
}

export interface ExtractorOptions {
  /** Run op by op, without graphs. */
  readonly eager?: boolean;
}

/** Images to feature maps, by a network that somebody else trained. */
export class FeatureExtractor {
  /** Of one image at a time: one graph serves any number of them, and none takes longer than in a batch. */
  private readonly map: ((images: Tensor4D) => Tensor) & Pick<Compiled<() => Tensor>, 'dispose'>;

  private constructor(
    readonly config: FeaturesConfig,
    private readonly network: Network,
    /** SHA-256 over the files of the network, and the node. */
    readonly digest: string,
    eager: boolean,
  ) {
    const map = (images: Tensor4D) => tf.tidy(() => network.run(images));
    this.map = eager ? Object.assign(map, { dispose() {} }) : compile(map);
  }

  /**
   * Loads a TensorFlow.js graph or layers model.
   *
   * @param from the folder or the http(s) URL that holds its model.json, or a source of these files
   * @param config which node to read, and what it reads; the network's name is for messages
   * @throws ModelFileError if a file is missing or damaged, or if it is another network than the configuration's
   */
  static async load(
    from: string | URL | ModelSource,
    config: FeaturesConfig,
    { eager = false }: ExtractorOptions = {},
  ): Promise<FeatureExtractor> {
    const source = typeof from === 'string' || from instanceof URL ? await openSource(from) : from;
    const place = `${source.location}/${TOPOLOGY}`;
    const topology = (await readJson(source, TOPOLOGY)) as Topology;
    if (!topology?.modelTopology || !Array.isArray(topology.weightsManifest)) {
      throw new ModelFileError(
        place,
        'it has no modelTopology and weightsManifest: a model that the TensorFlow.js converter or model.save() wrote is expected',
      );
    }
    const paths = topology.weightsManifest.flatMap(({ paths }) => paths);
    const shards = await Promise.all(paths.map((path) => source.read(path)));
    const digests = await Promise.all([await source.read(TOPOLOGY), ...shards].map(fileDigest));
    const digest = await fileDigest([...digests, config.node].join('\n'));
    if (config.digest !== undefined && config.digest !== digest) {
      throw new ModelFileError(
        place,
        `it is not the network whose features the model was trained on: that is ${config.network}`,
      );
    }
    const artifacts: tf.io.ModelArtifacts = {
      modelTopology: topology.modelTopology,
      weightSpecs: topology.weightsManifest.flatMap(({ weights }) => weights),
      weightData: joined(shards),
    };
    const isLayers = topology.format === 'layers-model' || 'model_config' in topology.modelTopology;
    const network = await (isLayers ? openLayers : openGraph)(artifacts, config, place);
    const extractor = new FeatureExtractor(config, network, digest, eager);
    try {
      await extractor.tryOut(place);
    } catch (error) {
      extractor.dispose();
      throw error;
    }
    return extractor;
  }

  /** What its features depend on beside the picture, as one text. */
  get identity(): string {
    const { imageSize, pixelRange } = this.config;
    return JSON.stringify([this.digest, imageSize, ...pixelRange]);
  }

  /** @returns [pictures, rows · columns, channels], the places row by row: the caller's to dispose */
  extract(pictures: readonly Picture[]): Tensor3D {
    const { imageSize, pixelRange, rows, columns, channels } = this.config;
    return tf.tidy(() => {
      const maps = pictures.map((picture) => this.map(picturesToTensor([picture], imageSize, pixelRange)));
      return tf.reshape(tf.concat(maps), [pictures.length, rows * columns, channels]) as Tensor3D;
    });
  }

  dispose(): void {
    this.map.dispose();
    this.network.dispose();
  }

  /** Runs it once, so that what does not fit is found before anything else is done. */
  private async tryOut(place: string): Promise<void> {
    const { imageSize, node, rows, columns, channels } = this.config;
    const blank = () => this.map(tf.zeros([1, imageSize, imageSize, 3])).shape;
    const shape = await naming(place, () => tf.tidy(blank));
    if (`${shape}` === `${[1, rows, columns, channels]}`) return;
    throw new ModelFileError(
      place,
      `of an image of ${imageSize} x ${imageSize} pixels, ${node} makes [${shape}]; the configuration says ` +
        `[1, ${rows}, ${columns}, ${channels}] (encoder.rows, columns and channels)`,
    );
  }
}

async function openSource(from: string | URL): Promise<ModelSource> {
  if (/^https?:/i.test(`${from}`)) return urlSource(`${from}`.replace(/\/model\.json(?=$|\?)/, ''));
  const { folderSource } = await import('@heed/attention-core/node');
  const source = folderSource(`${from}`.replace(/[\\/]model\.json$/, ''));
  if (await source.has(TOPOLOGY).catch(() => false)) return source;
  throw new ModelFileError(
    `${source.location}/${TOPOLOGY}`,
    'there is no such file. Give the folder or URL of a TensorFlow.js model: its model.json, and its weights beside it',
  );
}

function joined(shards: readonly Uint8Array[]): ArrayBuffer {
  const bytes = new Uint8Array(shards.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const shard of shards) {
    bytes.set(shard, offset);
    offset += shard.length;
  }
  return bytes.buffer;
}

/** What TensorFlow.js says of a model that it cannot use, with the file's name. */
async function naming<T>(place: string, run: () => Promise<T> | T): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new ModelFileError(place, (error as Error).message.split('\n', 1)[0] as string, { cause: error });
  }
}

interface GraphNode {
  readonly op?: string;
  readonly attr?: { readonly shape?: { readonly shape?: { readonly dim?: { size?: string | number }[] } } };
}

/** A graph takes images of the one size that it was trained on; up to a map of features, any other serves as well. */
function freeImageSize(topology: tf.io.ModelArtifacts['modelTopology']): void {
  const { node = [] } = topology as { node?: GraphNode[] };
  for (const { op, attr } of node) {
    const sizes = op === 'Placeholder' ? attr?.shape?.shape?.dim : undefined;
    if (sizes?.length === 4) for (const size of sizes.slice(1, 3)) size.size = -1;
  }
}

async function openGraph(
  artifacts: tf.io.ModelArtifacts,
  { node }: FeaturesConfig,
  place: string,
): Promise<Network> {
  const { loadGraphModel } = await import('@tensorflow/tfjs-converter');
  return naming(place, async () => {
    freeImageSize(artifacts.modelTopology);
    const model = await loadGraphModel(tf.io.fromMemory(artifacts));
    return { run: (images) => model.execute(images, node) as Tensor, dispose: () => model.dispose() };
  });
}

async function openLayers(
  artifacts: tf.io.ModelArtifacts,
  { node }: FeaturesConfig,
  place: string,
): Promise<Network> {
  const { loadLayersModel, model: makeModel } = await import('@tensorflow/tfjs-layers');
  return naming(place, async () => {
    const whole = await loadLayersModel(tf.io.fromMemory(artifacts));
    try {
      const { output } = whole.getLayer(node);
      const part = makeModel({ inputs: whole.inputs, outputs: output });
      return { run: (images) => part.predict(images) as Tensor, dispose: () => void whole.dispose() };
    } catch (error) {
      whole.dispose();
      throw error;
    }
  });
}

export const featuresMissing = (network: string, name: string) =>
  `${name} captions the features of another network: ${network}. Give the folder or URL of its model.json (features, or --features on the command line)`;

/**
 * The network whose features a model captions; `undefined` where it has an encoder of its own.
 *
 * @param features a folder, a URL, or an extractor that is open already
 * @param name what the model is called in messages
 * @throws if the encoder needs features that are not given, or has no use for them
 */
export async function openExtractor(
  encoder: EncoderConfig,
  features: string | URL | ModelSource | FeatureExtractor | undefined,
  name: string,
  options?: ExtractorOptions,
): Promise<FeatureExtractor | undefined> {
  if (encoder.kind === 'convolutional') {
    if (features === undefined) return undefined;
    throw new Error(`${name} has an encoder of its own, and no use for another network's features`);
  }
  if (features === undefined) throw new Error(featuresMissing(encoder.network, name));
  return features instanceof FeatureExtractor ? features : FeatureExtractor.load(features, encoder, options);
}
