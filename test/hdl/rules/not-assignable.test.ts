import { expect, it } from 'vitest';
import { bool, defineModule, type ModuleBuilder, type UInt, uint } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL016: only wires, outputs and registers take values', () => {
  const bad = defineModule('bad', (m) => {
    m.clock('clk');
    const a = m.input('a', uint(4));
    const r = m.register('r', uint(4), { resetless: true });
    const y = m.output('y', uint(4));
    m.assign(a, 1);
    m.assign(r, a);
    m.next(y, a);
    m.assign(y.bit(0), 1);
    m.next(r, a);
    m.assign(y, r);
  });
  const chain = defineModule('chain', (m) => {
    const a = m.input('a', bool());
    const y = m.output('y', bool());
    const rest = m.when(a, () => m.assign(y, 1));
    rest.otherwise(() => m.assign(y, 0));
    rest.elseWhen(a, () => {});
  });
  expect(messageOf(bad)).toMatchInlineSnapshot(`
    "error HDL016 NOT ASSIGNABLE: m.assign: 'a' is an input
      --> test/hdl/rules/not-assignable.test.ts:11
         11 |   m.assign(a, 1);
            note: 'a' is declared at test/hdl/rules/not-assignable.test.ts:8
            help: only wires and outputs can be assigned

    error HDL016 NOT ASSIGNABLE: m.assign: 'r' is a register
      --> test/hdl/rules/not-assignable.test.ts:12
         12 |   m.assign(r, a);
            note: 'r' is declared at test/hdl/rules/not-assignable.test.ts:9
            help: a register gets its value by m.next

    error HDL016 NOT ASSIGNABLE: m.next: 'y' is an output
      --> test/hdl/rules/not-assignable.test.ts:13
         13 |   m.next(y, a);
            note: 'y' is declared at test/hdl/rules/not-assignable.test.ts:10
            help: 'y' is no register: use m.assign

    error HDL016 NOT ASSIGNABLE: m.assign: the target is an expression of type bool(), not a declared signal
      --> test/hdl/rules/not-assignable.test.ts:14
         14 |   m.assign(y.bit(0), 1);
            help: assign the whole signal; parts are put together with concat"
  `);
  expect(messageOf(chain)).toMatchInlineSnapshot(`
    "error HDL016 NOT ASSIGNABLE: elseWhen after otherwise: the chain has ended
      --> test/hdl/rules/not-assignable.test.ts:23
         23 |   rest.elseWhen(a, () => {});
            help: put otherwise last"
  `);
});

it('HDL016: m.unused and m.waive are about declared signals', () => {
  const bad = defineModule('bad', (m) => {
    const clk = m.clock('clk');
    const a = m.input('a', uint(4));
    const r = m.register('r', uint(4), { resetless: true, clock: clk });
    m.next(r, a);
    m.unused(a.slice(1, 0), 'too fine');
    m.waive('HDL014', r.bit(0), 'stable');
    m.assign(m.output('y', uint(4)), r);
  });
  expect(messageOf(bad)).toMatchInlineSnapshot(`
    "error HDL016 NOT ASSIGNABLE: m.unused: an expression of type uint(2), not a declared signal
      --> test/hdl/rules/not-assignable.test.ts:63
         63 |   m.unused(a.slice(1, 0), 'too fine');
            help: give the signal itself; bits of a signal that is read elsewhere need no word

    error HDL016 NOT ASSIGNABLE: m.waive: an expression of type bool(), not a declared signal
      --> test/hdl/rules/not-assignable.test.ts:64
         64 |   m.waive('HDL014', r.bit(0), 'stable');
            help: give the signal itself; bits of a signal that is read elsewhere need no word"
  `);
});

it('HDL016: only an output port that nothing drives becomes a register', () => {
  const bad = defineModule('bad', (m) => {
    m.clock('clk');
    const a = m.input('a', bool());
    const y = m.output('y', bool());
    m.assign(y, a);
    m.outputRegister(y, { resetless: true });
    m.outputRegister(a, { resetless: true });
    m.outputRegister(a.not(), { resetless: true });
    m.outputRegister(m.output('z', bool(), { default: 0 }), { resetless: true });
  });
  expect(messageOf(bad)).toMatchInlineSnapshot(`
    "error HDL010 UNUSED PORT: clock 'clk' of module 'bad' is never read
      --> test/hdl/rules/not-assignable.test.ts:82     'clk' is declared here
         82 |   m.clock('clk');
            help: remove it: nothing in the module is clocked or reset by it

    error HDL016 NOT ASSIGNABLE: m.outputRegister: 'y' is driven already
      --> test/hdl/rules/not-assignable.test.ts:86
         86 |   m.outputRegister(y, { resetless: true });
            note: 'y' is declared at test/hdl/rules/not-assignable.test.ts:84
            help: before anything drives it; then m.next instead of m.assign

    error HDL016 NOT ASSIGNABLE: m.outputRegister: 'a' is an input
      --> test/hdl/rules/not-assignable.test.ts:87
         87 |   m.outputRegister(a, { resetless: true });
            note: 'a' is declared at test/hdl/rules/not-assignable.test.ts:83
            help: give an output port of this module; m.register for others

    error HDL016 NOT ASSIGNABLE: m.outputRegister: an expression of type bool(), not an output port
      --> test/hdl/rules/not-assignable.test.ts:88
         88 |   m.outputRegister(a.not(), { resetless: true });
            help: give the port itself

    error HDL016 NOT ASSIGNABLE: m.outputRegister: 'z' has a default value, which a register has no use for
      --> test/hdl/rules/not-assignable.test.ts:89
         89 |   m.outputRegister(m.output('z', bool(), { default: 0 }), { resetless: true });
            note: 'z' is declared at test/hdl/rules/not-assignable.test.ts:89
            help: declare the port without a default"
  `);
});

it('HDL016: only an output port that nothing drives becomes the register of a memory', () => {
  const reads = (into: (m: ModuleBuilder) => UInt) =>
    messageOf(
      defineModule('bad', (m) => {
        m.clock('clk');
        m.memory('words', { depth: 4, type: uint(4) }).read(into(m), m.input('a', uint(2)));
      }),
    );
  expect(reads((m) => m.input('b', uint(4)))).toContain(
    "error HDL016 NOT ASSIGNABLE: read of memory 'words': 'b' is an input",
  );
  expect(
    reads((m) => {
      const y = m.output('y', uint(4));
      m.assign(y, 3);
      return y;
    }),
  ).toContain("error HDL016 NOT ASSIGNABLE: read of memory 'words': 'y' is driven already");
  expect(reads((m) => m.output('y', uint(5)))).toContain("error HDL001 WIDTH MISMATCH: read of memory 'words'");
});
