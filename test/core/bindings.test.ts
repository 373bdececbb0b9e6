import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Project, ts } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { buildHardware, coreBindings, registerMap } from '../../src/core/index.ts';
import { bool, defineModule, elaborate, enumeration, interpret, sint, uint } from '../../src/hdl/index.ts';
import { devicePlan } from '../sim/small-core.ts';

/** Doubles what it gets, one item at a time. */
const doubler = defineModule('doubler', (m) => {
  m.clock('clk');
  m.reset('rst');
  const data = m.input('in_data', sint(8), { doc: 'numbers' });
  const valid = m.input('in_valid', bool());
  const ready = m.output('in_ready', bool());
  const last = m.input('in_last', bool());
  const outData = m.output('out_data', sint(9));
  const outValid = m.output('out_valid', bool());
  const outReady = m.input('out_ready', bool());
  const outLast = m.output('out_last', bool());
  const salt = m.input('salt', uint(64));
  const lane = m.instance('lane', keeper, { salt });
  const state = m.register('state', enumeration('state', ['empty', 'full']), { reset: 'empty' });
  const held = m.register('held', sint(9), { reset: 0 });
  const heldLast = m.register('held_last', bool(), { reset: 0 });
  m.assign(ready, state.is('empty').and(lane.uint('kept').equals(salt)));
  m.assign(outValid, state.is('full'));
  m.assign(outData, held);
  m.assign(outLast, heldLast);
  m.when(valid.and(ready), () => {
    m.next(state, 'full');
    m.next(held, data.shiftLeft(1));
    m.next(heldLast, last);
  }).elseWhen(outReady.and(outValid), () => m.next(state, 'empty'));
});

const keeper = defineModule('keeper', (m) => {
  m.clock('clk');
  m.reset('rst');
  const salt = m.input('salt', uint(64));
  const kept = m.output('kept', uint(64));
  const value = m.register('value', uint(64), { reset: 0 });
  m.next(value, salt);
  m.assign(kept, value);
});

/** Without streams, registers and outputs. */
const plain = defineModule('plain', (m) => {
  m.unused(m.input('a', bool()), 'nothing to do');
});

const strict = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noPropertyAccessFromIndexSignature: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: [],
};

/** What the TypeScript compiler says about files beside each other. */
function typeErrors(files: Readonly<Record<string, string>>): string[] {
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions: strict });
  for (const [name, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    project.createSourceFile(name, text);
  }
  return project.getPreEmitDiagnostics().map((found) => {
    const text = found.getMessageText();
    return `${found.getLineNumber()}: ${typeof text === 'string' ? text : text.getMessageText()}`;
  });
}

describe('bindings', () => {
  it('compile under the strictest options, and refuse wrong names and types', async () => {
    const [bindings, empty] = await Promise.all(
      [doubler, plain].map((design) => coreBindings(elaborate(design), { generator: 'spinfire' })),
    );
    const main = [
      "import type { Bench } from './bindings.ts';",
      'export const right = (bench: Bench) => {',
      "  bench.poke('in_data', -3);",
      "  const held: number = bench.register('held');",
      "  const state: 'empty' | 'full' = bench.register('state');",
      "  const kept: bigint = bench.register('lane.value');",
      '  return [held, state, kept];',
      '};',
      'export const wrong = (bench: Bench) => {',
      "  bench.poke('in_dat', 3);",
      "  bench.poke('in_valid', 1);",
      "  bench.poke('out_data', 1);",
      "  const kept: number = bench.register('lane.value');",
      '  return kept;',
      '};',
    ].join('\n');
    expect(typeErrors({ 'bindings.ts': bindings!, 'empty.ts': empty!, 'main.ts': main })).toEqual([
      expect.stringMatching(/^10: Argument of type '"in_dat"' is not assignable/),
      "11: Argument of type 'number' is not assignable to parameter of type 'boolean'.",
      expect.stringMatching(/^12: Argument of type '"out_data"' is not assignable/),
      "13: Type 'bigint' is not assignable to type 'number'.",
    ]);
  });

  it('know the registers behind the bus', async () => {
    const plan = devicePlan();
    const design = buildHardware(plan);
    const text = await coreBindings(design, { generator: 'spinfire', busRegisters: registerMap(plan) });
    const folder = mkdtempSync(join(tmpdir(), 'spinfire-bindings-'));
    try {
      writeFileSync(join(folder, 'bus.ts'), text);
      const { busRegisters } = (await import(pathToFileURL(join(folder, 'bus.ts')).href)) as {
        busRegisters: Record<string, object>;
      };
      expect(Object.keys(busRegisters)).toEqual(registerMap(plan).map(({ name }) => name));
      expect(busRegisters.CONV1_TRIM_GAIN).toEqual({
        ...{ address: 128, access: 'read-write', kind: 'uint', width: 10, reset: 256, words: 1 },
      });
      expect(busRegisters.HIDDEN_TRIM_OFFSET).toMatchObject({ address: 145, kind: 'sint' });
      expect(busRegisters.TEST_COUNTS).toMatchObject({ address: 64, access: 'read', words: 64 });
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(await coreBindings(elaborate(doubler), { generator: 'spinfire', busRegisters: [] })).not.toContain(
      'Wishbone',
    );
  });

  it('drive a design', async () => {
    const design = elaborate(doubler);
    const text = await coreBindings(design, { generator: 'spinfire' });
    const folder = mkdtempSync(join(tmpdir(), 'spinfire-bindings-'));
    try {
      writeFileSync(join(folder, 'bindings.ts'), text);
      // The types are those of the generated text, which the compiler has checked above.
      const { Bench, streams, registers } = (await import(pathToFileURL(join(folder, 'bindings.ts')).href)) as {
        Bench: new (
          dut: unknown,
        ) => {
          reset(): void;
          step(clocks?: number): void;
          poke(port: string, value: unknown): void;
          register(path: string): unknown;
          sendIn(items: readonly number[], patience?: number): number;
          receiveOut(patience?: number): number[];
        };
        streams: unknown;
        registers: object;
      };
      expect(streams).toEqual({
        in: { direction: 'input', data: 'in_data', valid: 'in_valid', ready: 'in_ready', last: 'in_last' },
        out: { direction: 'output', data: 'out_data', valid: 'out_valid', ready: 'out_ready', last: 'out_last' },
      });
      expect(Object.keys(registers)).toEqual(design.registers().map(({ path }) => path));
      const bench = new Bench(interpret(design));
      bench.reset();
      bench.poke('salt', 2n ** 63n);
      // The first clock is lost until the salt is kept.
      expect(bench.sendIn([-128])).toBe(2);
      expect([bench.register('state'), bench.register('held'), bench.register('lane.value')]).toEqual([
        'full',
        -256,
        2n ** 63n,
      ]);
      expect(bench.receiveOut()).toEqual([-256]);
      expect(() => bench.sendIn([1, 2], 5)).toThrow('in took 1 of 2 items in 6 clocks');
      expect(() => bench.poke('in_data', 128)).toThrow('128 does not fit in_data, sint of 8 bits');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are the same text every time, with docs', async () => {
    const texts = [1, 2].map(() => coreBindings(elaborate(doubler), { generator: 'spinfire 1.2.3' }));
    const [first, second] = await Promise.all(texts);
    expect(first).toBe(second);
    expect(first).toContain(' * Generated by spinfire 1.2.3.');
    expect(first).toContain('  /** numbers */\n  in_data: number;');
    expect(first).not.toMatch(/\n\n\n|\n\n +\}/);
  });
});
