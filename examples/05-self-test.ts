/**
 * A core that measures its own devices: its neurons' critical current is 1.5 times what they were calibrated for. The self-test counts spikes
 * over the potential in Verilator, the host computes curve and trim from them, and a second self-test shows the trimmed curve.
 * Run it: `npx tsx examples/05-self-test.ts`
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildHardware, defineCore, mtj, planCore } from 'spinfire/core';
import { calibrate, readCurveFile, selfTestPoints, switchingTable, trimOfCounts } from 'spinfire/device';
import { systemEnvironment } from 'spinfire/flow';
import { emitVerilog } from 'spinfire/hdl';
import { runVerilator, selfTestCounts, selfTestScript, trimScript, trimSteps } from 'spinfire/sim';

const file = 'spin-hall-300K-0p5ns.csv';
const curve = readCurveFile(readFileSync(new URL(`../models/devices/${file}`, import.meta.url), 'utf8'), file);
const wave = (count: number, phase: number) => Array.from({ length: count }, (_, i) => Math.sin(3 * i + phase));

const design = defineCore(
  'tester',
  ({ input, readout }) => {
    const hidden = input.image(4, 4, 1).dense({ weights: wave(16 * 12, 1), bias: wave(12, 2) }, { name: 'hidden' });
    readout.potential(
      hidden.neurons(mtj({ curve })).dense({ weights: wave(12 * 3, 3), bias: wave(3, 4) }, { name: 'out' }),
    );
  },
  { timeSteps: 4, maxTimeSteps: 4, timeLanes: 4, device: { selfTest: true, trim: true } },
);

// The hardware's devices are others than those that it was calibrated for.
const dearer = { ...curve, points: curve.points.map((point) => ({ ...point, currentA: 1.5 * point.currentA })) };
// Read where the core reads its own table: over the same potentials.
const { zMin, zStep } = switchingTable(curve, calibrate(curve));
const { entries } = switchingTable(dearer, calibrate(curve), { zMin, zStep });
const calibrated = planCore(design);
const plan = {
  ...calibrated,
  layers: calibrated.layers.map((layer) =>
    'stream' in layer.neuron ? { ...layer, neuron: { ...layer.neuron, table: entries } } : layer,
  ),
};

const directory = mkdtempSync(join(tmpdir(), 'spinfire-self-test-'));
try {
  const output = emitVerilog(buildHardware(plan), { generator: 'spinfire', configuration: 'example self-test' });
  for (const { path, text } of output.files) writeFileSync(join(directory, path), text);
  writeFileSync(join(directory, 'map.json'), JSON.stringify(output.map));

  const test = { layer: 'hidden', fromZ: -4, stepZ: 0.5, points: 25, passes: 200 };
  const measure = async (before: ReturnType<typeof trimScript>) => {
    const bus = [...before, ...selfTestScript(plan, test)];
    const run = await runVerilator(
      { directory, plan, images: new Uint8Array(16), bus },
      systemEnvironment(process.env, process.cwd()),
    );
    return selfTestCounts(plan, test, run.busReads);
  };
  const counts = await measure([]);
  const trim = trimOfCounts('hidden', counts, trimSteps(plan, 'hidden'));
  const trimmed = await measure(trimScript(plan, 'hidden', trim));

  console.log('potential  spikes of 9600  95 % interval        trimmed  sigmoid');
  selfTestPoints(counts).forEach(({ z, spikes, low, high }, i) => {
    const interval = `${low.toFixed(4)} .. ${high.toFixed(4)}`;
    const after = (trimmed[i]!.spikes / trimmed[i]!.samples).toFixed(4);
    console.log(
      `${z.toFixed(2).padStart(9)}  ${String(spikes).padStart(14)}  ${interval.padEnd(18)}   ${after}   ${(1 / (1 + Math.exp(-z))).toFixed(4)}`,
    );
  });
  console.log(`trim: gain ${trim.gain}, offset ${trim.offset.toFixed(3)} of potential`);
  console.log(
    `off the sigmoid: ${trim.rmsBefore.toFixed(3)} before, ${trim.rmsAfter.toFixed(3)} after (root mean square)`,
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}
