/**
 * First in, first out, in slots that are there from the beginning: `peek` and `shift` never allocate. `push` doubles the slots
 * when all are taken and never gives them back, so that a steady stream stops growing. Empty slots hold nothing alive.
 */
export class RingBuffer<T> {
  #slots: (T | undefined)[];
  #head = 0;
  #size = 0;

  /** @param capacity how many values fit before the first growth */
  constructor(capacity: number) {
    this.#slots = new Array<T | undefined>(capacity).fill(undefined);
  }

  get size(): number {
    return this.#size;
  }

  get capacity(): number {
    return this.#slots.length;
  }

  push(value: T): void {
    if (this.#size === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.#size) % this.#slots.length] = value;
    this.#size++;
  }

  /** The oldest value, which stays. */
  peek(): T | undefined {
    return this.#slots[this.#head];
  }

  shift(): T | undefined {
    const value = this.#slots[this.#head];
    if (this.#size === 0) return undefined;
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) % this.#slots.length;
    this.#size--;
    return value;
  }

  clear(): void {
    this.#slots.fill(undefined);
    this.#head = 0;
    this.#size = 0;
  }

  #grow(): void {
    const inOrder = [...this.#slots.slice(this.#head), ...this.#slots.slice(0, this.#head)];
    const more = new Array<T | undefined>(Math.max(1, inOrder.length)).fill(undefined);
    this.#slots = [...inOrder, ...more];
    this.#head = 0;
  }
}
