import { describe, expect, it } from 'vitest';
import { WindowHash } from '../../src/sim/hash.ts';
import { StimulusDriver, tailCycles } from '../../src/sim/stimulus.ts';
import { noise } from './temporary.ts';

const outputs = { sAxisTready: true, mAxisTvalid: false, mAxisTdata: 0, mAxisTlast: false };

describe('stimulus', () => {
  it('sends every pixel once, in order, with tlast at the end of an image, whatever the gaps', () => {
    for (const stall of [0, 1, 2, 3, 4]) {
      const pixels = noise(6 * 20, 7);
      const driver = new StimulusDriver({ pixels, imageSize: 6, timeSteps: [3, 9], stall, wrongLast: [4, 11] }, 9);
      const sent: number[] = [];
      const lasts: number[] = [];
      const steps: number[] = [];
      let held: string | undefined;
      const busy = noise(20_000, stall + 1);
      for (let cycle = 0; cycle < 20_000 && driver.imagesSent < 20; cycle++) {
        const inputs = driver.drive();
        const { sAxisTdata, sAxisTlast } = inputs;
        const beat = `${sAxisTdata} ${sAxisTlast}`;
        // AXI-Stream: a beat that was offered stays until it is taken.
        if (held !== undefined) expect([inputs.sAxisTvalid, beat]).toEqual([true, held]);
        const ready = busy[cycle]! % 3 !== 0;
        held = inputs.sAxisTvalid && !ready ? beat : undefined;
        if (inputs.sAxisTvalid && ready) {
          if (sAxisTlast) lasts.push(sent.length);
          if (sent.length % 6 === 0) steps.push(inputs.timeSteps);
          sent.push(Number(sAxisTdata));
        }
        driver.observe({ ...outputs, sAxisTready: ready });
      }
      expect(sent, `stall ${stall}`).toEqual(Array.from(pixels));
      expect(steps).toEqual([3, ...Array.from({ length: 19 }, () => 9)]);
      expect(lasts.slice(0, 4)).toEqual([4, 5, 17, 23]);
    }
  });

  it('collects result packets and ends some cycles after the last', () => {
    const driver = new StimulusDriver({ pixels: new Uint8Array(2), imageSize: 1, timeSteps: 1 }, 1);
    const send = (data: number, last: boolean) => {
      driver.drive();
      driver.observe({ sAxisTready: true, mAxisTvalid: true, mAxisTdata: data, mAxisTlast: last });
    };
    for (const [data, last] of [
      [0xfffffffe, false],
      [7, false],
      [1, true],
      [4, false],
      [5, false],
      [0, true],
    ] as const)
      send(data, last);
    expect(driver.results).toEqual([
      {
        image: 0,
        class: 1,
        stepsUsed: 0,
        abstains: false,
        scores: [-2, 7],
        firstPixelCycle: 0,
        lastPixelCycle: 0,
        resultCycle: 2,
      },
      {
        image: 1,
        class: 0,
        stepsUsed: 0,
        abstains: false,
        scores: [4, 5],
        firstPixelCycle: 1,
        lastPixelCycle: 1,
        resultCycle: 5,
      },
    ]);
    for (let i = 0; i < tailCycles; i++) {
      expect(driver.done).toBe(false);
      driver.drive();
      driver.observe(outputs);
    }
    expect(driver.done).toBe(true);
  });
});

describe('window hash', () => {
  it('shows every single wrong bit, and pairs of them', () => {
    const digest = (edit: (words: Uint32Array[]) => void): string => {
      const cycles = Array.from({ length: 5 }, (_, i) => Uint32Array.from(noise(7, i + 1)));
      edit(cycles);
      const places = Int32Array.of(0, 1, 2, 3, 4, 5, 6, -1);
      const hash = new WindowHash({ words: 8, masks: new Int32Array(8).fill(-1), places });
      for (const words of cycles) {
        hash.words.set(words);
        hash.add();
      }
      return hash.digest();
    };
    const right = digest(() => undefined);
    const seen = new Set([right]);
    for (let cycle = 0; cycle < 5; cycle++) {
      for (let word = 0; word < 7; word++) {
        for (let bit = 0; bit < 32; bit++) {
          seen.add(
            digest((cycles) => {
              cycles[cycle]![word]! ^= 1 << bit;
            }),
          );
        }
      }
    }
    expect(seen.size).toBe(1 + 5 * 7 * 32);
    for (let bit = 0; bit < 32; bit++) {
      const twice = digest((cycles) => {
        cycles[1]![0]! ^= 0x80000000;
        cycles[1]![4]! ^= 1 << bit;
      });
      expect(twice, `top bit and bit ${bit}`).not.toBe(right);
    }
  });
});
