/** A register bus: Wishbone B4 classic, one access at a time. */
import { input, link, output } from '../component/ports.ts';
import { bool, uint } from '../ir/types.ts';

/** As the master sees it: words of 32 bits, `addressBits` of a word address. */
export function wishbone(addressBits: number) {
  return link('wishbone', {
    cyc: output(bool(), 'Wishbone B4 classic, words of 32 bits'),
    stb: output(bool(), 'an access of the cycle'),
    we: output(bool(), 'writes, does not read'),
    adr: output(uint(addressBits), 'word address'),
    datW: output(uint(32), 'what to write'),
    datR: input(uint(32), 'what was read, with ack'),
    ack: input(bool(), 'the access is done'),
  });
}
