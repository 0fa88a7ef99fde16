/** What is to be sent next, and when: a fold over what is told, answered and asked for. It sends nothing and keeps nothing. */
import { backOffMs } from '../async/back-off.js';
import type { OutboxEntry } from './outbox.js';

export interface DeliveryPlan {
  /** One a subject. */
  readonly entries: ReadonlyMap<string, OutboxEntry>;
  /** Tries in a row that came to nothing. */
  readonly failures: number;
  /** On the clock; nothing is sent before. */
  readonly notBeforeMs: number;
  /** The host named that time itself: nothing shortens the wait. */
  readonly isAskedToWait: boolean;
}

export type Answer =
  | { readonly type: 'answered'; readonly status: number; readonly retryAfterMs?: number | undefined }
  | { readonly type: 'unreachable' };

export type Step =
  | { readonly type: 'rest' }
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'send'; readonly entry: OutboxEntry };

const BACK_OFF = { firstMs: 1000, maxMs: 60_000 };
/** Longer waits are cut: a host that says a year is not meant. */
const LONGEST_ASKED_MS = 86_400_000;
/** A browser gives all requests that may outlive the page 64 KiB together; a page has others. */
export const KEEPALIVE_BYTES = 56 * 1024;

/** @param stored as an earlier page left them: what was refused then may be taken now */
export function openPlan(stored: readonly OutboxEntry[]): DeliveryPlan {
  const entries = stored.map((entry): [string, OutboxEntry] => [
    entry.subject,
    entry.state === 'refused' ? { ...entry, state: 'waiting' } : entry,
  ]);
  return { entries: new Map(entries), failures: 0, notBeforeMs: -Infinity, isAskedToWait: false };
}

/** The same plan when this was told already, whether or not it has arrived. */
export function tell(
  plan: DeliveryPlan,
  {
    subject,
    content,
    key,
    write,
  }: {
    readonly subject: string;
    /** What is said, always written the same way. */
    readonly content: string;
    readonly key: () => string;
    readonly write: (key: string, sequence: number) => string;
  },
): DeliveryPlan {
  const known = plan.entries.get(subject);
  const fingerprint = fingerprintOf(content);
  if (known?.fingerprint === fingerprint) return plan;
  const sequence = 1 + Math.max(0, ...Array.from(plan.entries.values(), (entry) => entry.sequence));
  const newKey = key();
  const body = write(newKey, sequence);
  return withEntry(plan, { subject, sequence, key: newKey, fingerprint, state: 'waiting', body });
}

export function nextStep(plan: DeliveryPlan, nowMs: number): Step {
  const [entry] = waiting(plan);
  if (!entry) return { type: 'rest' };
  const ms = plan.notBeforeMs - nowMs;
  return ms > 0 ? { type: 'wait', ms } : { type: 'send', entry };
}

/** In the order of sending. */
export function waiting(plan: DeliveryPlan): OutboxEntry[] {
  return [...plan.entries.values()]
    .filter(({ state }) => state === 'waiting')
    .sort((a, b) => a.sequence - b.sequence);
}

/** What goes out together when the page goes: in order, and as much as a browser carries on for a page that is gone. */
export function parting(plan: DeliveryPlan, nowMs: number): OutboxEntry[] {
  if (plan.isAskedToWait && nowMs < plan.notBeforeMs) return [];
  let left = KEEPALIVE_BYTES;
  return waiting(plan).filter(({ body }) => {
    const bytes = bytesOf(body);
    if (bytes > left) return false;
    left -= bytes;
    return true;
  });
}

export function bytesOf(body: string): number {
  return new TextEncoder().encode(body).length;
}

/** An answer to a message that another took the place of says only that the host answers. */
export function afterAnswer(
  plan: DeliveryPlan,
  { subject, key }: Pick<OutboxEntry, 'subject' | 'key'>,
  answer: Answer,
  { nowMs, random }: { nowMs: number; random: () => number },
): DeliveryPlan {
  const verdict = judge(answer);
  if (verdict === 'again') {
    const failures = plan.failures + 1;
    const askedMs = answer.type === 'answered' ? answer.retryAfterMs : undefined;
    const waitMs = Math.max(
      backOffMs(failures, { ...BACK_OFF, random }),
      Math.min(askedMs ?? 0, LONGEST_ASKED_MS),
    );
    return { ...plan, failures, notBeforeMs: nowMs + waitMs, isAskedToWait: askedMs !== undefined };
  }
  const calm = { ...plan, failures: 0, notBeforeMs: -Infinity, isAskedToWait: false };
  const entry = plan.entries.get(subject);
  // The first answer may have said yes where a second try of the same message is refused.
  if (entry?.key !== key || entry.state === 'delivered') return calm;
  return withEntry(
    calm,
    verdict === 'delivered' ? { ...entry, state: verdict, body: '' } : { ...entry, state: verdict },
  );
}

/** Something changed, so that a try may go well now: the browser is online again, the page is looked at. */
export function tryNow(plan: DeliveryPlan): DeliveryPlan {
  return plan.isAskedToWait ? plan : { ...plan, notBeforeMs: -Infinity };
}

/** A redirection would turn the message into a GET, and a log-in page behind it into a receipt: it is a refusal. */
export function judge(answer: Answer): 'delivered' | 'refused' | 'again' {
  if (answer.type === 'unreachable') return 'again';
  const { status } = answer;
  if (status >= 200 && status < 300) return 'delivered';
  return status === 408 || status === 429 || status >= 500 ? 'again' : 'refused';
}

function withEntry(plan: DeliveryPlan, entry: OutboxEntry): DeliveryPlan {
  return { ...plan, entries: new Map(plan.entries).set(entry.subject, entry) };
}

/** FNV-1a, 32 bits: a receipt keeps no words. */
function fingerprintOf(content: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < content.length; index++) {
    hash = Math.imul(hash ^ content.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
