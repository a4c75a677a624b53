import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LayerArgs, LayerCallOptions, Shape } from './layer-call.js';

interface MaskLayerArgs extends LayerArgs {
  /** Whether what it is applied to has a mask. */
  readonly masked: boolean;
}

/** The mask of [B, T, ...] as numbers [B, T]: 1 where there is something. */
class MaskLayer extends layers.Layer {
  /** @nocollapse */
  static className = 'HeedMask';
  private readonly masked: boolean;

  constructor({ masked, ...args }: MaskLayerArgs) {
    super(args);
    this.masked = masked;
    this.supportsMasking = true;
  }

  override call(inputs: Tensor | Tensor[], { mask }: LayerCallOptions = {}): Tensor {
    const [batch, length] = ((Array.isArray(inputs) ? inputs[0] : inputs) as Tensor).shape;
    const given = Array.isArray(mask) ? mask[0] : mask;
    return tf.tidy(() =>
      this.masked && given
        ? tf.reshape(tf.cast(given, 'float32'), [batch as number, length as number])
        : tf.ones([batch as number, length as number]),
    );
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return (inputShape as Shape).slice(0, 2);
  }

  override computeMask(): Tensor {
    return null as unknown as Tensor;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), masked: this.masked };
  }
}

tf.serialization.registerClass(MaskLayer);

/**
 * The mask of an input, [B, T], as an input of its own: a model gives its layers the first input's mask alone, and where
 * that has none, perhaps one of another layer's.
 */
export function maskInput(input: SymbolicTensor): SymbolicTensor {
  const masked = tf.tidy(() => standInMask(input, new Map()) !== undefined);
  return new MaskLayer({ masked }).apply(input) as SymbolicTensor;
}

/** What the layers before it make of the masks that they begin with, found out on zeros. @param known of earlier ones */
function standInMask(of: SymbolicTensor, known: Map<SymbolicTensor, Tensor | undefined>): Tensor | undefined {
  if (known.has(of)) return known.get(of);
  const { sourceLayer, inputs } = of;
  if (inputs.length === 0 || !sourceLayer.supportsMasking) return undefined;
  const masks = inputs.map((input) => standInMask(input, known) ?? null) as Tensor[];
  const values = inputs.map(({ shape, dtype }) =>
    tf.zeros(
      shape.map((size) => size ?? 1),
      dtype,
    ),
  );
  const [mask] = [sourceLayer.computeMask(values, masks)].flat();
  known.set(of, mask ?? undefined);
  return mask ?? undefined;
}

export const isSymbolic = (inputs: unknown): inputs is SymbolicTensor | SymbolicTensor[] =>
  [inputs].flat()[0] instanceof SymbolicTensor;
