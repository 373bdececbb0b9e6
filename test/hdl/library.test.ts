/** What the language offers and the core does without: each such thing has its reason here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import * as door from '../../src/hdl/index.ts';

/** For people's own hardware: the core's own streams are buffered as frames, two of them at a time, and have their registers inside the blocks. */
const forUsers: Readonly<Record<string, string>> = {
  streamBuffer: 'cuts the paths of a valid/ready stream; between two blocks of the core stand frames',
  streamFifo: 'words between two rates; the core counts in frames, the link in bytes with credits',
  netlistText: 'shows what became of a description, for tests and for people who wonder',
};

it('every function of the language is used by the core or by another room, or says why it is there', () => {
  const source = fileURLToPath(new URL('../../src', import.meta.url));
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !/^hdl[/\\]/.test(name),
  );
  expect(files.length).toBeGreaterThan(300);
  const text = files.map((name) => readFileSync(join(source, name), 'utf8')).join('\n');
  const idle = Object.entries(door).flatMap(([name, value]) => {
    const isFunction = typeof value === 'function' && !String(value).startsWith('class');
    return isFunction && !new RegExp(`\\b${name}\\b`).test(text) ? [name] : [];
  });
  expect(idle.sort()).toEqual(Object.keys(forUsers).sort());
});
