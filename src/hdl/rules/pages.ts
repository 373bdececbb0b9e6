/**
 * A page for each rule: what it is for, a design that breaks it and one that keeps it. The examples are whole: each defines a module named
 * `example` with what the door of src/hdl exports, and a test runs them all.
 */
import type { RuleCode } from '../diagnostics.ts';

/** What a design rule is for, with a design that breaks it and one that keeps it. */
export interface RulePage {
  /** Why the rule is there: what would go wrong. */
  readonly why: string;
  /** TypeScript that defines `example` and breaks the rule. */
  readonly bad: string;
  /** TypeScript that defines `example` and does what was meant. */
  readonly good: string;
}

/** What `spinfire explain HDL014` shows: for each rule what it forbids and why, with a bad and a good case. */
export const rulePages: Readonly<Record<RuleCode, RulePage>> = {
  HDL001: {
    why: 'Verilog cuts and pads without a word, and a carry is lost where nobody looks. Here the two sides of every operator and assignment have one width; growth and truncation are written down.',
    bad: inModule("const a = m.input('a', uint(8));", "m.assign(m.output('y', uint(8)), a.addGrow(1));"),
    good: inModule("const a = m.input('a', uint(8));", "m.assign(m.output('y', uint(9)), a.addGrow(1));"),
  },
  HDL002: {
    why: 'A signed and an unsigned number with the same bits are different numbers, and a condition is no number. Where one stands for the other a conversion says which bits are meant.',
    bad: inModule(
      "const a = m.input('a', uint(8));",
      "const b = m.input('b', sint(8));",
      "m.assign(m.output('y', bool()), a.lessThan(b as never));",
    ),
    good: inModule(
      "const a = m.input('a', uint(8));",
      "const b = m.input('b', sint(9));",
      "m.assign(m.output('y', bool()), a.toSInt().lessThan(b));",
    ),
  },
  HDL003: {
    why: 'A constant that does not fit its signal would be cut, so that a comparison with it is never true or a counter starts somewhere else.',
    bad: inModule("const a = m.input('a', uint(4));", "m.assign(m.output('y', bool()), a.equals(16));"),
    good: inModule("const a = m.input('a', uint(5));", "m.assign(m.output('y', bool()), a.equals(16));"),
  },
  HDL004: {
    why: 'The name appears in Verilog as it is. Words of Verilog, SystemVerilog and Verilog-AMS, and letters that need escapes, stop one tool or the other.',
    bad: inModule("m.assign(m.output('output', bool()), m.input('potential', bool()));"),
    good: inModule("m.assign(m.output('y', bool()), m.input('potential_in', bool()));"),
  },
  HDL005: {
    why: 'Everything in a module shares one space of names, as in Verilog, with what stands in its loops; modules and memory files share that of the design.',
    bad: inModule("const x = m.input('x', bool());", "m.assign(m.output('x', bool()), x);"),
    good: inModule("const x = m.input('x', bool());", "m.assign(m.output('y', bool()), x);"),
  },
  HDL006: {
    why: 'Two drivers of one wire fight in hardware; of two assignments to one register in the same branch the first does nothing.',
    bad: inModule(
      "const a = m.input('a', bool());",
      "const y = m.output('y', bool());",
      'm.assign(y, a);',
      'm.assign(y, a.not());',
    ),
    good: inModule(
      "const a = m.input('a', bool());",
      "const invert = m.input('invert', bool());",
      "m.assign(m.output('y', bool()), mux(invert, a.not(), a));",
    ),
  },
  HDL007: {
    why: 'What nothing drives has no value: simulators show x, synthesis takes whatever is smallest.',
    bad: inModule("m.output('y', bool());"),
    good: inModule("m.output('y', bool(), { default: 0 });"),
  },
  HDL008: {
    why: 'A signal that depends on itself within a clock oscillates or remembers; no tool can time it.',
    bad: inModule(
      "const y = m.wire('y', bool());",
      "m.assign(y, y.not().and(m.input('go', bool())));",
      "m.assign(m.output('out', bool()), y);",
    ),
    good: inModule(
      "m.clock('clk');",
      "m.reset('rst');",
      "const y = m.register('y', bool(), { reset: 0 });",
      "m.next(y, y.not().and(m.input('go', bool())));",
      "m.assign(m.output('out', bool()), y);",
    ),
  },
  HDL009: {
    why: 'An input without a connection floats, and a name that is not among the ports is a slip of the pen.',
    bad: withChild("m.assign(m.output('y', bool()), m.place('first', child, {} as never).y);"),
    good: withChild("m.assign(m.output('y', bool()), m.place('first', child, { a: true }).y);"),
  },
  HDL010: {
    why: 'An input or an output of an instance that nothing reads is most often a connection that was forgotten.',
    bad: inModule("const a = m.input('a', bool());", "m.input('b', bool());", "m.assign(m.output('y', bool()), a);"),
    good: inModule(
      "const a = m.input('a', bool());",
      "m.unused(m.input('b', bool()), 'reserved by the bus');",
      "m.assign(m.output('y', bool()), a);",
    ),
  },
  HDL011: {
    why: 'A switch without a branch for every value would leave its targets without one, or mean something different to every reader.',
    bad: inModule(
      "const mode = m.input('mode', enumeration('mode', ['off', 'on', 'test']));",
      "const y = m.output('y', bool());",
      'm.switch(mode, { off: () => m.assign(y, 0), on: () => m.assign(y, 1) } as never);',
    ),
    good: inModule(
      "const mode = m.input('mode', enumeration('mode', ['off', 'on', 'test']));",
      "const y = m.output('y', bool());",
      'm.switch(mode, { off: () => m.assign(y, 0), default: () => m.assign(y, 1) });',
    ),
  },
  HDL012: {
    why: 'A wire that is not assigned on some path would have to keep its value: synthesis makes a latch of it, which no clock governs.',
    bad: inModule(
      "const y = m.output('y', uint(4));",
      "m.when(m.input('go', bool()), () => m.assign(y, m.input('a', uint(4))));",
    ),
    good: inModule(
      "const y = m.output('y', uint(4), { default: 0 });",
      "m.when(m.input('go', bool()), () => m.assign(y, m.input('a', uint(4))));",
    ),
  },
  HDL013: {
    why: 'Block RAMs have one or two ports. A memory with more of them becomes registers and multiplexers, a thousand times as large.',
    bad: inModule(
      "m.clock('clk');",
      "const at = m.input('at', uint(3));",
      "const words = m.memory('words', { depth: 8, type: uint(4) });",
      'words.write(at, lit(1, uint(4)), at.bit(0));',
      'words.write(at, lit(2, uint(4)), at.bit(1));',
      "m.assign(m.output('y', uint(4)), words.read('data', at));",
    ),
    good: inModule(
      "m.clock('clk');",
      "const at = m.input('at', uint(3));",
      "const words = m.memory('words', { depth: 8, type: uint(4) });",
      'words.write(at, mux(at.bit(1), lit(2, uint(4)), lit(1, uint(4))), at.bit(0).or(at.bit(1)));',
      "m.assign(m.output('y', uint(4)), words.read('data', at));",
    ),
  },
  HDL014: {
    why: 'A flip-flop that samples a signal of another clock may catch it as it changes: it hangs between 0 and 1 for a while (metastability), and of a word some bits are old and some new. No simulation shows it. `synchronise` is for one bit; a word is held until a synchronised bit says that it is there.',
    bad: twoClocks('m.next(target, source);'),
    good: twoClocks("m.next(target, synchronise(m, 'safe', source, fast));"),
  },
  HDL015: {
    why: 'A signal has no value while the design is built, so JavaScript can neither add nor compare it. `spinfire` finds `if (signal)` and `===` in the source, too.',
    bad: inModule(
      "const a = m.input('a', uint(8));",
      "m.assign(m.output('y', uint(8)), (+(a as never) + 1) as never);",
    ),
    good: inModule("const a = m.input('a', uint(8));", "m.assign(m.output('y', uint(8)), a.addWrap(1));"),
  },
  HDL016: {
    why: 'Only wires and outputs are assigned, only registers have a next value, and an expression is nothing that can hold a value.',
    bad: inModule("const a = m.input('a', bool());", 'm.assign(a, 1);', "m.assign(m.output('y', bool()), a);"),
    good: inModule("const a = m.wire('a', bool());", 'm.assign(a, 1);', "m.assign(m.output('y', bool()), a);"),
  },
  HDL017: {
    why: 'A module is one thing wherever it is used: what it reads of its surroundings comes through its ports.',
    bad: [
      'let outside: Bool;',
      "const child = component('child', { y: output(bool()) }, (m, { y }) => m.assign(y, outside));",
      inModule("outside = m.input('a', bool());", "m.assign(m.output('y', bool()), m.place('first', child, {}).y);"),
    ].join('\n'),
    good: withChild(
      "const outside = m.input('a', bool());",
      "m.assign(m.output('y', bool()), m.place('first', child, { a: outside }).y);",
    ),
  },
  HDL018: {
    why: 'A register has the first clock that its module declares, and with a reset value the first reset, unless it is given others. Where none is declared before it, none is made up.',
    bad: inModule(
      "const r = m.register('r', bool(), { reset: 0 });",
      'm.next(r, r.not());',
      "m.assign(m.output('y', bool()), r);",
    ),
    good: inModule(
      "m.clock('clk');",
      "m.reset('rst');",
      "const r = m.register('r', bool(), { reset: 0 });",
      'm.next(r, r.not());',
      "m.assign(m.output('y', bool()), r);",
    ),
  },
  HDL019: {
    why: 'Bits beyond a signal, words beyond a memory and counts that are no whole numbers are slips of a computation in the description.',
    bad: inModule("const a = m.input('a', uint(8));", "m.assign(m.output('y', bool()), a.bit(8));"),
    good: inModule("const a = m.input('a', uint(8));", "m.assign(m.output('y', bool()), a.bit(7));"),
  },
  HDL020: {
    why: 'The interpreter can run a black box only by a model of it.',
    bad: inBox(''),
    good: inBox(
      ', model: { init: () => 0n, outputs: (state) => ({ y: state as bigint }), step: (_, inputs) => inputs.a ?? 0n }',
    ),
  },
  HDL021: {
    why: 'A register or a named value that no output depends on is a line that was forgotten, or one that can go. A warning.',
    bad: inModule(
      "m.clock('clk');",
      "m.reset('rst');",
      "const go = m.input('go', bool());",
      "const count = m.register('count', uint(4), { reset: 0 });",
      'm.when(go, () => m.next(count, count.addWrap(1)));',
      "m.assign(m.output('y', bool()), go);",
    ),
    good: inModule(
      "m.clock('clk');",
      "m.reset('rst');",
      "const go = m.input('go', bool());",
      "const count = m.register('count', uint(4), { reset: 0 });",
      'm.when(go, () => m.next(count, count.addWrap(1)));',
      "m.assign(m.output('y', bool()), count.equals(15));",
    ),
  },
  HDL022: {
    why: "A block RAM may give anything for a word that is read while it is written. With `collision: 'undefined'` it costs no logic; then somebody must know why such a word is never used. The interpreter gives the inverse of the stored word. A warning.",
    bad: inMemory(''),
    good: inMemory("m.waive('HDL022', data, 'at and to are never equal');"),
  },
};

