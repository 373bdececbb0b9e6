/** The commands that the documentation shows. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ShellBlock {
  readonly file: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  readonly when: string;
  /** What Python must be able to import for it. */
  readonly modules: readonly string[];
  readonly script: string;
}

export function documents(): string[] {
  const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', 'ARCHITECTURE.md', ...pages.sort().map((name) => `docs/${name}`)];
}

/** The fenced `sh` blocks of a document; the word after `sh` says when they are run. */
export function shellBlocks(file: string, text = readFileSync(join(root, file), 'utf8')): ShellBlock[] {
  const blocks: ShellBlock[] = [];
  let open: { info: string; line: number; content: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^\s*```(.*)$/.exec(line);
    if (fence === null) {
      open?.content.push(line);
    } else if (open === undefined) {
      open = { info: fence[1]!.trim(), line: index + 1, content: [] };
    } else {
      const [language, when = 'test', ...modules] = open.info.split(/\s+/);
      if (language === 'sh') blocks.push({ file, line: open.line, when, modules, script: open.content.join('\n') });
      open = undefined;
    }
  }
  return blocks;
}
