/**
 * Makes somebody's words safe to stand in a Markdown document: they show as they are and never become markup, a link or HTML, in
 * CommonMark, in GitHub's dialect and in Pandoc's.
 */

/** Invisible and never spoken or typed on purpose; some of them could reorder or hide what stands beside them. */
const CONTROLS = /[\0-\x08\v\f\x0E-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

/** Lines stay lines (hard breaks); an empty one does not begin a new paragraph. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(CONTROLS, '')
    .split(/[\n\r\u2028\u2029]+/u)
    .map((line) => escapeLine(line.trim()))
    .filter((line) => line !== '')
    .join('\\\n');
}

/** For a heading or a list item: everything in one line. */
export function escapeMarkdownLine(text: string): string {
  return escapeMarkdown(text).replaceAll('\\\n', ' ');
}

function escapeLine(line: string): string {
  return (
    line
      .replace(/[\\`*_[\]{}#|~^$@]/gu, '\\$&')
      // As references: processors before CommonMark let HTML through behind a backslash.
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // Addresses that would become links by themselves, and emoji by name.
      .replace(/:(?=\/\/|[a-z+-][\w+-]*:)/giu, '\\:')
      .replace(/www\./giu, (www) => `${www.slice(0, -1)}\\.`)
      // What makes a list, a rule, a heading or a table only at the beginning of a line.
      .replace(/^[-+=:]/u, '\\$&')
      .replace(/^(\d+)([.)])/u, '$1\\$2')
  );
}
