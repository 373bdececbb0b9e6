/** docs/glossary.md: every word that it gives a place stands there, and no word twice. */
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
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

/** `maxPassSteps`, `pass_steps`: max pass steps, pass steps. */
const partsOf = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

/** Identifiers of a program, and strings that can be one: names of registers, properties and kinds. */
function namesIn(program: string): Set<string> {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, program);
  const names = new Set<string>();
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    const text = scanner.getTokenValue();
    const isName = token === ts.SyntaxKind.Identifier || token === ts.SyntaxKind.PrivateIdentifier;
    if (isName || (token === ts.SyntaxKind.StringLiteral && /^[a-z]\w*$/.test(text))) names.add(text);
  }
  return names;
}

/** Where a name that the page forbids is somebody else's: flags that scripts know, subtraction. */
const others: Readonly<Record<string, (name: string, path: string) => boolean>> = {
  timesteps: (_, path) => path.startsWith('src/cli/'),
  sub: (name, path) => /^(sub(Wrap|Grow)|Sub)$/.test(name) || /^src\/(hdl|golden\/functional)\//.test(path),
};

const filesIn = (folder: string, ending: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => `${folder}/${path}`);

/** Each name in the sources and in the reference core's Verilog, with a file that has it. */
function allNames(): Map<string, string[]> {
  const names = new Map<string, string[]>();
  const add = (name: string, path: string) => names.set(name, [...(names.get(name) ?? []), path]);
  for (const path of filesIn('src', '.ts')) for (const name of namesIn(readFileSync(path, 'utf8'))) add(name, path);
  for (const path of filesIn('generated/digits', '.v')) {
    const text = readFileSync(path, 'utf8').replace(/\/\/.*/g, '');
    for (const name of new Set(text.match(/\b[a-z]\w*/g))) add(name, path);
  }
  return names;
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
    const language = ['src/core/design/types.ts', 'src/plan/maker/options.ts', 'src/plan/schema/layer.ts']
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
    for (const [word, , , , , , not] of rows)
      for (const other of not!
        .replace(/\(.*\)/, '')
        .replace(/`[^`]*`/g, '')
        .split(',')
        .map((one) => one.trim().replaceAll(' ', '').toLowerCase()))
        if (other !== '' && other !== 'event') expect(fields, `${word}, not ${other}`).not.toContain(other);
  });

  describe('and the code', () => {
    const all = [...allNames()].map(([name, paths]) => ({ name, parts: ` ${partsOf(name).join(' ')} `, paths }));
    const forbidden = rows.flatMap(([word, , , , , , not]) => words(not!).map((other) => ({ word: word!, other })));

    it('has the names that the page gives it', () => {
      const known = new Set(all.map(({ name }) => name));
      for (const [, , , , , code] of rows) for (const name of words(code!)) expect(known, name).toContain(name);
    });

    it('finds a second word inside a longer name', () => {
      expect(partsOf('maxPassSteps')).toEqual(['max', 'pass', 'steps']);
      expect(namesIn("m.register('pass_steps', x.passLanes)")).toEqual(
        new Set(['m', 'register', 'pass_steps', 'x', 'passLanes']),
      );
    });

    it.each(forbidden)('never calls $word $other', ({ other }) => {
      const parts = ` ${partsOf(other).join(' ')} `;
      const found = all
        .filter((one) => one.parts.includes(parts))
        .flatMap(({ name, paths }) =>
          paths.filter((path) => !others[other]?.(name, path)).map((path) => `${name} in ${path}`),
        );
      expect(found).toEqual([]);
    });
  });
});