function inModule(...lines: readonly string[]): string {
  return ["const example = defineModule('example', (m) => {", ...lines.map((line) => `  ${line}`), '});'].join('\n');
}

function withChild(...lines: readonly string[]): string {
  return [
    "const child = component('child', { a: input(bool()), y: output(bool()) }, (m, { a, y }) => m.assign(y, a.not()));",
    inModule(...lines),
  ].join('\n');
}

function twoClocks(...lines: readonly string[]): string {
  return inModule(
    "const slow = m.clock('slow');",
    "const fast = m.clock('fast');",
    "const source = m.register('source', bool(), { clock: slow, resetless: true });",
    "m.next(source, m.input('a', bool()));",
    "const target = m.register('target', bool(), { clock: fast, resetless: true });",
    ...lines,
    "m.assign(m.output('y', bool()), target);",
  );
}

function inBox(model: string): string {
  return [
    `const box = defineBlackBox('VENDOR_CELL', { clocks: ['C'], inputs: { a: bool() }, outputs: { y: bool() }${model} });`,
    inModule(
      "const clk = m.clock('clk');",
      "const cell = m.instance('made', box, { C: clk, a: true });",
      "m.assign(m.output('y', bool()), cell.bool('y'));",
    ),
    'interpret(elaborate(example));',
  ].join('\n');
}

function inMemory(...lines: readonly string[]): string {
  return inModule(
    "m.clock('clk');",
    "const words = m.memory('words', { depth: 4, type: uint(4), collision: 'undefined' });",
    "words.write(m.input('to', uint(2)), m.input('d', uint(4)), m.input('go', bool()));",
    "const data = words.read('data', m.input('at', uint(2)));",
    ...lines.filter((line) => line !== ''),
    "m.assign(m.output('y', uint(4)), data);",
  );
}
