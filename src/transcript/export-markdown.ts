import * as v from 'valibot';
import { isOutage, type Turn } from '../turn.js';
import { escapeMarkdown, escapeMarkdownLine } from './escape-markdown.js';
import type { InterviewRecord } from './transcript-store.js';

/** What the guide calls things; without it their ids stand. */
export interface ExportTitles {
  readonly title?: string;
  readonly sections?: readonly { readonly id: string; readonly title?: string }[];
}

const consentShape = v.object({
  decision: v.string(),
  version: v.optional(v.string()),
  decidedAt: v.optional(v.string()),
  items: v.optional(v.record(v.string(), v.boolean())),
});

/** The interview for people: who said what and when, by the guide's sections. Nothing that was said can become markup. */
export function exportMarkdown(
  record: InterviewRecord,
  turns: readonly Turn[],
  { title = record.guideId, sections = [] }: ExportTitles = {},
): string {
  const lines = [`# ${escapeMarkdownLine(title)}`, ...facts(record)];
  let sectionId: string | undefined;
  for (const turn of turns) {
    if (turn.sectionId !== undefined && turn.sectionId !== sectionId) {
      const { id, title: name = id } = sections.find((one) => one.id === turn.sectionId) ?? {
        id: turn.sectionId,
      };
      lines.push(`## ${escapeMarkdownLine(name)}`);
      sectionId = id;
    }
    if (isOutage(turn)) {
      lines.push(`*(${minutes(turn.startedAtMs)}: the connection was lost${lasted(turn)})*`);
      continue;
    }
    lines.push(
      `**${turn.speaker === 'interviewer' ? 'Interviewer' : 'Participant'}** (${minutes(turn.startedAtMs)}): ${words(turn)}`,
    );
  }
  return `${lines.join('\n\n')}\n`;
}

function facts(record: InterviewRecord): string[] {
  const { originEpochMs, participant, status, endReason } = record;
  const items = [
    originEpochMs !== undefined &&
      `Date: ${new Date(originEpochMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    participant !== undefined && `Participant: ${escapeMarkdownLine(participant)}`,
    consent(record.consent),
    `Interview: ${status}${endReason === undefined ? '' : ` (${escapeMarkdownLine(endReason)})`}`,
  ].filter((item) => item !== false);
  return [items.map((item) => `- ${item}`).join('\n')];
}

function consent(stored: unknown): string {
  const read = v.safeParse(consentShape, stored);
  if (!read.success) return 'Consent: not recorded';
  const { decision, version, decidedAt, items = {} } = read.output;
  const parts = [
    decision,
    version !== undefined && `version ${version}`,
    decidedAt,
    ...Object.entries(items).map(([id, isGiven]) => `${id}: ${isGiven ? 'yes' : 'no'}`),
  ].filter((part) => part !== undefined && part !== false);
  return `Consent: ${escapeMarkdownLine(parts.join(', '))}`;
}

function words(turn: Turn): string {
  if (turn.interruptedBy !== undefined) {
    const heard = escapeMarkdown(turn.heard ?? '');
    return `${heard === '' ? '' : `${heard} `}*(interrupted by the ${turn.interruptedBy}${heard === '' ? ' before a word was heard' : ''})*`;
  }
  const text = escapeMarkdown(turn.text);
  if (text === '') return '*(not transcribed)*';
  return turn.status === 'final' ? text : `${text} *(incomplete)*`;
}

function minutes(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const pad = (part: number): string => String(part).padStart(2, '0');
  return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}

function lasted({ startedAtMs, endedAtMs }: Turn): string {
  return endedAtMs === undefined ? '' : ` for ${Math.max(1, Math.round((endedAtMs - startedAtMs) / 1000))} s`;
}
