/**
 * Every register of a core's Verilog, as the harness reads it, is predicted by the golden model and as wide there. Layers of the same kind share
 * a module, whose loops are then as long as its parameters say: folds of two convolutions try many of these.
 */
import { describe, expect, it } from 'vitest';
import { buildHardware, defineCore, mtj, planCore } from '../../src/core/index.ts';
import { logisticCurve } from '../../src/device/index.ts';
import { createCycleModel } from '../../src/golden/index.ts';
import { emitVerilog } from '../../src/hdl/index.ts';
import type { LayerFold, Plan } from '../../src/plan/index.ts';
import { matchSignals } from '../../src/sim/signals.ts';
import { verilogRegisters } from '../../src/sim/verilog-registers.ts';
import { randomPlan } from '../golden/random-plan.ts';

function expectSameRegisters(plan: Plan): void {
  const output = emitVerilog(buildHardware(plan), { generator: 'test', configuration: 'none' });
  const registers = verilogRegisters(
    output.files.filter(({ path }) => path.endsWith('.v')),
    output.top,
  );
  const { signals } = createCycleModel(plan);
  matchSignals(signals, registers);
  const predicted = new Map(signals.map(({ path, width }) => [path, width]));
  for (const { path, width } of registers) expect(width, path).toBe(predicted.get(path));
}

const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });
const weights = (outputs: number, taps: number) => ({
  weights: Float32Array.from({ length: outputs * taps }, (_, i) => Math.sin(i)),
  bias: new Float32Array(outputs),
});

type Lanes = readonly [outputLanes: number, positionLanes: number];

function twoConvolutions(lanes: readonly Lanes[], timeLanes: number): Plan {
  const folds = [...lanes, [2, 1] as const].map(
    ([outputLanes, positionLanes]): LayerFold => ({
      engine: { kind: 'window', inputBanks: 2 },
      outputLanes,
      positionLanes,
    }),
  );
  const design = defineCore(
    'twice',
    ({ input, readout }) => {
      const first = input.image(14, 14, 1).conv(weights(4, 9), { kernel: 3 }).neurons(neuron).averagePool(2);
      const second = first.conv(weights(6, 36), { kernel: 3 }).neurons(neuron).averagePool(2);
      readout.potential(second.dense(weights(4, 24)));
    },
    { timeSteps: 4, timeLanes, folds },
  );
  return planCore(design);
}

describe('registers of the Verilog are those of the golden model', () => {
  const first: readonly Lanes[] = [
    [2, 1],
    [4, 2],
    [4, 4],
  ];
  const second: readonly Lanes[] = [
    [3, 1],
    [6, 2],
    [6, 4],
  ];

  it('whatever the folds of layers that share a module', () => {
    for (const one of first) for (const two of second) expectSameRegisters(twoConvolutions([one, two], 2));
  });

  it('in random cores', () => {
    for (let seed = 1; seed <= 20; seed++) expectSameRegisters(randomPlan(seed));
  });
});
