import { unreachable } from '../async/state-table.js';

/** What is read of a valibot schema: the kinds that server events are made of. */
type Shape =
  | { readonly type: 'string' }
  | { readonly type: 'number' }
  /** Of anything: it only may be there or not. */
  | { readonly type: 'optional'; readonly wrapped: { readonly type: 'unknown' } }
  | { readonly type: 'nullish'; readonly wrapped: Shape }
  | { readonly type: 'array'; readonly item: Shape }
  | { readonly type: 'record'; readonly value: Shape }
  | { readonly type: 'object'; readonly entries: Readonly<Record<string, Shape>> };

type Check = (value: unknown) => boolean;

/**
 * The same question that valibot answers, without its copies and paths: those take longer than everything else that happens to an
 * event. What passes here passes there; with the rest valibot decides, and says what is wrong.
 */
export function checkOf(shape: Shape): Check {
  switch (shape.type) {
    case 'optional':
      return () => true;
    case 'nullish': {
      const check = checkOf(shape.wrapped);
      return (value) => value === undefined || value === null || check(value);
    }
    case 'array': {
      const check = checkOf(shape.item);
      return (value) => Array.isArray(value) && value.every(check);
    }
    case 'record': {
      const check = checkOf(shape.value);
      return (value) => isObject(value) && Object.values(value).every(check);
    }
    case 'object': {
      const fields = Object.entries(shape.entries).map(([key, entry]) => fieldOf(key, entry));
      return (value) => {
        if (!isObject(value)) return false;
        for (const { key, isNeeded, isText, check } of fields) {
          const found = value[key];
          if (found === undefined || found === null) {
            if (isNeeded) return false;
          } else if (isText ? !isString(found) : !check(found)) return false;
        }
        return true;
      };
    }
    case 'string':
      return isString;
    case 'number':
      return isNumber;
    default:
      return unreachable(shape);
  }
}

/** Most fields are texts, and may be missing: these two questions are answered on the spot. */
function fieldOf(key: string, entry: Shape) {
  const isNeeded = entry.type !== 'nullish' && entry.type !== 'optional';
  const shape = entry.type === 'nullish' ? entry.wrapped : entry;
  return { key, isNeeded, isText: shape.type === 'string', check: checkOf(shape) };
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

/** Valibot takes NaN for none. */
function isNumber(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
