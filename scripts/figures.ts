/**
 * npm run figures: measures the figures of scripts/figures/table.ts and compares them with generated/figures.json. `-- --accept` writes
 * those that moved; further words choose figures by a part of their name. Exit 1: a figure moved and nobody said that it should.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { checkFailed } from '../src/errors/index.ts';
import { toolsText } from '../src/flow/index.ts';
import {
  acceptFigures,
  compareFigures,
  type Figure,
  type FigureVerdict,
  figureBook,
  textTable,
} from '../src/report/index.ts';
import { measurements } from './figures/table.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = fileURLToPath(new URL('../generated/figures.json', import.meta.url));
const words = process.argv.slice(2).filter((word) => word !== '--accept' && word !== '--');
const accept = process.argv.includes('--accept');
const isWanted = (name: string) => words.length === 0 || words.some((word) => name.includes(word));

async function main(): Promise<number> {
  const book = figureBook.parse(JSON.parse(readFileSync(file, 'utf8')));
  const measured: Record<string, Figure> = {};
  for (const { first, command, tools, figures } of measurements) {
    const wanted = figures.filter(([name]) => isWanted(name));
    if (wanted.length === 0) continue;
    let result: unknown;
    for (const each of first === undefined ? [command] : [first, command]) {
      const { stdout, exitCode } = await execa(process.execPath, ['bin/spinfire.js', ...each, '--json'], {
        cwd: root,
        stderr: 'inherit',
        reject: false,
      });
      if (exitCode !== 0) {
        console.error(checkFailed(`spinfire ${each.join(' ')} failed`, { found: `exit code ${exitCode}` }).report);
        console.error(stdout);
        return 1;
      }
      result = JSON.parse(stdout);
    }
    for (const [name, path, unit] of wanted) {
      const value = at(result, path);
      if (typeof value !== 'number') throw new Error(`${name}: no number at ${path} of spinfire ${command.join(' ')}`);
      measured[name] = { value, unit, tools: namesOf(result, tools) };
    }
  }
  const verdicts = compareFigures(book, measured, isWanted);
  console.log(describe(verdicts));
  const moved = verdicts.filter(({ state }) => state !== 'same');
  if (moved.length === 0) return 0;
  if (accept) {
    writeFileSync(file, `${JSON.stringify(acceptFigures(book, verdicts), undefined, 2)}\n`);
    console.log(`accepted: ${moved.map(({ name }) => name).join(', ')}`);
    return 0;
  }
  console.error(
    checkFailed(`figures moved by more than ${book.tolerance * 100} %`, {
      found: moved.map(({ name, state }) => `${name} (${state})`).join(', '),
      help: 'if they should, npm run figures -- --accept, and commit generated/figures.json',
    }).report,
  );
  return 1;
}

function describe(verdicts: readonly FigureVerdict[]): string {
  return textTable({
    columns: ['figure', 'kept', 'measured', 'unit', 'change', '', 'tools'],
    rows: verdicts.map(({ name, state, kept, measured: now, change }) => [
      name,
      kept === undefined ? '-' : String(rounded(kept.value)),
      now === undefined ? '-' : String(rounded(now.value)),
      now?.unit ?? kept?.unit ?? '',
      change === undefined ? '-' : `${(100 * change).toFixed(2)} %`,
      state,
      now?.tools ?? kept?.tools ?? '',
    ]),
  });
}

const rounded = (value: number) => Number(value.toPrecision(5));

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
      value,
    );
}

function namesOf(result: unknown, tools: string | Readonly<Record<string, string>>): string {
  const versions =
    typeof tools === 'string'
      ? Object.entries(at(result, tools) as object)
      : Object.entries(tools).map(([tool, path]) => [tool, at(result, path)]);
  return toolsText(Object.fromEntries(versions));
}

process.exitCode = await main();
