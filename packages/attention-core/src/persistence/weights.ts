import * as tf from '@tensorflow/tfjs-core';
import { describe, ModelFileError, quote } from './model-file-error.js';
import type { StoredTensor } from './safetensors.js';

/**
 * Gives every parameter the stored values of its name. Nothing is assigned unless all of them fit.
 *
 * @param parameters a model's variables, by name
 * @param file where the tensors come from, for errors
 * @throws ModelFileError listing the first parameters that are absent, of another shape or type, or too many
 */
export function loadWeights(
  parameters: ReadonlyMap<string, tf.Variable>,
  tensors: ReadonlyMap<string, StoredTensor>,
  file: string,
): void {
  const misfits: string[] = [];
  const fitting: [tf.Variable, StoredTensor][] = [];
  for (const [name, parameter] of parameters) {
    const tensor = tensors.get(name);
    if (!tensor) misfits.push(`${quote(name)} ${describe(parameter.shape)} is not in the file`);
    else if (`${tensor.shape}` !== `${parameter.shape}`) {
      misfits.push(`${quote(name)} is ${describe(tensor.shape)}, the model has ${describe(parameter.shape)}`);
    } else if (typeOf(tensor) !== parameter.dtype) {
      misfits.push(`${quote(name)} is ${tensor.dtype}, the model has ${parameter.dtype}`);
    } else fitting.push([parameter, tensor]);
  }
  for (const [name, { shape }] of tensors) {
    if (!parameters.has(name)) misfits.push(`${quote(name)} ${describe(shape)} is not in the model`);
  }
  if (misfits.length > 0) {
    const more = misfits.length > SHOWN ? ` and ${misfits.length - SHOWN} more` : '';
    const advice = 'Use the config.json and the weights of the same model.';
    throw new ModelFileError(
      file,
      `does not fit the model: ${misfits.slice(0, SHOWN).join('; ')}${more}. ${advice}`,
    );
  }
  tf.tidy(() => {
    const loaded = fitting.map(([, tensor]) => tf.tensor(tensor.values, [...tensor.shape], typeOf(tensor)));
    for (const [index, [parameter]] of fitting.entries()) parameter.assign(loaded[index]!);
  });
}

/**
 * The values of a model's parameters, ready for `encodeSafetensors`.
 *
 * @param dtype how float32 parameters are stored; int32 ones are stored as they are
 */
export function collectWeights(
  parameters: ReadonlyMap<string, tf.Variable>,
  dtype: 'F32' | 'F16',
): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, parameter] of parameters) {
    const shape = [...parameter.shape];
    if (parameter.dtype === 'float32')
      tensors.set(name, { dtype, shape, values: parameter.dataSync<'float32'>() });
    else if (parameter.dtype === 'int32') {
      tensors.set(name, { dtype: 'I32', shape, values: parameter.dataSync<'int32'>() });
    } else
      throw new Error(`Parameter ${quote(name)} is ${parameter.dtype}; float32 and int32 can be stored.`);
  }
  return tensors;
}

const SHOWN = 5;

function typeOf(tensor: StoredTensor): 'float32' | 'int32' {
  return tensor.dtype === 'I32' ? 'int32' : 'float32';
}
