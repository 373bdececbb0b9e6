import { describe, expect, it } from 'vitest';
import { Jump, jump, nextWord } from '../../src/golden/stream.ts';
import { isPrimitive } from './polynomials.ts';
import { primitiveTaps, randomFrom } from './random-plan.ts';

describe('a stream of words', () => {
  it('advances a word by as many bits as the recurrence gives one by one', () => {
    const random = randomFrom(11);
    for (const taps of primitiveTaps) {
      for (const leap of [16, 17, 19]) {
        const seed = 1 + random(2 ** 32 - 2);
        const bits = Array.from({ length: 32 }, (_, i) => Math.floor(seed / 2 ** i) % 2);
        for (let n = 0; bits.length < leap * 100 + 32; n += 1) {
          bits.push(taps.reduce((sum, tap) => sum + bits[n + tap]!, 0) % 2);
        }
        let state = seed;
        for (let word = 1; word <= 100; word += 1) {
          state = nextWord(state, { taps, leap });
          const expected = bits.slice(word * leap, word * leap + 32).reduce((sum, bit, i) => sum + bit * 2 ** i, 0);
          expect(state, `taps ${taps}, leap ${leap}, word ${word}`).toBe(expected);
        }
      }
    }
  });

  it('jumps as far as steps go, in one go and by table', () => {
    const random = randomFrom(12);
    for (const taps of primitiveTaps) {
      const stream = { taps, leap: 16 + random(4) };
      const seed = 1 + random(2 ** 32 - 2);
      let state = seed;
      let done = 0;
      for (const distance of [0, 1, 2, 31, 32, 33, 784, 3456, 20_000]) {
        for (; done < distance; done += 1) state = nextWord(state, stream);
        expect(jump(seed, stream, BigInt(distance)), `taps ${taps}, ${distance} words`).toBe(state);
        expect(new Jump(stream, BigInt(distance)).apply(seed), `taps ${taps}, ${distance} words`).toBe(state);
      }
    }
  });

  it('jumps over distances that no loop could go: whole periods, and sums of parts', () => {
    const period = 2n ** 32n - 1n;
    const seed = 0xdeadbeef;
    for (const taps of primitiveTaps) {
      const stream = { taps, leap: 19 };
      expect(jump(seed, stream, period)).toBe(seed);
      expect(jump(seed, stream, period * 12_345_678_901n + 5n)).toBe(jump(seed, stream, 5n));
      expect(jump(jump(seed, stream, 10n ** 12n), stream, 7n)).toBe(jump(seed, stream, 10n ** 12n + 7n));
      for (const factor of [3n, 5n, 17n, 257n, 65537n]) expect(jump(seed, stream, period / factor)).not.toBe(seed);
    }
  });

  it('is tested with primitive polynomials, and the test of that can fail', () => {
    for (const taps of primitiveTaps) expect(isPrimitive(taps), `${taps}`).toBe(true);
    expect(isPrimitive([0, 1, 2, 3])).toBe(false);
  });
});
