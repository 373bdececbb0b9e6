/** What tsc says of components: every line marked below is an error of `tsc`, and would be an error here if it were none. */
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import {
  bool,
  clock,
  component,
  flip,
  input,
  output,
  reset,
  sint,
  stream,
  streamBuffer,
  uint,
  vector,
  when,
} from '../../../src/hdl/index.ts';

const lane = (extra: boolean) =>
  component(
    'lane',
    {
      clk: clock(),
      rst: reset(),
      /** the potential is a neuron's */
      draw: input(bool()),
      weights: vector(2, input(sint(8))),
      exit: when(extra, { margin: input(uint(4)), decided: output(bool()) }),
      /** one clock after draw */
      spike: output(bool()),
      words: stream(uint(8)),
    },
    (m, io) => {
      const first: unknown = io.weights[0]?.isNegative();
      // @ts-expect-error a typo
      io.drew;
      // @ts-expect-error only where the condition holds
      io.exit.margin;
      // @ts-expect-error a number is no bool
      m.assign(io.spike, io.weights[0]);
      expect(first).toBeDefined();
    },
  );

// Described by nobody: its types are the test.
const placements = component('outer', { go: input(bool()), w: input(sint(8)) }, (m, io) => {
  const weights = [io.w, 3];
  const placed = m.place('one', lane(true), { draw: io.go, weights, exit: { margin: 3 } });
  m.unused(placed.spike, 'only its type counts');
  // @ts-expect-error a typo in an output
  placed.spoke;
  // @ts-expect-error inputs are not outputs
  placed.draw;
  // @ts-expect-error a bool is no number
  placed.spike.addWrap(1);
  // @ts-expect-error a missing input
  m.place('two', lane(true), { weights });
  // @ts-expect-error a wrong kind
  m.place('three', lane(true), { draw: io.w, weights });
  // @ts-expect-error a typo in an input
  m.place('four', lane(true), { draw: io.go, weights, drow: io.go });
  // @ts-expect-error an array for a vector
  m.place('five', lane(true), { draw: io.go, weights: io.w });
  // @ts-expect-error a signal is no clock
  m.place('six', lane(true), { clk: io.go, draw: io.go, weights });
  const buffer = m.place('buffer', streamBuffer('buffer', { type: uint(8) }), { s: placed.words });
  const signed = m.place('signed', streamBuffer('signed', { type: sint(8) }), {});
  // @ts-expect-error words of another kind
  m.connect(buffer.m, signed.s);
  // @ts-expect-error the end that gives comes first
  m.connect(buffer.s, placed.words);
  // @ts-expect-error not a stream
  m.connect(placed.exit, buffer.s);
  m.connect(signed.m, m.ports({ out: stream(sint(8)) }).out);
  m.connect(m.ports({ in: flip(stream(sint(8))) }).in, signed.s);
});

it('compiles', () => {
  expect(placements.name).toBe('outer');
});

const here = dirname(fileURLToPath(import.meta.url));

/** What an editor shows at the marks `/*1*\/` of a program. */
function hover(text: string): string[] {
  const folder = mkdtempSync(join(here, '.hover-'));
  const file = join(folder, 'program.ts');
  const source = text.replaceAll(/\/\*\d\*\//g, '');
  const options: ts.CompilerOptions = {
    strict: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
    skipLibCheck: true,
  };
  const host: ts.LanguageServiceHost = {
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      const found = name === file ? source : ts.sys.readFile(name);
      return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
    },
    getCurrentDirectory: () => here,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: ts.sys.readFile,
  };
  try {
    const service = ts.createLanguageService(host);
    let removed = 0;
    return [...text.matchAll(/\/\*\d\*\//g)].map((mark) => {
      const info = service.getQuickInfoAtPosition(file, mark.index - removed);
      removed += mark[0].length;
      const shown = ts.displayPartsToString(info?.displayParts);
      return `${shown} -- ${ts.displayPartsToString(info?.documentation)}`;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('an editor shows the type and the doc of a port, inside and where the component is placed', {
  timeout: 60_000,
}, () => {
  const text = `
    import { bool, component, input, output, sint } from '../../../../src/hdl/index.ts';
    const neuron = component('neuron', {
      /** in units of the weights */
      potential: input(sint(8)),
      /** one clock after draw */
      spike: output(bool()),
    }, (m, io) => m.assign(io./*1*/spike, io./*2*/potential.isNegative()));
    component('top', { v: input(sint(8)) }, (m, io) => {
      const one = m.place('one', neuron, { /*3*/potential: io.v });
      one./*4*/spike;
    });`;
  expect(hover(text)).toEqual([
    '(property) spike: Bool -- one clock after draw',
    '(property) potential: SInt -- in units of the weights',
    '(property) potential: number | bigint | SInt -- in units of the weights',
    '(property) spike: Bool -- one clock after draw',
  ]);
});
