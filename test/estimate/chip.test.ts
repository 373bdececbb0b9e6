import { describe, expect, it } from 'vitest';
import { type ChipEnergy, type ChipEstimate, chipParts, estimateChip } from '../../src/estimate/index.ts';
import { countEvents } from '../../src/golden/index.ts';
import { assumptionsWith, smallDevice, twoNeurons } from './small.ts';

/** Pixels 255 and 0: the first always spikes, the second never. */
const pixels = Uint8Array.of(255, 0);
const steps = 3;

function estimate(values: Record<string, number> = {}, plan = twoNeurons(), images = pixels): ChipEstimate {
  return estimateChip(plan, countEvents(plan, images, { timeSteps: steps }), smallDevice, assumptionsWith(values));
}

const close = (found: number, expected: number) => expect(found / expected).toBeCloseTo(1, 4);

describe('two neurons by hand', () => {
  // v0 = 1 + 4 = 5, z0 = 1.25: 80 + 12.5 = 92.5 uA, spikes. v1 = -1 - 3 = -4, z1 = -1: 70 uA, silent.
  const chip = estimate({
    'chip.driverSupplyV': 1,
    'chip.driverMaxA': 2e-4,
    'chip.crossbarRowV': 0.5,
    'chip.crossbarOnOff': 10,
    'chip.crossbarSettleS': 1e-9,
    'chip.cellCapacitanceF': 1e-16,
    'chip.rowSwitchF': 2e-15,
    'chip.logicSupplyV': 1,
    'chip.virtualGroundJ': 7e-15,
    'chip.heavyMetalScale': 1,
    // With the 100 x 40 nm ellipse of pi * 1e-15 m2: 2 kohm.
    'chip.resistanceAreaOhmM2': 2e3 * Math.PI * 1e-15,
    'chip.tmr': 1.25,
    'chip.readSupplyV': 0.5,
    'chip.readS': 1e-9,
    'chip.senseJ': 5e-15,
    'chip.resetCurrentScale': 1,
    'chip.resetOfSilent': 0,
    'chip.stepControlJ': 1e-14,
    'chip.encoderDacJ': 2e-14,
    'chip.neuronSwitchF': 3e-15,
    'chip.biasExtraS': 0,
    'chip.readoutCountJ': 3e-14,
  });
  const layer = chip.layers.find(({ name }) => name === 'layer')!;

  it('counts each write, read, spike, reset and active row', () => {
    // Rows: the bias and the first pixel in each of three steps.
    expect(layer.counts).toEqual({ writes: 6, reads: 6, resets: 3, spikes: 3, activeRows: 6 });
    expect(chip.layers[0]!.counts).toEqual({ writes: 3, reads: 3, resets: 3, spikes: 3, activeRows: 0 });
  });

  it('writes each neuron with the current of its own potential', () => {
    // Heavy metal of 1 kohm, 1 ns: I^2 R t; the bias source of 80 uA drops 1 V less the heavy metal's voltage.
    close(layer.heavyMetalJ, 3 * 1e3 * 1e-9 * (92.5e-6 ** 2 + 70e-6 ** 2));
    close(layer.driverJ, 3 * 80e-6 * 1e-9 * (1 - 0.0925 + (1 - 0.07)));
    expect(layer.writeCurrentA.mean).toBeCloseTo(81.25e-6, 10);
    expect(layer.writeCurrentA.deviation).toBeCloseTo(11.25e-6, 10);
  });

  it('reads a divider of 2 kohm, or 4.5 kohm after a switch, with 3 kohm', () => {
    close(layer.readJ, 3 * (0.25e-9 / 7500 + 5e-15) + 3 * (0.25e-9 / 5000 + 5e-15));
  });

  it('resets what spiked, at the current of P = 0.999', () => {
    const resetA = 80e-6 + 10e-6 * Math.log(999);
    close(layer.resetJ, 3 * resetA * 1 * 1e-9);
  });

  it('drives the conductances of the active rows', () => {
    // A unit of weight is 10 uA / 4 / 0.5 V = 5 uS; the largest weight 4 is 20 uS, the least conductance 2 uS in each of four cells.
    const first = 4 * 2e-6 + (4 + 3) * 5e-6;
    const bias = 4 * 2e-6 + (1 + 1) * 5e-6;
    close(layer.crossbarJ, 3 * 0.25 * (first + bias) * 2e-9);
    // Each active row charges four cells to 0.5 V and its switch to 1 V.
    close(layer.rowsJ, 6 * (4 * 1e-16 * 0.25 + 2e-15));
  });

  it('adds what stands around', () => {
    close(layer.clampsJ, 6 * 7e-15);
    close(layer.peripheryJ, 6 * (1e-14 + 3e-15));
    close(chip.layers.at(-1)!.totalJ, 3 * 3e-14);
    close(chip.layers[0]!.peripheryJ, 3 * (2e-14 + 1e-14 + 3e-15));
  });

  it('takes time for write, relaxation, read and reset', () => {
    const { latency } = estimate({ 'chip.readS': 1e-9, 'chip.relaxationS': 2e-9, 'chip.restS': 5e-10 });
    expect(latency.stepS).toBeCloseTo(1e-9 + 2e-9 + 1e-9 + 1e-9, 15);
    // Encoder and layer are a pipeline of two stages.
    expect(latency.unrolledS).toBeCloseTo((3 + 1) * 5.5e-9, 15);
  });

  it('has an area of its devices and cells', () => {
    const { area } = estimate({ 'chip.neuronAreaM2': 3e-12, 'chip.crosspointAreaM2': 4e-14 });
    // Two pixels and two neurons; two inputs and a bias of two weights, two cells each.
    expect(area).toMatchObject({ neurons: 4, cells: 12 });
    close(area.totalM2, 4 * 3e-12 + 12 * 4e-14);
  });
});

