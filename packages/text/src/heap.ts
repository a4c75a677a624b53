/** Binary heap: `pop` gives the item that comes first under `compare`. */
export class Heap<T> {
  private readonly items: T[] = [];

  constructor(private readonly compare: (a: T, b: T) => number) {}

  get size(): number {
    return this.items.length;
  }

  push(item: T): void {
    const { items, compare } = this;
    let child = items.length;
    items.push(item);
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (compare(item, items[parent]!) >= 0) break;
      items[child] = items[parent]!;
      child = parent;
    }
    items[child] = item;
  }

  /** The first item, or undefined when the heap is empty. */
  pop(): T | undefined {
    const { items, compare } = this;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return first;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && compare(items[child + 1]!, items[child]!) < 0) child++;
      if (compare(last, items[child]!) <= 0) break;
      items[parent] = items[child]!;
      parent = child;
    }
    items[parent] = last;
    return first;
  }
}
