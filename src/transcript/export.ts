import { unreachable } from '../async/state-table.js';
import type { Turn } from '../turn.js';
import type { ExportTitles } from './export-markdown.js';
import type { InterviewRecord } from './transcript-store.js';

/** The transcript as a file to give to somebody. What writes the format is loaded when it is first asked for. */
export async function exportTranscript(
  format: 'json' | 'markdown',
  record: InterviewRecord,
  turns: readonly Turn[],
  titles: ExportTitles = {},
): Promise<File> {
  const name = fileName(record);
  switch (format) {
    case 'json': {
      const { exportJson } = await import('./export-json.js');
      return new File([exportJson(record, turns)], `${name}.json`, { type: 'application/json' });
    }
    case 'markdown': {
      const { exportMarkdown } = await import('./export-markdown.js');
      return new File([exportMarkdown(record, turns, titles)], `${name}.md`, { type: 'text/markdown' });
    }
    default:
      return unreachable(format);
  }
}

/** Letters of every language, digits and dashes: a name that every file system takes. */
function fileName({ guideId, participant, originEpochMs }: InterviewRecord): string {
  const day = originEpochMs === undefined ? undefined : new Date(originEpochMs).toISOString().slice(0, 10);
  const name = [guideId, participant, day].filter((part) => part !== undefined).join('-');
  return (
    name
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 100) || 'interview'
  );
}
