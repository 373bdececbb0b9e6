/** Boards: every folder is whole, its pins are those of the cited files, and its top and constraints belong together. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { boardsPage } from '../../scripts/boards/page.ts';
import { boardsFolder } from '../../src/flow/boards/table.ts';
import {
  type Board,
  type BoardDesign,
  boardConstraints,
  boardDesign,
  boardJsonSchema,
  boardNames,
  boardTable,
  knownBoard,
  readBoard,
} from '../../src/flow/index.ts';
import { smallPlan } from '../sim/small-core.ts';
import { temporaryFolder } from './fakes.ts';

const plan = smallPlan();
const folders = readdirSync(boardsFolder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

/** What the cited files say, word by word. */
const factsSchema = z.strictObject({
  sources: z.record(
    z.string(),
    z.strictObject({ repository: z.string(), commit: z.string().regex(/^[0-9a-f]{40}$/), file: z.string() }),
  ),
  facts: z.record(z.string(), z.strictObject({ words: z.string(), source: z.string() })),
});

function partsOf(folder: string): Board[] {
  return Object.values(boardTable).filter(({ name }) => name === folder || name.startsWith(`${folder}-`));
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return `${(error as Error).message}`;
  }
  return '';
}

const topOf = ({ sources }: BoardDesign) => `${sources.find(({ path }) => path === 'board.v')?.content}`;

describe('folders of boards', () => {
  it.each(folders)('%s: each pin is in the words of the cited file', (folder) => {
    const text = readFileSync(join(boardsFolder, folder, 'facts.json'), 'utf8');
    const { sources, facts } = factsSchema.parse(JSON.parse(text));
    const boards = partsOf(folder);
    expect(boards.length).toBeGreaterThan(0);
    for (const board of boards) {
      const { pins } = board;
      const ports: Record<string, string | undefined> = {
        ...{ clock: pins.clock, serialIn: 'serial_in', serialOut: 'serial_out', button: pins.button?.port },
        ...{ running: pins.running?.port, alarm: pins.alarm?.port },
        ...Object.fromEntries(Object.keys(pins.constants ?? {}).map((port) => [port, port])),
      };
      for (const [role, port] of Object.entries(ports)) {
        if (port === undefined) continue;
        const fact = facts[role];
        expect(fact, `a fact for ${role}`).toBeDefined();
        expect(sources[fact!.source], `the source of ${role}`).toBeDefined();
        expect(fact!.words.split(/[^A-Za-z0-9]+/), `${role} at ${board.places[port]!.pin}`).toContain(
          board.places[port]!.pin,
        );
      }
      const { idcode, device } = board.part;
      if (board.family === 'ecp5' && idcode !== '0x41111043') {
        expect(facts[`idcode ${board.name.slice(folder.length + 1)}`]?.words, device).toContain(idcode);
      }
    }
    // Nothing is cited that is not a pin of the board.
    const used = new Set(['clock', 'serialIn', 'serialOut', 'button', 'running', 'alarm']);
    for (const role of Object.keys(facts)) {
      const known = used.has(role) || role.startsWith('idcode ') || role in (boards[0]!.pins.constants ?? {});
      expect(known, role).toBe(true);
    }
  });

  it.each(boardNames)('%s: top, constraints, clock and line belong together', (name) => {
    const board = knownBoard(name);
    const design = boardDesign({ board, plan });
    const top = topOf(design);
    const head = top.slice(top.indexOf('module board'), top.indexOf(');'));
    const ports = [...head.matchAll(/^\s+(?:input|output) +wire (\w+)/gm)].map(([, port]) => port!);
    expect(ports.sort()).toEqual(Object.keys(board.places).sort());
    const text = boardConstraints(board);
    for (const [port, { pin }] of Object.entries(board.places)) {
      expect(
        text
          .split('\n')
          .filter((line) => new RegExp(`\\b${port}\\b.*\\b${pin}\\b|\\b${pin}\\b.*\\b${port}\\b`).test(line)),
      ).toHaveLength(1);
    }
    const { clockMHz, clocksPerBit } = design;
    expect(Math.abs(clockMHz / board.coreMHz - 1)).toBeLessThan(0.001);
    expect(clocksPerBit).toBeGreaterThanOrEqual(8);
    expect(top.includes(' pll (')).toBe(board.pll !== undefined);
    expect(board.flash[0]!.length).toBeGreaterThan(0);
    if (board.pins.button) expect(top).toMatch(new RegExp(`rst_asserted = .*${board.pins.button.port}`));
  });

  it('docs/boards.md has the table of today', () => {
    const page = readFileSync(join(boardsFolder, '..', 'docs', 'boards.md'), 'utf8');
    expect(page, 'npx tsx scripts/write-boards.ts').toBe(boardsPage());
  });

  it('the published schema is that of the reader', () => {
    const kept = JSON.parse(readFileSync(join(boardsFolder, 'board.schema.json'), 'utf8'));
    expect(kept, 'npx tsx scripts/write-boards.ts').toEqual(JSON.parse(JSON.stringify(boardJsonSchema())));
  });
});

