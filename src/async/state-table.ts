/** Allowed moves, beside the type: `const NEXT = { idle: ['requested'], … } satisfies StateTable<Status>`. */
export type StateTable<Status extends string> = Readonly<Record<Status, readonly Status[]>>;

/** @throws RangeError for a move that is not in the table: a bug of ours, never something that a server or a person did. */
export function assertMove<Status extends string>(table: StateTable<Status>, from: Status, to: Status): void {
  if (!table[from].includes(to)) {
    throw new RangeError(`Expected one of [${table[from].join(', ')}] after "${from}", got "${to}"`);
  }
}

/** For the end of a switch over a union: the compiler finds what it forgot. */
export function unreachable(value: never): never {
  throw new RangeError(`Unexpected value: ${String(value)}`);
}
