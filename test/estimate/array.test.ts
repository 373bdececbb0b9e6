import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readMargin, upperTail } from '../../src/estimate/array/circuit.ts';
import { approximateNetwork, solveNetwork } from '../../src/estimate/array/network.ts';
import { readErrors } from '../../src/estimate/array/sums.ts';
import {
  buildChip,
  type ChipChoice,
  type ChipParts,
  chipObjections,
  chipPlan,
  countCurrents,
  estimateArray,
  layerSums,
  parseParts,
} from '../../src/estimate/index.ts';
import { classifyImages, countEvents } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { assumptionsWith, smallDevice, twoNeurons } from './small.ts';

const partsText = readFileSync(new URL('../../models/chip/crossbars.json', import.meta.url), 'utf8');
const usual = parseParts(partsText, 'crossbars.json');

const choice: ChipChoice = {
  cell: 'rram',
  cellBits: 12,
  cellsPerWeight: 1,
  rowV: 0.2,
  tileRows: 128,
  pair: 'columns',
  driverOhm: 200,
  clampM2: 1e-12,
  clampMaxA: 4e-4,
  trimBits: 0,
  latchScale: 32,
  readV: 0.5,
  devices: 1,
};

/** Wires, clamps, cells and latches without a fault. */
const perfect: ChipParts = {
  ...usual,
  process: {
    ...usual.process,
    wireOhmPerM: 1e-3,
    thresholdMismatchVM: 0,
    clampGain: 1e6,
    junctionSpread: 0,
    thresholdSpread: 0,
  },
  cells: { ...usual.cells, rram: { ...usual.cells.rram!, spreadS: [0, 0, 0] } },
};

describe('the network of a crossbar', () => {
  it('is a ladder for one row and one column', () => {
    // One cell of 10 kohm behind 100, 50 ohm of driver and clamp: 10.15 kohm.
    const one = solveNetwork([Float64Array.of(1e-4)], { row: 1, column: 1, driver: 100, clamp: 50 });
    expect(one[0]![0]! * 10150).toBeCloseTo(1, 12);
    // Two cells of 1 ohm on one row, each to a clamp of 1 ohm; driver and wire 1 ohm: by hand, node b sees 1 + 2 = 3 ohm, a 3 || 2 = 1.2 ohm.
    const two = solveNetwork([Float64Array.of(1, 1)], { row: 1, column: 1, driver: 1, clamp: 1 });
    const a = 1.2 / 2.2;
    expect(two[0]![0]).toBeCloseTo(a / 2, 12);
    expect(two[0]![1]).toBeCloseTo(a / 3, 12);
  });

  it.each([
    [40, 12],
    [12, 40],
  ])('has the currents of all rows without solving for each column (%i x %i)', (rows, columns) => {
    const cells = Array.from({ length: rows }, (_, i) =>
      Float64Array.from({ length: columns }, (_, j) => 1e-6 + ((i * 7 + j * 13) % 40) * 1e-6),
    );
    const wires = { row: 5, column: 3, driver: 200, clamp: 150 };
    const exact = solveNetwork(cells, wires);
    const close = approximateNetwork(cells, wires);
    for (let j = 0; j < columns; j += 1) {
      const current = (of: readonly Float64Array[]) => of.reduce((sum, row) => sum + row[j]!, 0);
      expect(current(close) / current(exact)).toBeCloseTo(1, 5);
    }
    const all = (of: (i: number, j: number) => number) =>
      Math.max(...exact.flatMap((row, i) => [...row].map((_, j) => of(i, j))));
    const lost = all((i, j) => cells[i]![j]! - exact[i]![j]!);
    expect(lost).toBeGreaterThan(7e-6);
    expect(all((i, j) => Math.abs(exact[i]![j]! - close[i]![j]!))).toBeLessThan(0.03 * lost);
  });

  it('refuses a wire without resistance', () => {
    const wires = { row: 0, column: 1, driver: 1, clamp: 1 };
    expect(() => solveNetwork([Float64Array.of(1)], wires)).toThrow(/not above 0/);
  });
});

function build(parts: ChipParts, own: ChipChoice = choice, plan: Plan = twoNeurons()) {
  const chip = buildChip(plan, smallDevice, assumptionsWith(), parts, own);
  const counted = countCurrents(plan, chip.layouts, Uint8Array.of(255, 0), 3, chip.cell, own);
  return { chip, plan, ...counted };
}

