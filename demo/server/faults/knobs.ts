/** Reads one value of a query. Throws a `KnobError` that says what was expected. */
type Reader = (text: string) => unknown;

/** How a query may be written: its names, and how the value of each is read. */
export type KnobTable = Readonly<Record<string, Reader>>;

export type Knobs<Table extends KnobTable> = { readonly [Name in keyof Table]?: ReturnType<Table[Name]> };

/** A query that asks for what there is not. Its message is for the page's author. */
export class KnobError extends Error {
  override readonly name = 'KnobError';
}

/**
 * Reads faults out of a query. Each name may come once, and nothing is passed over: who mistypes a fault would wait for it in vain.
 *
 * @param needs names that mean nothing without another one
 * @throws KnobError for the first name or value that does not fit
 */
export function readKnobs<const Table extends KnobTable>(
  table: Table,
  query: URLSearchParams,
  needs: Readonly<Record<string, string>> = {},
): Knobs<Table> {
  const knobs: Partial<Record<string, unknown>> = {};
  for (const [name, text] of query) {
    const read = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!read)
      throw new KnobError(`Unknown fault '${name}'. Known faults are: ${Object.keys(table).join(', ')}.`);
    if (Object.hasOwn(knobs, name)) throw new KnobError(`Fault '${name}' was given twice.`);
    knobs[name] = readOne(name, text, read);
  }
  for (const [name, other] of Object.entries(needs)) {
    if (name in knobs && !(other in knobs))
      throw new KnobError(`Fault '${name}' needs '${other}' beside it.`);
  }
  return knobs as Knobs<Table>;
}

function readOne(name: string, text: string, read: Reader): unknown {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof KnobError)) throw error;
    throw new KnobError(
      `Invalid value '${text.slice(0, 80)}' for fault '${name}': expected ${error.message}.`,
    );
  }
}

export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new KnobError(`an integer from ${String(min)} to ${String(max)}`);
  };
}

/** Present without a value, or with one that says yes. */
export function flag(text: string): true {
  if (text === '' || text === '1' || text === 'true') return true;
  throw new KnobError('no value');
}

/** A code as the provider writes them. */
export function word(text: string): string {
  if (/^[a-z][a-z0-9_.]{0,63}$/.test(text)) return text;
  throw new KnobError('a word such as server_error');
}

/** When a fault happens: once that many events were sent, or that many milliseconds after the start. */
export type Moment = { readonly events: number } | { readonly ms: number };

export function moment(text: string): Moment {
  const [, digits, unit] = /^(\d{1,7})(ms|s)?$/.exec(text) ?? [];
  if (digits === undefined)
    throw new KnobError('a number of events such as 20, or a time such as 500ms or 5s');
  if (unit === undefined) return { events: Number(digits) };
  return { ms: Number(digits) * (unit === 's' ? 1_000 : 1) };
}
