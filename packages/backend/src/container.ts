import type { Tensor } from '@tensorflow/tfjs-core';

/** A tensor, or arrays and plain objects of tensors, nested to any depth. `undefined` marks an absent part. */
export type TensorTree = Tensor | undefined | readonly TensorTree[] | { readonly [name: string]: TensorTree };

export function isTensor(tree: TensorTree): tree is Tensor {
  return typeof tree === 'object' && 'dataId' in tree;
}

/**
 * The tensors of a tree in a fixed order: arrays by index, objects by the order of their keys.
 *
 * @throws if something else is in it, a number for instance
 */
export function leaves(tree: TensorTree): Tensor[] {
  if (tree === undefined) return [];
  if (typeof tree !== 'object' || tree === null)
    throw new Error(`expected tensors, or arrays and objects of them, got ${typeof tree} ${String(tree)}`);
  if (isTensor(tree)) return [tree];
  return (Array.isArray(tree) ? tree : Object.values(tree)).flatMap(leaves);
}

/** A tree of the same form as `like`, whose tensors are taken from `tensors` in the order of `leaves`. */
export function rebuild<Tree extends TensorTree>(like: Tree, tensors: readonly Tensor[]): Tree {
  let next = 0;
  const build = (tree: TensorTree): TensorTree => {
    if (tree === undefined) return undefined;
    if (isTensor(tree)) return tensors[next++];
    if (Array.isArray(tree)) return tree.map(build);
    return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, build(part)]));
  };
  const tree = build(like);
  if (next !== tensors.length) throw new Error(`expected ${next} tensors, got ${tensors.length}`);
  return tree as Tree;
}

/**
 * The tensors of a tree in the order of another one's, `like`: the keys of its objects may come in any order.
 *
 * @throws if it has another form
 */
export function leavesAs(like: TensorTree, tree: TensorTree): Tensor[] {
  const [wanted, given] = [placed(like), placed(tree)];
  const found = new Map(given);
  if (wanted.length !== given.length || wanted.some(([place]) => !found.has(place)))
    throw new Error(`expected tensors of the form ${form(like)}, got ${form(tree)}`);
  return wanted.map(([place]) => found.get(place) as Tensor);
}

/** The tensors of a tree, each with the keys that lead to it. */
function placed(tree: TensorTree, place = ''): [string, Tensor][] {
  if (tree === undefined) return [];
  if (isTensor(tree)) return [[place, tree]];
  return Object.entries(tree).flatMap(([name, part]) => placed(part, `${place}\0${name}`));
}

/** The form of a tree without its tensors, as text: equal for two trees that `rebuild` alike. */
export function form(tree: TensorTree): string {
  if (tree === undefined) return '-';
  if (isTensor(tree)) return '*';
  if (Array.isArray(tree)) return `[${tree.map(form).join(',')}]`;
  return `{${Object.entries(tree)
    .map(([name, part]) => `${JSON.stringify(name)}:${form(part)}`)
    .join(',')}}`;
}
