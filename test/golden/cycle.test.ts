import { describe, expect, it } from 'vitest';
import { type CycleInputs, type CycleModel, createCycleModel } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { drive } from './drive.ts';
import { plainPlan } from './plain-plan.ts';
import { randomImages, randomPlan } from './random-plan.ts';

const quiet: CycleInputs = {
  timeSteps: 1,
  sAxisTdata: 0,
  sAxisTvalid: false,
  sAxisTlast: false,
  mAxisTready: true,
};

/** Reads signals by path. */
class Peeker {
  readonly #model: CycleModel;
  readonly #offsets = new Map<string, number>();
  readonly #words: Uint32Array;

  constructor(model: CycleModel) {
    this.#model = model;
    this.#words = new Uint32Array(model.sampleWords);
    let offset = 0;
    for (const { path, width } of model.signals) {
      this.#offsets.set(path, offset);
      offset += Math.ceil(width / 32);
    }
  }

  peek(path: string): number {
    this.#model.sample(this.#words);
    const offset = this.#offsets.get(path);
    if (offset === undefined) throw new Error(`no signal ${path}`);
    return this.#words[offset]!;
  }
}

/** The cycles in which each value of a register begins. */
function changes(plan: Plan, pixels: Uint8Array, path: string, timeSteps: number): [number, number][] {
  const model = createCycleModel(plan);
  const peeker = new Peeker(model);
  const seen: [number, number][] = [];
  drive(model, plan, pixels, {
    timeSteps: [timeSteps],
    onCycle: (cycle) => {
      const value = peeker.peek(path);
      if (seen.at(-1)?.[1] !== value) seen.push([cycle, value]);
    },
  });
  return seen;
}

describe('the schedule, counted by hand from docs/microarchitecture.md', () => {
  // 2x2 pixels, a dense layer of three outputs with one bias row, on two lanes, then the readout; one time step a pass.
  const pixels = Uint8Array.of(255, 255, 0, 255);

  it('of a window engine', () => {
    const plan = plainPlan({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 2 });
    // Pixels are taken in cycles 0..3; the first is there in cycle 1, in which the encoder starts. It loads its one lane in cycle 2,
    // scans in 3..6, pushes in 4..7; the frame is full in cycle 8, in which the engine starts.
    expect(changes(plan, pixels, 'encoder.state', 1)).toEqual([
      [0, 0],
      [2, 1],
      [7, 2],
      [8, 0],
    ]);
    // Taps in cycles 9..13, capture in 14 for group 0. Taps again from 15 to 19. The drain of two was filled in 16, drawn in 16 and
    // 17. The capture of group 1 in 20, its output is drawn in 22: the flush ends with it.
    expect(changes(plan, pixels, 'layer.state', 1)).toEqual([
      [0, 0],
      [9, 1],
      [21, 2],
      [23, 0],
    ]);
    expect(changes(plan, pixels, 'layer.tap', 1).map(([cycle]) => cycle)).toEqual([
      0, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    ]);
    expect(changes(plan, pixels, 'layer.drain_left', 1)).toEqual([
      [0, 0],
      [16, 2],
      [17, 1],
      [18, 0],
      [22, 1],
      [23, 0],
    ]);
    // Three scores in cycles 23..25, the class in 26.
    expect(changes(plan, pixels, 'readout.state', 1)).toEqual([
      [0, 0],
      [23, 1],
      [26, 2],
    ]);
  });

  it('of an event engine', () => {
    const plan = plainPlan({ engine: { kind: 'event' }, outputLanes: 2 });
    // Starts in cycle 8 as the window engine. Three pixels spike: a bias slot and three events in 9..12, capture in 13. Group 1: slots in
    // 14..17, and the capture in 18, because the first one's two outputs have been drawn (the drain is full in 16, drawn in 16 and 17).
    expect(changes(plan, pixels, 'layer.state', 1)).toEqual([
      [0, 0],
      [9, 1],
      [19, 2],
      [22, 0],
    ]);
    expect(changes(plan, pixels, 'layer.drain_left', 1)).toEqual([
      [0, 0],
      [16, 2],
      [17, 1],
      [18, 0],
      [21, 1],
      [22, 0],
    ]);
    expect(changes(plan, pixels, 'layer.slot', 1).map(([, slot]) => slot)).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0]);
  });

  it('keeps two captures apart when a group has next to nothing to add', () => {
    const plan = plainPlan({ engine: { kind: 'event' }, outputLanes: 3 });
    const weights = [1, 5, -1, 7, 9].map((weight) => [weight, 0, 0, 0]);
    const output = { height: 1, width: 1, channels: 5 };
    const layers = plan.layers.map((layer) => ({ ...layer, output, weights, bias: [0, 0, 0, 0, 0], biasRows: [] }));
    const wider = { ...plan, layers, readout: { ...plan.readout, classes: 5 } };
    for (const [pixel, scores] of [
      [255, [1, 5, -1, 7, 9]],
      [0, [0, 0, 0, 0, 0]],
    ] as const) {
      const [packet] = drive(createCycleModel(wider), wider, Uint8Array.of(pixel, 0, 0, 0), { timeSteps: [1] });
      expect(packet!.scores).toEqual(scores);
    }
  });

  it('gives the weighted sums as scores', () => {
    for (const engine of [{ kind: 'window', inputBanks: 2 }, { kind: 'event' }] as const) {
      const plan = plainPlan({ engine, outputLanes: 2 });
      const [packet] = drive(createCycleModel(plan), plan, pixels, { timeSteps: [1] });
      // Weights 1 2 3 4, 5 6 7 8, -1 -2 -3 -4 and biases 1, -2, 3; pixels 0, 1 and 3 spike.
      expect(packet).toMatchObject({ scores: [8, 17, -4], class: 1 });
    }
  });
});