describe('sums', () => {
  const chip = estimate();

  it('of the layers are the totals', () => {
    for (const part of [...chipParts, 'totalJ'] as const) {
      close(
        chip[part],
        chip.layers.reduce((sum, layer) => sum + layer[part], 0),
      );
    }
  });

  it('of the parts are the total', () => {
    close(
      chip.totalJ,
      chipParts.reduce((sum, part) => sum + chip[part], 0),
    );
    expect(chip.neuronsJ).toBeLessThan(chip.neuronsAndSynapsesJ);
    expect(chip.neuronsAndSynapsesJ).toBeLessThan(chip.totalJ);
  });

  it('do not depend on how often an image comes', () => {
    const twice = estimate({}, twoNeurons(), Uint8Array.of(255, 0, 255, 0));
    close(twice.totalJ, chip.totalJ);
  });
});

describe('dimensions', () => {
  const base = estimate();
  const part = (values: Record<string, number>, name: keyof ChipEnergy) => estimate(values)[name];

  it('a longer write takes more, in proportion', () => {
    const plan = twoNeurons();
    const events = countEvents(plan, pixels, { timeSteps: steps });
    const long = { ...smallDevice, curve: { ...smallDevice.curve, pulseS: 3e-9 } };
    const chip = estimateChip(plan, events, long, assumptionsWith());
    close(chip.heavyMetalJ, 3 * base.heavyMetalJ);
    close(chip.driverJ, 3 * base.driverJ);
  });

  it('heavy metal goes with its resistance, cells with the row voltage at fixed currents, reads with V^2', () => {
    close(part({ 'chip.heavyMetalScale': 2 }, 'heavyMetalJ'), 2 * base.heavyMetalJ);
    close(part({ 'chip.crossbarRowV': 1 }, 'crossbarJ'), 2 * part({ 'chip.crossbarRowV': 0.5 }, 'crossbarJ'));
    const read = (volts: number) => part({ 'chip.readSupplyV': volts, 'chip.senseJ': 0 }, 'readJ');
    close(read(0.4), 4 * read(0.2));
  });

  it('a write is clamped to the driver', () => {
    // Both neurons want more than 60 uA, the encoder too.
    const chip = estimate({ 'chip.driverMaxA': 6e-5 });
    const layer = chip.layers[1]!;
    close(layer.heavyMetalJ, 6 * 1e3 * 1e-9 * 60e-6 ** 2);
    expect(layer.writeCurrentA).toMatchObject({ clampedShare: 1 });
  });

  it('rises with every cost that is assumed', () => {
    for (const name of [
      'driverSupplyV',
      'readSupplyV',
      'readS',
      'senseJ',
      'stepControlJ',
      'encoderDacJ',
      'virtualGroundJ',
    ]) {
      const at = assumptionsWith().chip[name as 'senseJ'];
      expect(estimate({ [`chip.${name}`]: at.high }).totalJ, name).toBeGreaterThan(
        estimate({ [`chip.${name}`]: at.low }).totalJ,
      );
    }
  });

  it('is nothing without events', () => {
    const black = estimate({}, twoNeurons(), Uint8Array.of(0, 0));
    expect(black.layers[0]!.totalJ).toBe(0);
    expect(black.layers[1]!.counts.activeRows).toBe(steps);
  });
});