describe('a board of your own', () => {
  const base = JSON.parse(readFileSync(join(boardsFolder, 'icebreaker', 'board.json'), 'utf8'));
  const written = (change: object, more: Readonly<Record<string, string>> = {}) => {
    const folder = temporaryFolder();
    for (const [name, text] of Object.entries(more)) writeFileSync(join(folder, name), text);
    const path = join(folder, 'bench.json');
    writeFileSync(path, JSON.stringify({ ...base, ...change }));
    return path;
  };

  it('is read from anywhere, with lines of constraints and a top of its own', () => {
    const path = written(
      { title: 'My bench', top: 'top.v', constraints: 'more.pcf' },
      { 'top.v': 'module board (input wire x);\nendmodule\n', 'more.pcf': 'set_io extra 2\n' },
    );
    const board = readBoard(path);
    expect(board).toMatchObject({ name: 'bench', title: 'My bench' });
    expect(boardConstraints(board)).toContain('set_io extra 2');
    const design = boardDesign({ board, plan });
    expect(topOf(design)).toContain('module board (input wire x);');
    // The link that such a top instantiates is there as well.
    expect(design.sources.map(({ path: file }) => file)).toContain(`${plan.name}_link.v`);
  });

  it('comes with several parts', () => {
    const { part, capacity } = base;
    const path = written({
      part: undefined,
      variants: { a: { title: 'A', part, capacity }, b: { title: 'B', part, capacity } },
    });
    expect(readBoard(`${path}:b`)).toMatchObject({ name: 'bench-b', title: 'B' });
    expect(messageOf(() => readBoard(path))).toContain('the board comes with several parts');
    expect(messageOf(() => readBoard(`${path}:c`))).toContain('the board does not come with this part');
  });

  it('has a name of its own for hosts, however it is called', () => {
    const known = boardNames.map((name) => knownBoard(name).code);
    expect(known).toEqual(boardNames);
    expect(known.filter((code) => !/^[!-~]{1,16}$/.test(code))).toEqual([]);
    const named = (folder: string, change: object) => {
      const directory = join(temporaryFolder(), folder);
      mkdirSync(directory);
      writeFileSync(join(directory, 'board.json'), JSON.stringify({ ...base, ...change }));
      return readBoard(join(directory, 'board.json')).code;
    };
    expect(named('bench', {})).toBe('bench');
    // The same board elsewhere, and one with other pins.
    expect(named('icebreaker', {})).toBe('icebreaker');
    expect(named('icebreaker', { button: { pin: '19' } })).toMatch(/^icebreake-[0-9a-f]{6}$|^icebreak-[0-9a-f]{6}$/);
    const long = ['left', 'right'].map((end) => named(`a-name-that-is-long-${end}`, {}));
    expect(new Set(long).size).toBe(2);
    for (const code of long) expect(code).toMatch(/^a-name-th-[0-9a-f]{6}$|^a-name-t[-a-z]*-[0-9a-f]{6}$/);
  });

  it.each([
    ['a pin twice', { button: { pin: '6' } }, 'two ports of the board share a pin or a name'],
    ['an unknown key', { colour: 'red' }, 'Unrecognized key: "colour"'],
    ['no part', { part: undefined }, '`part` and `capacity`, or `variants` that have them'],
    ['a name for a pin', { button: { pin: 'button' } }, 'expected a pin of the package'],
    ['a missing file', { top: 'none.v' }, "the board's top cannot be read"],
  ])('is refused with %s', (_, change, message) => {
    const path = written(change);
    expect(messageOf(() => readBoard(path))).toContain(message);
  });

  it('is refused when it is not there, or not JSON', () => {
    expect(messageOf(() => readBoard('/nowhere/board.json'))).toContain('the file of the board cannot be read');
    const path = join(temporaryFolder(), 'board.json');
    writeFileSync(path, '{');
    expect(messageOf(() => readBoard(path))).toContain('the file of the board is not JSON');
  });
});
