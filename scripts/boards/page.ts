/** docs/boards.md: words of its own, and a table made of the boards' files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boardTable } from '../../src/flow/index.ts';

const begin = '<!-- the table: npx tsx scripts/write-boards.ts -->';
const end = '<!-- end of the table -->';
const root = fileURLToPath(new URL('../../', import.meta.url));

function sourceOf(name: string): string {
  const folder = [name, name.replace(/-[^-]+$/, '')].find((each) => {
    try {
      return readFileSync(join(root, 'boards', each, 'facts.json')).length > 0;
    } catch {
      return false;
    }
  })!;
  const { sources } = JSON.parse(readFileSync(join(root, 'boards', folder, 'facts.json'), 'utf8'));
  const { repository, commit, file } = sources.pins;
  return `[${repository}, ${file.split('/').at(-1)}](https://github.com/${repository}/blob/${commit}/${file})`;
}

function table(): string {
  const rows = Object.values(boardTable).map(
    ({ name, title, family, part, luts, rams, clockMHz, coreMHz, baud, pins, flash }) =>
      [
        `\`${name}\``,
        title,
        `${family}: ${[part.device, part.package].filter(Boolean).join(' ')}`,
        `${luts.toLocaleString('en')}, ${rams}`,
        `${clockMHz} to ${coreMHz}`,
        baud.toLocaleString('en'),
        pins.button ? 'button' : '-',
        flash.map(([program]) => program).join(', '),
        sourceOf(name),
      ].join(' | '),
  );
  const head = 'board | | part | LUTs, RAMs | MHz | baud | reset | flash | pins from';
  const rule = head
    .split('|')
    .map(() => '---')
    .join(' | ');
  return [head, rule, ...rows].map((row) => `| ${row} |`).join('\n');
}

/** The page with its table made again. */
export function boardsPage(): string {
  const text = readFileSync(join(root, 'docs', 'boards.md'), 'utf8');
  const [before, rest = ''] = text.split(begin);
  const [, after = ''] = rest.split(end);
  return `${before}${begin}\n\n${table()}\n\n${end}${after}`;
}
