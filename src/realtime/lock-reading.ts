/** Narrow readers for what a server sends: anything may come, nothing throws. */

export function field(value: unknown, name: string): unknown {
  // `Object` makes something to look into of everything, also of null.
  return (Object(value) as Readonly<Record<string, unknown>>)[name];
}

/** A string that says something. */
export function text(value: unknown, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === 'string' && found ? found : undefined;
}

/** What is no list is an empty one. */
export function list(value: unknown, name: string): readonly unknown[] {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
}

/** Out of band, as parameters (`conversation: 'none'`) or as a response (`conversation_id: null`). */
export function isOutOfBand(value: unknown): boolean {
  return field(value, 'conversation') === 'none' || field(value, 'conversation_id') === null;
}

/** A response that lists its output, and there is neither speech nor a call in it. */
export function isEmpty(response: unknown): boolean {
  const output = list(response, 'output');
  return (
    output === field(response, 'output') &&
    !output.some((item) => list(item, 'content')[0] || text(item, 'type')?.includes('call'))
  );
}