describe('the ports', () => {
  it('report an image that ends early or late, for good, and drop it', () => {
    const plan = plainPlan({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 2 });
    for (const wrong of [0, 3]) {
      const model = createCycleModel(plan);
      for (let pixel = 0; pixel < 4; pixel += 1) {
        const sAxisTlast = wrong === 0 ? pixel === 0 || pixel === 3 : false;
        expect(model.outputs.frameError).toBe(pixel > wrong);
        model.step({ ...quiet, sAxisTvalid: true, sAxisTlast, sAxisTdata: 255 });
      }
      expect(model.outputs.frameError).toBe(true);
      let valid = 0;
      let dropped = 0;
      for (let cycle = 0; cycle < 60; cycle += 1) {
        valid += model.outputs.mAxisTvalid ? 1 : 0;
        dropped += model.outputs.imageDropped ? 1 : 0;
        model.step(quiet);
      }
      expect(valid).toBe(0);
      expect(dropped).toBe(1);
      expect(model.outputs.frameError).toBe(true);
    }
  });

  it('take a bad number of time steps as the nearest good one', () => {
    const plan = randomPlan(4, { encoding: 'bernoulli', readout: 'potential' });
    const pixels = randomImages(4, plan, 1);
    const max = plan.timeSteps.max;
    const run = (timeSteps: number) => drive(createCycleModel(plan), plan, pixels, { timeSteps: [timeSteps] });
    expect(run(0)).toEqual(run(1));
    expect(run(max + 3)).toEqual(run(max));
    expect(run(max)).not.toEqual(run(1));
  });

  it('hold two images back to back, and no third', () => {
    const plan = plainPlan({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 2 });
    const model = createCycleModel(plan);
    let taken = 0;
    for (let cycle = 0; cycle < 400; cycle += 1) {
      taken += model.outputs.sAxisTready ? 1 : 0;
      model.step({ ...quiet, sAxisTvalid: true, sAxisTlast: taken % 4 === 0, mAxisTready: false });
    }
    // One result waits; an image in each bank of the layer's buffer and of the image buffer behind it.
    expect(taken).toBe(4 * 5);
  });
});

