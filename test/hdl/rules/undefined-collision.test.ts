import { expect, it } from 'vitest';
import { bool, defineModule, elaborate, formatDiagnostic, interpret, uint } from '../../../src/hdl/index.ts';

const store = (reason?: string) =>
  defineModule('store', (m) => {
    m.clock('clk');
    const at = m.input('at', uint(2));
    const memory = m.memory('words', { depth: 4, type: uint(4), contents: [1, 2, 3, 4], collision: 'undefined' });
    memory.write(m.input('to', uint(2)), m.input('d', uint(4)), m.input('go', bool()));
    const data = memory.read('data', at);
    if (reason !== undefined) m.waive('HDL022', data, reason);
    m.assign(m.output('y', uint(4)), data);
  });

it('HDL022: a memory whose collision is undefined is a warning, unless a reason is given', () => {
  expect(elaborate(store('never read early')).warnings).toEqual([]);
  expect(elaborate(store()).warnings.map(formatDiagnostic).join('\n\n')).toMatchInlineSnapshot(`
    "warning HDL022 UNDEFINED COLLISION: 'data' may be anything when memory 'words' of module 'store' is written at the address it reads
      --> test/hdl/rules/undefined-collision.test.ts:10     the word is read here
         10 |   const data = memory.read('data', at);
            note: it is written at test/hdl/rules/undefined-collision.test.ts:9
            help: collision: 'old' or 'new', or m.waive('HDL022', data, 'why such a word is never used')"
  `);
});

it('shows in the interpreter: the word is another one, and called unknown', () => {
  const [simulation, other] = [interpret(elaborate(store())), interpret(elaborate(store()), { collisions: 'old' })];
  for (const each of [simulation, other]) {
    each.reset();
    each.poke('d', 9);
    each.poke('go', 1);
    each.poke('at', 2);
    each.step();
    expect([each.peek('y'), each.isUnknown('data')]).toEqual([3n, false]);
    each.poke('to', 2);
    each.step();
    expect(each.isUnknown('data')).toBe(true);
  }
  expect([simulation.peek('y'), other.peek('y')]).toEqual([12n, 3n]);
});
