import * as v from 'valibot';
import { RequestError } from './errors.js';

/**
 * Reads data by a schema, or throws the error that the provider would send for its first problem: an unknown field, a missing
 * one, a wrong type, a value out of its list or its range.
 *
 * @param root what the data is called in `param`, such as "session"; '' for a whole event
 */
export function strict<Schema extends v.GenericSchema>(
  schema: Schema,
  data: unknown,
  root = '',
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, data);
  if (result.success) return result.output;
  throw requestError(result.issues[0], root);
}

function requestError(issue: v.BaseIssue<unknown>, root: string): RequestError {
  const param = pathOf(issue, root);
  if (issue.expected === 'never') {
    return new RequestError('unknown_parameter', `Unknown parameter: '${param}'.`, param);
  }
  // A union tells that none fits; the option that got furthest knows why.
  const nested = issue.type === 'union' || issue.type === 'variant' ? deepest(issue) : undefined;
  if (nested) return requestError(nested, param);
  if (issue.received === 'undefined') return RequestError.missing(param);
  if (issue.kind === 'validation') return outOfRange(issue, param);
  if (
    issue.type === 'picklist' ||
    issue.type === 'literal' ||
    issue.type === 'variant' ||
    issue.type === 'union'
  ) {
    const supported = (issue.expected ?? '')
      .replace(/[()]/g, '')
      .replaceAll('"', "'")
      .split(' | ')
      .map((kind) => (kind === 'Object' ? 'an object' : kind));
    return RequestError.invalidValue(
      `Invalid value: ${issue.received.replaceAll('"', "'")}. Supported values are: ${listed(supported)}.`,
      param,
    );
  }
  const expected = (issue.expected ?? 'something else').replace(/^Array$/, 'array').toLowerCase();
  return new RequestError(
    'invalid_type',
    `Invalid type for '${param}': expected ${article(expected)}, but got ${describe(issue.input)} instead.`,
    param,
  );
}

function outOfRange(issue: v.BaseIssue<unknown>, param: string): RequestError {
  const { requirement, input } = issue as { requirement?: unknown; input: unknown };
  const [limit, given] = [String(requirement), String(input)];
  const length = typeof input === 'string' || Array.isArray(input) ? String(input.length) : given;
  switch (issue.type) {
    case 'max_length':
      return Array.isArray(input)
        ? new RequestError(
            'array_above_max_length',
            `Invalid '${param}': array too long. Expected an array with maximum length ${limit}, but got an array with length ${length} instead.`,
            param,
          )
        : new RequestError(
            'string_above_max_length',
            `Invalid '${param}': string too long. Expected a string with maximum length ${limit}, but got a string with length ${length} instead.`,
            param,
          );
    case 'max_value':
      return new RequestError(
        `${numberKind(input)}_above_max_value`,
        `Invalid '${param}': ${numberKind(input)} above maximum value. Expected a value <= ${limit}, but got ${given} instead.`,
        param,
      );
    case 'min_value':
      return new RequestError(
        `${numberKind(input)}_below_min_value`,
        `Invalid '${param}': ${numberKind(input)} below minimum value. Expected a value >= ${limit}, but got ${given} instead.`,
        param,
      );
    case 'integer':
      return new RequestError(
        'invalid_type',
        `Invalid type for '${param}': expected an integer, but got a decimal number instead.`,
        param,
      );
    default:
      return RequestError.invalidValue(`Invalid '${param}': ${issue.message}`, param);
  }
}

function deepest(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown> | undefined {
  const candidates = (issue.issues ?? []).filter(({ path }) => path && path.length > 0);
  return candidates.reduce<v.BaseIssue<unknown> | undefined>(
    (best, next) => ((next.path?.length ?? 0) > (best?.path?.length ?? 0) ? next : best),
    undefined,
  );
}

function pathOf(issue: v.BaseIssue<unknown>, root: string): string {
  let path = root;
  for (const { key } of issue.path ?? []) {
    path += typeof key === 'number' ? `[${String(key)}]` : `${path === '' ? '' : '.'}${String(key)}`;
  }
  return path;
}

function listed(values: readonly string[]): string {
  if (values.length < 2) return values.join('');
  return `${values.slice(0, -1).join(', ')}${values.length > 2 ? ',' : ''} and ${values.at(-1) ?? ''}`;
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

function numberKind(value: unknown): 'integer' | 'decimal' {
  return Number.isInteger(value) ? 'integer' : 'decimal';
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return numberKind(value) === 'integer' ? 'an integer' : 'a decimal number';
  return article(typeof value);
}
