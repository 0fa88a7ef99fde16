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
      const checks = Object.entries(shape.entries).map(([key, entry]) => ({ key, check: checkOf(entry) }));
      return (value) => {
        if (!isObject(value)) return false;
        for (const { key, check } of checks) if (!check(value[key])) return false;
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
