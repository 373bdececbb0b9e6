/** The serial line: 8 data bits, no parity, one stop bit. */
import {
  bool,
  clock,
  component,
  concat,
  enumeration,
  flip,
  input,
  lit,
  mux,
  output,
  reset,
  stream,
  synchronise,
  transfers,
  uint,
} from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';

/** Bits of a byte on the line: start, data, stop. */
const lineBits = 10;

/**
 * Bytes from the line. Each bit is the majority of three samples around its middle. Without a stop bit the byte is reported as broken, and the next one
 * begins only after the line has been idle again, so that a break is one broken byte.
 */
export const uartReceiver = (name: string, clocksPerBit: number) =>
  component(
    name,
    {
      clk: clock(),
      rst: reset(),
      line: input(bool(), 'from the pin, at any time'),
      data: output(uint(8), 'the byte, as it is complete'),
      valid: output(bool(), 'one clock: a byte is complete'),
      broken: output(bool(), 'one clock: a byte had no stop bit'),
    },
    (m, io) => {
      m.doc(
        `Serial receiver, ${clocksPerBit} clocks a bit: majority of three samples, waits for an idle line after a broken byte.`,
      );
      m.section('Line: two flip-flops against metastability, then a majority of three');
      const a = synchronise(m, 'sample', io.line, io.clk, { reset: 1 });
      const earlier = m.register('earlier', uint(2), { reset: 3, doc: 'the two samples before' });
      m.next(earlier, concat(earlier.bit(0), a));
      const [b, c] = [earlier.bit(0), earlier.bit(1)];
      const level = m.name('level', a.and(b).or(a.and(c)).or(b.and(c)));

      m.section('Bits');
      const state = m.register('state', enumeration('state', ['idle', 'receive', 'wait_idle']), { reset: 'wait_idle' });
      const left = m.register('clocks_left', uint(unsignedBits(clocksPerBit - 1)), { reset: 0 });
      const bit = m.register('bit_index', uint(4), { reset: 0 });
      const data = m.register('bits', uint(8), { reset: 0 });
      const valid = m.register('byte_valid', bool(), { reset: 0 });
      const broken = m.register('byte_broken', bool(), { reset: 0 });
      m.next(valid, 0);
      m.next(broken, 0);
      const middle = m.name('middle', left.equals(0));
      m.switch(state, {
        idle: () => {
          m.next(bit, 0);
          m.next(left, Math.floor(clocksPerBit / 2) - 1);
          m.when(level.not(), () => m.next(state, 'receive'));
        },
        receive: () => {
          m.next(left, mux(middle, clocksPerBit - 1, left.subWrap(1)));
          m.when(middle, () => {
            m.next(bit, bit.addWrap(1));
            m.when(bit.equals(0), () => {
              // Too short to be a start bit.
              m.when(level, () => m.next(state, 'idle'));
            })
              .elseWhen(bit.equals(lineBits - 1), () => {
                m.next(valid, level);
                m.next(broken, level.not());
                m.when(level, () => m.next(state, 'idle')).otherwise(() => m.next(state, 'wait_idle'));
              })
              .otherwise(() => m.next(data, concat(level, data.slice(7, 1))));
          });
        },
        wait_idle: () => {
          m.when(level, () => m.next(state, 'idle'));
        },
      });
      m.assign(io.data, data);
      m.assign(io.valid, valid);
      m.assign(io.broken, broken);
    },
  );

/** Bytes to the line. */
export const uartTransmitter = (name: string, clocksPerBit: number) =>
  component(
    name,
    { clk: clock(), rst: reset(), bytes: flip(stream(uint(8))), line: output(bool(), 'to the pin') },
    (m, io) => {
      m.doc(`Serial transmitter, ${clocksPerBit} clocks a bit.`);
      const left = m.register('clocks_left', uint(unsignedBits(clocksPerBit - 1)), { reset: 0 });
      const bits = m.register('bits', uint(lineBits - 1), {
        reset: 2 ** (lineBits - 1) - 1,
        doc: 'the lowest is on the line',
      });
      const count = m.register('bits_left', uint(unsignedBits(lineBits)), { reset: 0 });
      const idle = m.name('idle', count.equals(0));
      m.assign(io.bytes.ready, idle);
      m.when(transfers(io.bytes), () => {
        m.next(bits, concat(io.bytes.data, lit(0, uint(1))));
        m.next(count, lineBits);
        m.next(left, clocksPerBit - 1);
      }).elseWhen(idle.not(), () => {
        m.when(left.equals(0), () => {
          m.next(left, clocksPerBit - 1);
          m.next(bits, concat(lit(1, uint(1)), bits.slice(lineBits - 2, 1)));
          m.next(count, count.subWrap(1));
        }).otherwise(() => m.next(left, left.subWrap(1)));
      });
      m.assign(io.line, bits.bit(0));
    },
  );
