/** AXI4-Lite to the bus of the registers: one access at a time, writes first. */
import { bool, component, enumeration, flip, input, link, lit, mux, output, uint, wishbone } from '../../hdl/index.ts';
import { clocked } from '../links/index.ts';

/** AXI4-Lite as the one sees it that asks; byte addresses, words of 32 bits. */
export function axiLite(addressBits: number) {
  return link('axi-lite', {
    awaddr: output(uint(addressBits), 'byte address'),
    awprot: output(uint(3), 'not looked at'),
    awvalid: output(bool(), 'an address to write to waits'),
    awready: input(bool(), 'it is taken'),
    wdata: output(uint(32), 'what to write'),
    wstrb: output(uint(4), 'whole words only: others are refused'),
    wvalid: output(bool(), 'data to write wait'),
    wready: input(bool(), 'they are taken'),
    bresp: input(uint(2), '0 done, 2 refused'),
    bvalid: input(bool(), 'the write is over'),
    bready: output(bool(), 'its response is taken'),
    araddr: output(uint(addressBits), 'byte address'),
    arprot: output(uint(3), 'not looked at'),
    arvalid: output(bool(), 'an address to read from waits'),
    arready: input(bool(), 'it is taken'),
    rdata: input(uint(32), 'what was read'),
    rresp: input(uint(2), '0 done, 2 refused'),
    rvalid: input(bool(), 'the read is over'),
    rready: output(bool(), 'its data are taken'),
  });
}

/** Responses of AXI: done, refused. */
const okay = 0;
const slaveError = 2;

export const axiLiteBridge = (name: string, wordBits: number) =>
  component(name, { ...clocked, axi: flip(axiLite(wordBits + 2)), wb: wishbone(wordBits) }, (m, { axi, wb }) => {
    m.doc('AXI4-Lite to Wishbone B4 classic: one access at a time, writes before reads.');
    const states = ['idle', 'write', 'read', 'written', 'answered'] as const;
    const state = m.register('state', enumeration('state', states), { reset: 'idle' });
    const address = m.register('address', uint(wordBits), { reset: 0 });
    const data = m.register('data', uint(32), { reset: 0 });
    const response = m.register('response', uint(2), { reset: okay });
    m.unused(axi.awprot, 'everybody may');
    m.unused(axi.arprot, 'everybody may');
    const idle = m.name('idle', state.is('idle'));
    const writes = m.name('write_begins', idle.and(axi.awvalid).and(axi.wvalid));
    const reads = m.name('read_begins', idle.and(axi.arvalid).and(writes.not()));
    const whole = m.name('whole_word', axi.wstrb.reduceAnd());
    const taken = (word: typeof axi.awaddr) => word.slice(wordBits + 1, 2);
    m.switch(state, {
      idle: () => {
        m.when(writes, () => {
          m.next(address, taken(axi.awaddr));
          m.next(data, axi.wdata);
          m.next(response, mux(whole, lit(okay, response.type), lit(slaveError, response.type)));
          m.next(state, mux(whole, lit('write', state.type), lit('written', state.type)));
        }).elseWhen(reads, () => {
          m.next(address, taken(axi.araddr));
          m.next(state, 'read');
        });
      },
      write: () => m.when(wb.ack, () => m.next(state, 'written')),
      read: () =>
        m.when(wb.ack, () => {
          m.next(data, wb.datR);
          m.next(state, 'answered');
        }),
      written: () => m.when(axi.bready, () => m.next(state, 'idle')),
      answered: () => m.when(axi.rready, () => m.next(state, 'idle')),
    });
    m.assign(axi.awready, writes);
    m.assign(axi.wready, writes);
    m.assign(axi.arready, reads);
    m.assign(axi.bvalid, state.is('written'));
    m.assign(axi.bresp, response);
    m.assign(axi.rvalid, state.is('answered'));
    m.assign(axi.rdata, data);
    m.assign(axi.rresp, okay);
    const accesses = state.is('write').or(state.is('read'));
    m.assign(wb.cyc, accesses);
    m.assign(wb.stb, accesses);
    m.assign(wb.we, state.is('write'));
    m.assign(wb.adr, address);
    m.assign(wb.datW, data);
  });
