import { describe, expect, it } from 'vitest';
import { bool, concat, defineModule, elaborate, mux, netlistText, sint, uint } from '../../src/hdl/index.ts';

describe('netlists', () => {
  it('have equal expressions once, keep signs, and put statements into processes', () => {
    const module = defineModule('little', (m) => {
      m.clock('clk');
      m.reset('rst');
      const LIMIT = m.constant('LIMIT', 9);
      const a = m.input('a', sint(4));
      const b = m.input('b', uint(4));
      const go = m.input('go', bool());
      const total = m.register('total', sint(8), { reset: -1 });
      const full = m.name('full', b.equals(LIMIT));
      const doubled = a.shiftLeft(1);
      m.when(go, () => m.next(total, doubled.extend(8))).elseWhen(b.equals(LIMIT), () =>
        m.next(total, mux(go, a, -1).extend(8)),
      );
      m.assign(m.output('out', sint(8)), total);
      m.assign(m.output('flags', uint(6)), concat(full, total.lessThan(3), a.shiftLeft(1).asUInt().truncate(4)));
    });
    expect(netlistText(elaborate(module).top)).toMatchInlineSnapshot(`
      "module little
        clock clk
        reset rst
        input a: sint(4)
        input b: uint(4)
        input go: bool()
        register total: sint(8) at clk, 255 on rst
        named full: bool() = %2
        output out: sint(8)
        output flags: uint(6)
        %2:u1 = eq b LIMIT(9:u4)
        %6:u5 = concat a 0:u1
        %7:s5 = cast %6
        %8:s8 = extend %7
        %10:s4 = mux go a -1:s4
        %11:s8 = extend a
        %13:s8 = mux go %11 -1:s8
        %17:u1 = lt total 3:s8
        %18:u4 = slice 3:0 %6
        %19:u6 = concat full %17 %18
        at clk, rst: total
          if go
            total = %8
          else if %2
            total = %13
        always: out
          out = total
        always: flags
          flags = %19
      "
    `);
  });

  it('repeat instances and have memories', () => {
    const cell = defineModule('one', (m) => {
      m.clock('clk');
      const q = m.outputRegister(m.output('q', bool()), { resetless: true });
      m.next(q, m.input('d', bool()));
    });
    const module = defineModule('row', (m) => {
      m.clock('clk');
      const d = m.input('d', uint(3));
      const memory = m.memory('words', { depth: 4, type: uint(2), collision: 'new' });
      memory.write(d.truncate(2), d.truncate(2), d.bit(2));
      m.assign(m.output('word', uint(2)), memory.read('data', d.truncate(2)));
      m.assign(m.output('q', uint(3)), m.instance('some', cell, { d }, { repeat: 3 }).uint('q'));
    });
    expect(netlistText(elaborate(module).top)).toMatchInlineSnapshot(`
      "module row
        clock clk
        input d: uint(3)
        output word: uint(2)
        memoryRead data: uint(2) at clk
        output q: uint(3)
        instanceOutput some_q: uint(3) of some.q
        memory words: 4 x uint(2), collision new
          clk: data <= [%1]
          clk: [%1] <= %1 if %2
        instance some[3]: one
          clk <- clk
          d <- d
          q -> some_q
        %1:u2 = slice 1:0 d
        %2:u1 = slice 2:2 d
        always: word
          word = data
        always: q
          q = some_q
      "
    `);
  });
});
