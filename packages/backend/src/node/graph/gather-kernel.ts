import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { DataType } from './definition.js';
import type { NodeBackend } from './tensorflow.js';
import { dataTypeOf } from './trace.js';

/**
 * tfjs-node's own kernel reads the indices to check their range, which waits for them and cannot be traced.
 * TensorFlow's op checks the range itself.
 */
export function replaceGatherKernel(backend: NodeBackend): void {
  const { TF_ATTR_INT, TF_ATTR_TYPE } = backend.binding;
  tf.unregisterKernel('GatherV2', 'tensorflow');
  tf.registerKernel({
    kernelName: 'GatherV2',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, indices } = inputs as NamedTensorInfoMap as { x: TensorInfo; indices: TensorInfo };
      const { axis, batchDims } = attrs as unknown as { axis: number; batchDims: number };
      const axisTensor = tf.scalar(axis, 'int32');
      const output = backend.executeSingleOutput(
        'GatherV2',
        [
          { name: 'batch_dims', type: TF_ATTR_INT, value: batchDims },
          { name: 'Tparams', type: TF_ATTR_TYPE, value: dataTypeOf(x) },
          { name: 'Tindices', type: TF_ATTR_TYPE, value: dataTypeOf(indices) },
          { name: 'Taxis', type: TF_ATTR_TYPE, value: DataType.int32 },
        ],
        [x, indices, axisTensor],
      );
      axisTensor.dispose();
      return output;
    },
  });
}
