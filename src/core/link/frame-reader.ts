/** Bytes of the line to frames: flags, escapes, CRC, faults (docs/link.md). */
import { bool, clock, component, input, mux, reset, uint } from '../../hdl/index.ts';
import { crc16, framing, gapBits } from '../../link/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { crcAfter } from './crc.ts';
import { frameLink } from './parts.ts';

/** A gap is found when a counter of clocks overflows: after `gapBits` bit times, and before twice that. */
export function gapCounterBits(clocksPerBit: number): number {
  return unsignedBits(gapBits * clocksPerBit - 1);
}

export const frameReader = (name: string, clocksPerBit: number) =>
  component(
    name,
    {
      clk: clock(),
      rst: reset(),
      data: input(uint(8), 'the byte'),
      valid: input(bool(), 'one clock: a byte has come'),
      broken: input(bool(), 'one clock: a byte without a stop bit'),
      frame: frameLink,
    },
    (m, io) => {
      m.doc('Finds frames in the bytes of the line, and says what is wrong with them.');
      const open = m.register('open', bool(), { reset: 0, doc: 'something has come since the last flag' });
      const escaped = m.register('escaped', bool(), { reset: 0 });
      const line = m.register('line_fault', bool(), { reset: 0 });
      const crc = m.register('crc', uint(16), { reset: crc16.initial });
      const gapWidth = gapCounterBits(clocksPerBit);
      const gap = m.register('gap', uint(gapWidth), { reset: 0, doc: 'clocks since the last byte' });

      const isFlag = m.name('is_flag', io.valid.and(io.data.equals(framing.flag)));
      const isEscape = m.name('is_escape', io.valid.and(io.data.equals(framing.escape)).and(escaped.not()));
      const isByte = m.name('is_byte', io.valid.and(isFlag.not()).and(isEscape.not()));
      const timeout = m.name('times_out', open.and(gap.equals(2 ** gapWidth - 1)));
      const ends = m.name('ends', open.and(isFlag).or(timeout));
      const byte = m.name('unescaped', mux(escaped, io.data.xor(framing.escapeXor), io.data));

      m.when(io.valid.or(io.broken).or(open.not()), () => m.next(gap, 0)).otherwise(() => m.next(gap, gap.addWrap(1)));
      m.when(ends.or(isFlag), () => {
        m.next(open, 0);
        m.next(escaped, 0);
        m.next(line, 0);
        m.next(crc, crc16.initial);
      }).otherwise(() => {
        m.when(io.valid.or(io.broken), () => m.next(open, 1));
        m.when(io.broken, () => m.next(line, 1));
        m.when(isEscape, () => m.next(escaped, 1));
        m.when(isByte, () => {
          m.next(escaped, 0);
          m.next(crc, crcAfter(m, crc, byte));
        });
      });
      m.assign(io.frame.byte, byte);
      m.assign(io.frame.byteValid, isByte);
      m.assign(io.frame.end, ends);
      m.assign(io.frame.lineFault, line);
      m.assign(io.frame.timeout, timeout);
      // An escape with nothing behind it is a frame that was cut.
      m.assign(io.frame.crcGood, crc.equals(crc16.residue).and(escaped.not()));
    },
  );
