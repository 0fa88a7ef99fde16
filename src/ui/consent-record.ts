import type { LocalGuide } from '../interview/guide.js';
import type { ConsentRecord } from '../session/session-options.js';
import { InterviewError } from '../errors.js';

/**
 * The text that a participant agreed to, as it was shown: disclosure, consent text and the labels of the items, in this order,
 * separated by an empty line. Its SHA-256 is `textHash` of the consent record.
 */
export function consentText({ disclosure, consent }: Pick<LocalGuide, 'disclosure' | 'consent'>): string {
  return [disclosure, consent?.text, ...(consent?.items.map(({ label }) => label) ?? [])]
    .filter((part) => part !== undefined && part !== '')
    .join('\n\n');
}

/**
 * @throws InterviewError `unsupported-browser` where there is no `crypto.subtle`: pages that are neither https nor on this machine.
 */
export async function consentRecord(
  guide: Pick<LocalGuide, 'disclosure' | 'consent' | 'language'>,
  answer: {
    readonly decision: ConsentRecord['decision'];
    /** The ids of the items that were ticked. */
    readonly items: ReadonlySet<string>;
    /** Milliseconds since 1970. */
    readonly decidedAtEpochMs: number;
  },
): Promise<ConsentRecord> {
  return {
    version: guide.consent?.version ?? '',
    language: guide.language,
    textHash: await sha256(consentText(guide)),
    items: Object.fromEntries(
      (guide.consent?.items ?? []).map(({ id }) => [id, answer.items.has(id)] as const),
    ),
    decision: answer.decision,
    decidedAt: new Date(answer.decidedAtEpochMs).toISOString(),
  };
}

async function sha256(text: string): Promise<string> {
  // Undefined on insecure pages, whatever the type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (!subtle)
    throw new InterviewError('unsupported-browser', 'crypto.subtle needs a page served over https');
  const digest = await subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
