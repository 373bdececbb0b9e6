import { expect, it } from 'vitest';
import { bool, defineModule, uint } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL013: the ports of a memory are those that block RAMs have', () => {
  const good = defineModule('good', (m) => {
    m.clock('clk');
    const address = m.input('address', uint(4));
    const memory = m.memory('ram', { depth: 16, type: uint(8) });
    memory.write(address, m.input('data', uint(8)), m.input('enable', bool()));
    m.assign(m.output('y', uint(8)), memory.read('read_data', address));
  });
  const writes = defineModule('writes', (m) => {
    m.clock('clk');
    const address = m.input('address', uint(4));
    const data = m.input('data', uint(8));
    const memory = m.memory('ram', { depth: 16, type: uint(8) });
    memory.write(address, data, data.bit(0));
    memory.write(address.not(), data, data.bit(1));
    m.assign(m.output('y', uint(8)), memory.read('read_data', address));
  });
  const useless = defineModule('useless', (m) => {
    m.clock('clk');
    const address = m.input('address', uint(4));
    const data = m.input('data', uint(8));
    m.memory('unread', { depth: 16, type: uint(8) }).write(address, data, data.bit(0));
    m.assign(m.output('y', uint(8)), m.memory('empty', { depth: 16, type: uint(8) }).read('q', address));
    const dual = m.trueDualMemory('dual', { depth: 16, type: uint(8) });
    m.assign(m.output('z', uint(8)), dual.port('p', { address, data, writeEnable: data.bit(1) }));
  });
  const address = defineModule('address', (m) => {
    m.clock('clk');
    const memory = m.memory('rom', { depth: 16, type: uint(8), contents: [1, 2, 3] });
    m.assign(m.output('y', uint(8)), memory.read('q', m.input('address', uint(5))));
  });
  expect(messageOf(good)).toBe('');
  expect(messageOf(writes)).toMatchInlineSnapshot(`
    "error HDL013 MEMORY PORT CONFLICT: memory 'ram' of module 'writes' is written by two ports
      --> test/hdl/rules/memory-ports.test.ts:19     the second write port
         19 |   memory.write(address.not(), data, data.bit(1));
            note: the first is at test/hdl/rules/memory-ports.test.ts:18
            help: choose between the two with mux before one write, or use m.trueDualMemory"
  `);
  expect(messageOf(useless)).toMatchInlineSnapshot(`
    "error HDL013 MEMORY PORT CONFLICT: memory 'unread' of module 'useless' is never read
      --> test/hdl/rules/memory-ports.test.ts:26     declared here
         26 |   m.memory('unread', { depth: 16, type: uint(8) }).write(address, data, data.bit(0));
            help: read it, or remove it

    error HDL013 MEMORY PORT CONFLICT: memory 'empty' of module 'useless' is never written and has no contents
      --> test/hdl/rules/memory-ports.test.ts:27     declared here
         27 |   m.assign(m.output('y', uint(8)), m.memory('empty', { depth: 16, type: uint(8) }).read('q', address));
            help: give it contents, or write it

    error HDL013 MEMORY PORT CONFLICT: memory 'dual' of module 'useless' has 1 of its two ports
      --> test/hdl/rules/memory-ports.test.ts:28
         28 |   const dual = m.trueDualMemory('dual', { depth: 16, type: uint(8) });
            help: connect both with port(...), or use m.memory for one write port and read ports"
  `);
  expect(messageOf(address)).toMatchInlineSnapshot(`
    "error HDL001 WIDTH MISMATCH: address of memory 'rom': 'address' (uint(5)) meets uint(4)
      --> test/hdl/rules/memory-ports.test.ts:34
         34 |   m.assign(m.output('y', uint(8)), memory.read('q', m.input('address', uint(5))));
            note: 'address' is declared at test/hdl/rules/memory-ports.test.ts:34
            help: truncate(4) or saturate(4) makes the wider one as narrow"
  `);
});