describe('the model', () => {
  it('starts over after a reset', () => {
    for (const seed of [1, 2, 3]) {
      const plan = randomPlan(seed);
      const pixels = randomImages(seed, plan, 2);
      const model = createCycleModel(plan);
      const run = () => drive(model, plan, pixels, { timeSteps: [1, plan.timeSteps.max], seed });
      const first = run();
      model.reset();
      expect(run(), `seed ${seed}`).toEqual(first);
    }
  });

  it('names every signal once and samples each within its width, unchanged banks too', () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const plan = randomPlan(seed);
      const model = createCycleModel(plan);
      expect(new Set(model.signals.map(({ path }) => path)).size).toBe(model.signals.length);
      const masks = model.signals.flatMap(({ width }) =>
        Array.from({ length: Math.ceil(width / 32) }, (_, i) => 0xffffffff >>> Math.max(0, 32 * (i + 1) - width)),
      );
      const words = new Uint32Array(model.sampleWords);
      const other = new Uint32Array(model.sampleWords);
      drive(model, plan, randomImages(seed, plan, 1), {
        timeSteps: [plan.timeSteps.max],
        onCycle: () => {
          model.sample(words);
          const wide = words.findIndex((word, i) => word > masks[i]! >>> 0);
          expect(wide, `seed ${seed}`).toBe(-1);
          other.fill(0xffffffff);
          model.sample(other);
          expect(Buffer.compare(Buffer.from(words.buffer), Buffer.from(other.buffer))).toBe(0);
        },
      });
    }
  });

  it('samples in every cycle what a model shows that is sampled for the first time then', () => {
    const plan = plainPlan({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 2 });
    const model = createCycleModel(plan);
    const words = new Uint32Array(model.sampleWords);
    const samples: Uint32Array[] = [];
    const pixels = Uint8Array.of(255, 255, 0, 255);
    const onCycle = () => {
      model.sample(words);
      samples.push(words.slice());
    };
    drive(model, plan, pixels, { timeSteps: [2], onCycle });
    for (const [cycle, expected] of samples.entries()) {
      const fresh = createCycleModel(plan);
      drive(fresh, plan, pixels, {
        timeSteps: [2],
        onCycle: (now) => {
          if (now === cycle) fresh.sample(words);
        },
      });
      expect(words, `cycle ${cycle}`).toEqual(expected);
    }
  });

  it('says what a register works on', () => {
    const plan = plainPlan({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 2 });
    const model = createCycleModel(plan);
    const seen: string[] = [];
    drive(model, plan, Uint8Array.of(255, 255, 0, 255), {
      timeSteps: [2],
      onCycle: (cycle) => {
        if (cycle === 15 || cycle === 21) {
          seen.push(
            JSON.stringify(model.work('layer.lane[1].unit.step[0].acc')),
            JSON.stringify(model.work('layer.lane[0].unit.step[0].drain')),
          );
        }
      },
    });
    expect(seen).toEqual([
      '{"layer":"layer","image":0,"timeStep":"0","neuron":"channel 1, y 0, x 0"}',
      '{"layer":"layer","image":0,"timeStep":"0","neuron":"channel 0, y 0, x 0"}',
      // The second group's lane 1 is beyond the last channel; its lane 0 is next to leave the drain.
      '{"layer":"layer","image":0,"timeStep":"0","neuron":"channel 3, y 0, x 0"}',
      '{"layer":"layer","image":0,"timeStep":"0","neuron":"channel 2, y 0, x 0"}',
    ]);
    expect(model.work('image_buffer.wr_addr')).toEqual({ layer: 'input' });
    expect(model.work('readout.best')).toMatchObject({ layer: 'readout' });
    expect(model.work('frame_error')).toEqual({});
  });
});
