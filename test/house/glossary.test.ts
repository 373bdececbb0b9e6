/** docs/glossary.md: every word that it gives a place stands there, and no word twice. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { budgetOptions } from '../../src/cli/budget-options.ts';
import { designOptions } from '../../src/cli/design-options.ts';
import { flagOf } from '../../src/cli/options.ts';
import { planJsonSchema } from '../../src/plan/index.ts';

const rows = readFileSync('docs/glossary.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| word') && !line.startsWith('| ---'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** Every name of a property, and every word of a kind, in a JSON Schema. */
function namesOf(schema: unknown, into = new Set<string>()): Set<string> {
  if (Array.isArray(schema)) for (const one of schema) namesOf(one, into);
  else if (typeof schema === 'object' && schema !== null) {
    for (const [key, value] of Object.entries(schema)) {
      if (key === 'properties') for (const name of Object.keys(value as object)) into.add(name);
      if (key === 'const' && typeof value === 'string') into.add(value);
      namesOf(value, into);
    }
  }
  return into;
}

const words = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((found) => found[1]!);

describe('the glossary', () => {
  it('has each word once, and says what it is', () => {
    const names = rows.map(([word]) => word!);
    expect(names.length).toBeGreaterThan(15);
    expect(new Set(names).size).toBe(names.length);
    for (const [word, meaning] of rows) expect(meaning!.length, word).toBeGreaterThan(10);
  });

  it('names fields that the plan has', () => {
    const fields = namesOf(JSON.parse(planJsonSchema()));
    for (const [, , plan] of rows) for (const field of words(plan!)) expect(fields, field).toContain(field);
  });

  it('names what the language has', () => {
    const language = ['src/core/design/index.ts', 'src/plan/maker/options.ts', 'src/plan/schema/layer.ts']
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    for (const [, , , own] of rows)
      for (const word of words(own!)) expect(language, word).toMatch(new RegExp(`\\b${word}\\??\\s*[:(]|'${word}'`));
  });

  it('names options that the command line has', () => {
    const flags = [...Object.keys(designOptions), ...Object.keys(budgetOptions)].map(flagOf);
    const classify = readFileSync('docs/command-line.md', 'utf8');
    for (const [, , , , cli] of rows)
      for (const flag of words(cli!)) expect([...flags, ...classify.match(/--[a-z-]+/g)!], flag).toContain(flag);
  });

  it('is followed: no field of the plan is called what the page says a thing is not', () => {
    const fields = [...namesOf(JSON.parse(planJsonSchema()))].map((name) => name.toLowerCase());
    for (const [word, , , , , not] of rows)
      for (const other of not!
        .replace(/\(.*\)/, '')
        .split(',')
        .map((one) => one.trim().replaceAll(' ', '').toLowerCase()))
        if (other !== '' && other !== 'event') expect(fields, `${word}, not ${other}`).not.toContain(other);
  });
});