function sumsOf(parts: ChipParts, own: ChipChoice = choice) {
  const { chip } = build(parts, own);
  return layerSums(
    chip.layouts[0]!,
    0,
    chip.circuits[0]!,
    chip.margin,
    chip.neuron.calibration.slopeA,
    chip.cell,
    own,
    1,
  );
}

describe('the sums of a chip', () => {
  it('are the weights where nothing is at fault', () => {
    for (const pair of ['columns', 'rows'] as const) {
      const { weights, bias, offsets, reach } = sumsOf(perfect, { ...choice, pair });
      const found = weights.flat();
      for (const [i, weight] of [4, -2, -3, 3].entries()) expect(found[i]).toBeCloseTo(weight, 1);
      expect(bias[0]).toBeCloseTo(1, 1);
      expect(bias[1]).toBeCloseTo(-1, 1);
      expect(Math.abs(offsets[0]![0]!)).toBe(0);
      expect(reach.least).toBeGreaterThan(0.98);
    }
  });

  it('spread with the cells, shrink with the wires, and come closer with a trim', () => {
    const apart = (parts: ChipParts, own: ChipChoice = choice) => {
      const { weights } = sumsOf(parts, own);
      return Math.hypot(weights[0]![0]! - 4, weights[0]![1]! + 2, weights[1]![0]! + 3, weights[1]![1]! - 3);
    };
    expect(apart(perfect)).toBeLessThan(0.05);
    expect(apart(usual)).toBeGreaterThan(0.1);
    const wires = { ...perfect, process: { ...perfect.process, wireOhmPerM: 1e9 } };
    expect(sumsOf(wires).reach.least).toBeLessThan(0.95);
    expect(apart(wires, { ...choice, trimBits: 12 })).toBeLessThan(apart(wires));
  });

  it('go into a plan that the golden model takes, and give its answers where nothing is at fault', async () => {
    const { chip, plan } = build(perfect);
    const made = chipPlan(plan, [sumsOf(perfect)], chip.neuron, { ...chip.margin, noiseV: 1e-6 }, 2e-4);
    const pixels = Uint8Array.of(255, 0, 0, 255, 255, 255, 10, 200);
    const ideal = await classifyImages(plan, pixels, { timeSteps: 3 });
    const own = await classifyImages(made.plan, pixels, { timeSteps: 3, devices: made.devices });
    expect([...own.scores]).toEqual([...ideal.scores]);
  });

  it('end where the driver does', () => {
    const { chip, plan } = build(perfect);
    const [table, narrow] = [2e-4, 5e-5].map((driverMaxA) => {
      const { neuron } = chipPlan(plan, [sumsOf(perfect)], chip.neuron, { ...chip.margin, noiseV: 1e-6 }, driverMaxA)
        .plan.layers[0]!;
      return 'table' in neuron ? neuron.table : [];
    });
    expect(table).toEqual([0, 65535]);
    // 50 uA are a potential of -3: the second entry is never reached.
    expect(narrow).toEqual([0, 0]);
  });
});

describe('the read', () => {
  it('has the margin of its divider', () => {
    const { chip } = build(usual);
    const { parallelOhm: p, antiparallelOhm: a, referenceOhm: r } = chip.neuron;
    expect(chip.margin.marginV).toBeCloseTo(0.25 * (a / (a + r) - p / (p + r)), 9);
    expect(1e3 * chip.margin.marginV).toBeCloseTo(43, 0);
  });

  it('holds a fifth to a third of the devices with minimum latches', () => {
    const { chip } = build(usual);
    const { offsetV, stuckShare } = readMargin(
      chip.neuron,
      { ...choice, latchScale: 1 },
      usual.process,
      smallDevice.parameters,
    );
    expect(offsetV).toBeGreaterThan(0.035);
    expect(offsetV).toBeLessThan(0.05);
    expect(stuckShare).toBeGreaterThan(0.2);
    expect(stuckShare).toBeLessThan(0.35);
  });

  it('errs as its noise says', () => {
    expect(upperTail(1)).toBeCloseTo(0.158655, 5);
    expect(upperTail(-2)).toBeCloseTo(0.97725, 5);
    const margin = { marginV: 0.04, offsetV: 1e-4, noiseV: 0.02, stuckShare: 0, readA: 0, disturb: 0 };
    expect(readErrors(margin).missed).toBeCloseTo(upperTail(2), 3);
  });
});

