/** Narrow readers for what a server sends: anything may come, nothing throws. */

/** Any name may be there, and nothing is certain of what it holds. To read on is safe: `event?.response?.id`. */
export type Wild = { readonly [name: string]: Wild } | null | undefined;

/** Whatever it is, it may be read so: also a number has fields, none of which is there. */
export function wild(value: unknown): Wild {
  return value as Wild;
}

/** A string that says something. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value ? value : undefined;
}

/** What is no list is an empty one. */
export function list(value: Wild): readonly Wild[] {
  return Array.isArray(value) ? value : [];
}

/** Out of band, as parameters (`conversation: 'none'`) or as a response (`conversation_id: null`). */
export function isOutOfBand(value: Wild): boolean {
  return text(value?.conversation) === 'none' || value?.conversation_id === null;
}

/** A response that lists its output, and there is neither speech nor a call in it. */
export function isEmpty(response: Wild): boolean {
  const output = response?.output;
  return (
    Array.isArray(output) &&
    !list(output).some((item) => list(item?.content)[0] || text(item?.type)?.includes('call'))
  );
}
