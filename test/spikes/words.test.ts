/** The words themselves: what is proved of the LFSRs, and where linear generators betray themselves. */
import { describe, expect, it } from 'vitest';
import { ChachaWords } from '../../src/golden/functional/chacha.ts';
import { blockSteps } from '../../src/golden/functional/words.ts';
import { jump, nextWord } from '../../src/golden/stream.ts';
import type { StreamPlan } from '../../src/plan/index.ts';
import { primitiveTaps, streamLeap } from '../../src/plan/maker/streams.ts';
import { inputStreamOf, layerStreams } from '../plan-parts.ts';
import { distance, order, orderOfX, step } from './field.ts';
import { linearComplexity, rank } from './linear.ts';
import { referencePlan } from './simulate.ts';

const plan = referencePlan();
const streams: readonly (readonly [string, StreamPlan])[] = [['encoder', inputStreamOf(plan)], ...layerStreams(plan)];

function* wordsOf(stream: StreamPlan): Generator<number> {
  for (let state = stream.seed; ; state = nextWord(state, stream)) yield state & 0xffff;
}

function take(count: number, words: Iterator<number>): number[] {
  return Array.from({ length: count }, () => words.next().value as number);
}

function strongWords(count: number): number[] {
  const source = new ChachaWords(1, 0, count, 0);
  const block = new Uint16Array(blockSteps * count);
  source.nextBlock(block);
  return [...block.subarray(0, count)];
}

describe.each(streams)('the stream of the %s', (_, stream) => {
  it('has the full period in bits and in words', () => {
    expect(orderOfX(stream.taps)).toBe(order);
    // The leap shares no factor with the period: the words run through all states, too.
    for (const factor of [3, 5, 17, 257, 65537]) expect(stream.leap % factor).not.toBe(0);
    expect(stream.leap).toBeGreaterThanOrEqual(16);
  });

  it('starts each time step as many words further on as the ones before have drawn, by discrete logarithm', () => {
    const { seed, wordsPerTimeStep, leap, taps } = stream;
    for (const [image, timeStep] of [
      [0, 1],
      [0, 63],
      [1, 0],
      [9999, 7],
    ] as const) {
      const words = BigInt(image * plan.timeSteps.max + timeStep) * BigInt(wordsPerTimeStep);
      const start = jump(seed, stream, words);
      expect(distance(seed, start, taps)).toBe((words * BigInt(leap)) % order);
    }
  });

  it('does not come round within the 10,000 test images', () => {
    const perImage = BigInt(plan.timeSteps.max) * BigInt(stream.wordsPerTimeStep);
    expect(perImage * 10_000n).toBeLessThan(order);
  });
});

describe('streams of one core', () => {
  it('have polynomials of their own, so that no two sequences share 64 bits in a row', () => {
    // Where two sequences agree for deg p + deg q = 64 bits, their difference, which obeys p * q, is 0 there and so for ever; then
    // both obey p and q, which have no common factor: both would be 0.
    const polynomials = streams.map(([, { taps }]) => taps.join());
    expect(new Set(polynomials).size).toBe(streams.length);
    const offered = primitiveTaps(32);
    expect(new Set(offered.map(String)).size).toBe(32);
    for (const taps of offered) expect(orderOfX(taps)).toBe(order);
  });

  it('in fact share none of 20,000 windows', () => {
    const windows = new Set<string>();
    for (const [, stream] of streams) {
      const words = take(20_000, wordsOf(stream));
      for (let i = 0; i + 4 <= words.length; i += 1) windows.add(words.slice(i, i + 4).join());
    }
    expect(windows.size).toBe(streams.length * 19_997);
  });
});

describe('the missing zero state', () => {
  it('takes one of 2^32 occurrences from the word 0: shown on all states of a small register', () => {
    // x^16 + x^5 + x^3 + x^2 + 1, words of 8 bits: 2^16 - 1 states. Word 0 comes 2^8 - 1 times, every other word 2^8 times.
    const taps = [0, 2, 3, 5];
    const counts = new Array<number>(256).fill(0);
    let state = 1;
    let period = 0;
    do {
      counts[state & 255]! += 1;
      let feedback = 0;
      for (const tap of taps) feedback ^= state >>> tap;
      state = (state >>> 1) | ((feedback & 1) << 15);
      period += 1;
    } while (state !== 1);
    expect(period).toBe(2 ** 16 - 1);
    expect(counts[0]).toBe(2 ** 8 - 1);
    expect(counts.slice(1).every((count) => count === 2 ** 8)).toBe(true);
    // For 32 and 16 bits: P(word < c) = (c * 2^16 - 1) / (2^32 - 1), too small by less than 2^-32.
    for (const code of [1, 256, 32768, 65534]) {
      const bias = code / 65536 - (code * 65536 - 1) / (2 ** 32 - 1);
      expect(bias).toBeGreaterThan(0);
      expect(bias).toBeLessThan(2 ** -32);
    }
  });
});

describe('what must fail', () => {
  it('linear complexity: 32 bits explain all others; a strong generator needs half of any', () => {
    const bit = (words: readonly number[]) => words.map((word) => word >>> 15);
    for (const [, stream] of streams) expect(linearComplexity(bit(take(1000, wordsOf(stream))))).toBe(32);
    expect(Math.abs(linearComplexity(bit(strongWords(1000))) - 500)).toBeLessThan(8);
  });

  it('matrix rank: 64 words of 64 bits never have a rank above 32', () => {
    const matrix = (words: readonly number[]) =>
      Array.from({ length: 64 }, (_, row) =>
        words.slice(4 * row, 4 * row + 4).reduce((bits, word) => (bits << 16n) | BigInt(word), 0n),
      );
    for (const [, stream] of streams) {
      const source = wordsOf(stream);
      for (let i = 0; i < 20; i += 1) expect(rank(matrix(take(256, source)))).toBeLessThanOrEqual(32);
    }
    const strong = strongWords(256 * 20);
    for (let i = 0; i < 20; i += 1) expect(rank(matrix(strong.slice(256 * i, 256 * i + 256)))).toBeGreaterThan(58);
  });
});

describe('the proofs themselves', () => {
  it('count steps as stepping does', () => {
    const taps = [0, 2, 3, 9];
    let state = 0x1234567;
    for (let i = 0; i < 1000; i += 1) state = step(state, taps);
    expect(distance(0x1234567, state, taps)).toBe(1000n);
    expect(distance(state, 0x1234567, taps)).toBe(order - 1000n);
  });

  it('refuse a polynomial that is not primitive', () => {
    // Divisible by x + 1, and one whose register returns early.
    expect(orderOfX([0, 1, 2])).not.toBe(order);
    expect(orderOfX([0, 4, 8, 16])).not.toBe(order);
    expect(streamLeap).toBe(19);
  });
});