describe('what cannot be built', () => {
  const reasons = (own: ChipChoice) => {
    const { chip, currents } = build(usual, own);
    return chipObjections(chip, currents, assumptionsWith(), usual).join('\n');
  };
  it.each([
    [{}, /^$/],
    [{ rowV: 0.5 }, /disturb cells/],
    [{ clampMaxA: 1e-6 }, /a column carries up to [\d.]+ uA, its clamp takes 1\.00 uA/],
    [{ devices: 576 }, /576 devices fill their node/],
    [{ readV: 3 }, /flips the junction/],
    [{ latchScale: 1 }, /hold .* % of the devices stuck/],
  ] as const)('%o', (change, expected) => {
    expect(reasons({ ...choice, ...change })).toMatch(expected);
  });
});

describe('energy, area and time', () => {
  const figures = (own: ChipChoice, parts = usual) => {
    const { chip, plan, events, currents } = build(parts, own);
    return estimateArray(chip, plan, events, currents, smallDevice, assumptionsWith(), parts);
  };

  it('has the currents of its cells by hand', () => {
    const { currents, chip } = build(usual);
    const { unitS } = chip.layouts[0]!;
    // Bias and first pixel: the columns of output 0 get 5 and 0 units, of output 1 0 and 4, each of two cells' least.
    const expected = 0.2 * (8 * 1e-6 + 9 * unitS);
    expect(currents[0]!.meanA / expected).toBeCloseTo(1, 9);
    expect(currents[0]!.columnA / (0.2 * (2e-6 + 5 * unitS))).toBeCloseTo(1, 9);
    expect(currents[0]!.meanRows).toBe(2);
  });

  it('trades matching against settling, devices against time', () => {
    const small = figures({ ...choice, clampM2: 1e-13 });
    const large = figures({ ...choice, clampM2: 4e-12 });
    expect(large.layers[0]!.settleS).toBeGreaterThan(small.layers[0]!.settleS);
    expect(large.layers[0]!.offset).toBeLessThan(small.layers[0]!.offset);
    expect(large.totalJ).toBeGreaterThan(small.totalJ);
    expect(figures({ ...choice, devices: 4 }).latencyS).toBeLessThan(figures(choice).latencyS);
    expect(figures(choice).totalJ).toBeCloseTo(
      ['writeJ', 'readJ', 'resetJ', 'crossbarJ', 'rowsJ', 'clampsJ', 'peripheryJ'].reduce(
        (sum, part) => sum + (figures(choice) as unknown as Record<string, number>)[part]!,
        0,
      ),
      18,
    );
  });

  it('splits rows into tiles', () => {
    const one = figures({ ...choice, tileRows: 2 });
    expect(one.tiles).toBe(2);
    expect(one.cells).toBe(figures(choice).cells);
  });
});

describe('a file of parts', () => {
  const changed = (change: (data: Record<string, Record<string, unknown>>) => void) => {
    const data = JSON.parse(partsText) as Record<string, Record<string, unknown>>;
    change(data);
    return () => parseParts(JSON.stringify(data), 'own.json');
  };
  it.each([
    [(data: Record<string, Record<string, unknown>>) => delete data.process!.wireMaxA, /process\.wireMaxA/],
    [(data: Record<string, Record<string, unknown>>) => (data.choices!.cell = ['flash']), /flash/],
    [(data: Record<string, Record<string, unknown>>) => (data.choices!.rowV = []), /choices\.rowV/],
  ])('says what is wrong (%#)', (change, expected) => {
    try {
      changed(change)();
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify(error) + String(error)).toMatch(expected);
    }
  });
});

describe('events', () => {
  it('show the inputs of every position', () => {
    const seen: number[][] = [];
    countEvents(twoNeurons(), Uint8Array.of(255, 0), {
      timeSteps: 3,
      onWindow: (layer, inputs) => seen.push([layer, ...inputs]),
    });
    expect(seen).toEqual([
      [0, 1, 0],
      [0, 1, 0],
      [0, 1, 0],
    ]);
  });
});
