import { expect, it } from 'vitest';
import {
  bool,
  clock,
  component,
  concat,
  defineModule,
  enumeration,
  input,
  output,
  reset,
  uint,
} from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL005: a name stands for one thing', () => {
  const inner = (width: number) =>
    defineModule('inner', (m) => m.assign(m.output('y', uint(width)), m.input('a', uint(width))));
  const one = inner(8);
  const good = defineModule('good', (m) => {
    const a = m.input('a', uint(8));
    const first = m.instance('first', one, { a });
    m.assign(m.output('y', uint(8)), m.instance('second', one, { a: first.uint('y') }).uint('y'));
  });
  const signals = defineModule('signals', (m) => {
    const a = m.input('a', bool());
    const y = m.output('y', bool());
    m.assign(y, m.name('a', a.not()));
  });
  const modules = defineModule('modules', (m) => {
    const a = m.input('a', uint(8));
    m.assign(m.output('y', uint(8)), m.instance('first', one, { a }).uint('y'));
    m.assign(m.output('z', uint(8)), m.instance('second', inner(8), { a }).uint('y'));
  });
  const states = () => enumeration('state', ['idle', 'run', 'idle']);
  expect(messageOf(good)).toBe('');
  expect(messageOf(signals)).toMatchInlineSnapshot(`
    "error HDL005 NAME CLASH: 'a' is used twice in module 'signals'
      --> test/hdl/rules/name-clash.test.ts:28     value 'a'
         28 |   m.assign(y, m.name('a', a.not()));
            note: the first is at test/hdl/rules/name-clash.test.ts:26
            help: give one of them another name"
  `);
  expect(messageOf(modules)).toMatchInlineSnapshot(`
    "error HDL005 NAME CLASH: two different modules are named 'inner'
      --> test/hdl/rules/name-clash.test.ts:18     this one
         18 |   defineModule('inner', (m) => m.assign(m.output('y', uint(width)), m.input('a', uint(width))));
            note: the other is defined at test/hdl/rules/name-clash.test.ts:18
            help: define the module once and instantiate it twice, or give one of them another name"
  `);
  expect(states).toThrowErrorMatchingInlineSnapshot(`
    [SpinfireError: error HDL005 NAME CLASH: 'idle' occurs twice in enumeration 'state'
      --> test/hdl/rules/name-clash.test.ts:35
         35 |   const states = () => enumeration('state', ['idle', 'run', 'idle']);
            help: give at least one state, each with a name of its own]
  `);
});

it('HDL005: files of contents are not shared by accident', () => {
  const rom = (name: string) =>
    defineModule(name, (m) => {
      m.clock('clk');
      const memory = m.memory('rom', { depth: 4, type: uint(8), contents: [1, 2], contentsFile: 'rom.mem' });
      m.assign(m.output('y', uint(8)), memory.read('data', m.input('a', uint(2))));
    });
  const top = defineModule('top', (m) => {
    m.clock('clk');
    const a = m.input('a', uint(2));
    m.assign(m.output('y', uint(8)), m.instance('one', rom('rom_one'), { a }).uint('y'));
    m.assign(m.output('z', uint(8)), m.instance('two', rom('rom_two'), { a }).uint('y'));
  });
  expect(messageOf(top)).toMatchInlineSnapshot(`
    "error HDL005 NAME CLASH: two memories keep their contents in 'rom.mem'
      --> test/hdl/rules/name-clash.test.ts:63     memory 'rom'
         63 |   const memory = m.memory('rom', { depth: 4, type: uint(8), contents: [1, 2], contentsFile: 'rom.mem' });
            note: the other is declared at test/hdl/rules/name-clash.test.ts:63
            help: give contentsFile another name"
  `);
});

it('HDL005: localparams of two enumerations do not meet', () => {
  const top = defineModule('top', (m) => {
    const a = m.input('a', enumeration('mode', ['on', 'off']));
    const b = m.input('b', enumeration('mode', ['off', 'on']));
    m.assign(m.output('y', bool()), a.is('on').and(b.is('on')));
  });
  expect(messageOf(top)).toMatchInlineSnapshot(`
    "error HDL005 NAME CLASH: 'MODE_OFF' would mean two things in module 'top'
      --> test/hdl/rules/name-clash.test.ts:84     state 'off' of 'b'
         84 |   const b = m.input('b', enumeration('mode', ['off', 'on']));
            note: also of 'a', declared at test/hdl/rules/name-clash.test.ts:83
            help: give one of the enumerations another name"
  `);
});

it('HDL005: what stands in a loop has no name of the module around it', () => {
  const body = component(
    'body',
    { clk: clock(), rst: reset(), go: input(bool()), y: output(bool()) },
    (m, { go, y }) => {
      const seen = m.register('seen', bool(), { reset: 0 });
      m.next(seen, go);
      m.assign(y, seen);
    },
    { loopBody: true },
  );
  const around = (name: string) =>
    component('around', { clk: clock(), rst: reset(), go: input(bool()), y: output(uint(2)) }, (m, { go, y }) => {
      const seen = m.register(name, bool(), { reset: 0 });
      m.next(seen, go);
      m.assign(y, concat(...m.placeArray('part', 2, body, { go: seen }).y));
    });
  expect(messageOf(around('seen_before'))).toBe('');
  expect(messageOf(around('seen'))).toMatchInlineSnapshot(`
    "error HDL005 NAME CLASH: 'seen' would mean two things in module 'around'
      --> test/hdl/rules/name-clash.test.ts:101     stands in the loop 'part' of 'body'
        101 |   const seen = m.register('seen', bool(), { reset: 0 });
            note: the other is around the loop, declared at test/hdl/rules/name-clash.test.ts:109
            help: give one of them another name, or define 'body' without loopBody"
  `);
});
