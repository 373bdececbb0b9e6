/** What tsc says of components: every line marked below is an error of `tsc`, and would be an error here if it were none. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
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

/** The language service, which tsc and editors share, with a program beside this file. */
function serviceFor(text: string): { readonly service: ts.LanguageService; readonly file: string } {
  const file = join(here, 'program.ts');
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
      const found = name === file ? text : ts.sys.readFile(name);
      return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
    },
    getCurrentDirectory: () => here,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: ts.sys.readFile,
  };
  return { service: ts.createLanguageService(host), file };
}

describe('a program with mistakes', { timeout: 60_000 }, () => {
  const marked = `
    import { bool, component, input, output, sint } from '../../../src/hdl/index.ts';
    const neuron = component('neuron', {
      /** in units of the weights */
      potential: input(sint(8)),
      /** one clock after draw */
      spike: output(bool()),
    }, (m, io) => m.assign(io./*1*/spike, io./*2*/potential.isNegative()));
    component('top', { v: input(sint(8)), go: input(bool()), y: output(bool()) }, (m, io) => {
      const one = m.place('one', neuron, { /*3*/potential: io.v });
      m.assign(io.y, one./*4*/spike);
      one.spoke;
      m.place('two', neuron, { potential: io.v, potencial: io.v });
      m.place('three', neuron, { potential: io.go });
      m.place('four', neuron, {});
      m.assign(io.y, io.v);
    });`;
  const mark = /\/\*\d\*\//g;
  const text = marked.replaceAll(mark, '');
  const { service, file } = serviceFor(text);

  it('is refused for a typo, a wrong kind and a missing input, and for nothing else', () => {
    const errors = service.getSemanticDiagnostics(file).map(({ code, start, messageText }) => {
      const lines = text.slice(0, start).split('\n').length;
      const said = ts.flattenDiagnosticMessageText(messageText, '\n').trimEnd().split('\n');
      return `${text.split('\n')[lines - 1]!.trim()} TS${code}: ${said
        .at(-1)!
        .trim()
        .replace(/ from type '(\w+)': .*/, " from type '$1'")}`;
    });
    expect(errors).toMatchInlineSnapshot(`
      [
        "one.spoke; TS2551: Property 'spoke' does not exist on type '{ readonly spike: Bool; }'. Did you mean 'spike'?",
        "m.place('two', neuron, { potential: io.v, potencial: io.v }); TS2561: Object literal may only specify known properties, but 'potencial' does not exist in type '{ readonly potential: number | bigint | SInt; } & {}'. Did you mean to write 'potential'?",
        "m.place('three', neuron, { potential: io.go }); TS2322: Type 'Bool' is missing the following properties from type 'SInt'",
        "m.place('four', neuron, {}); TS2345: Property 'potential' is missing in type '{}' but required in type '{ readonly potential: number | bigint | SInt; }'.",
        "m.assign(io.y, io.v); TS2345: Type 'SInt' is missing the following properties from type 'Bool'",
      ]
    `);
  });

  it('shows the type and the doc of a port where it is declared and where the component is placed', () => {
    let removed = 0;
    const shown = [...marked.matchAll(mark)].map(({ 0: { length }, index }) => {
      const info = service.getQuickInfoAtPosition(file, index - removed);
      removed += length;
      return `${ts.displayPartsToString(info?.displayParts)} -- ${ts.displayPartsToString(info?.documentation)}`;
    });
    expect(shown).toEqual([
      '(property) spike: Bool -- one clock after draw',
      '(property) potential: SInt -- in units of the weights',
      '(property) potential: number | bigint | SInt -- in units of the weights',
      '(property) spike: Bool -- one clock after draw',
    ]);
  });
});
