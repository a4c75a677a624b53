import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataId, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { GraphDefinition } from './definition.js';
import { serializeSavedModel } from './serialize.js';

export interface OpAttributeInput {
  name: string;
  type: number;
  value: unknown;
}

export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** The part of tfjs-node's native binding that graphs need. */
export interface Binding {
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(id: number, inputs: number[], inputNames: string, outputNames: string): TensorMetadata[];
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
}

/** tfjs-node's backend, with the methods that it keeps to itself. */
export interface NodeBackend {
  readonly binding: Binding;
  executeSingleOutput(name: string, attributes: OpAttributeInput[], inputs: TensorInfo[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: OpAttributeInput[],
    inputs: TensorInfo[],
    outputs: number,
  ): Tensor[];
  readSync(dataId: DataId): ArrayLike<number>;
  /** How many tensors have this value. */
  refCount(dataId: DataId): number;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  createOutputTensor(metadata: TensorMetadata): Tensor;
}

const PREFIX = 'heed-graph-';
let swept = false;

/** Removes what a process that died while loading a graph left behind. */
function sweep(): void {
  if (swept) return;
  swept = true;
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(/^heed-graph-(\d+)-/.exec(name)?.[1]);
    if (!owner || isRunning(owner)) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's stays.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** A graph loaded into a TensorFlow session. */
export class Session {
  private readonly id: number;

  constructor(
    private readonly backend: NodeBackend,
    graph: GraphDefinition,
  ) {
    sweep();
    const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
    try {
      writeFileSync(join(folder, 'saved_model.pb'), serializeSavedModel(graph));
      this.id = backend.binding.loadSavedModel(folder, 'serve');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Inputs must fit their placeholders: a run that fails leaks them in tfjs-node. */
  run(inputs: readonly Tensor[], inputNames: readonly string[], outputNames: readonly string[]): Tensor[] {
    const { backend } = this;
    return backend.binding
      .runSavedModel(this.id, backend.getInputTensorIds(inputs), inputNames.join(','), outputNames.join(','))
      .map((metadata) => backend.createOutputTensor(metadata));
  }

  dispose(): void {
    this.backend.binding.deleteSavedModel(this.id);
  }
}
