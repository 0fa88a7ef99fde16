import { readFileSync } from 'node:fs';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The block of code after `<!-- example: name -->` in the README, with some of its words replaced. */
export function readmeExample(name: string, replacements: Readonly<Record<string, string>> = {}): string {
  const found = new RegExp(`<!-- example: ${name} -->\\s*\`\`\`\\w*\\n([^]*?)\`\`\``).exec(README)?.[1];
  if (found === undefined) throw new Error(`Expected the README to have an example "${name}"`);
  return Object.entries(replacements).reduce((code, [from, to]) => {
    if (!code.includes(from)) throw new Error(`Expected the example "${name}" to hold ${from}`);
    return code.replaceAll(from, to);
  }, found);
}
