/** The page that the demo ends with. */
import type { SynthesisResult } from '../../flow/index.ts';
import { textTable } from '../../report/index.ts';
import { percent } from '../accuracy.ts';
import type { DemoResults } from './results.ts';

export function demoTables(results: DemoResults): string {
  return [accuracyTable(results), lockstepLines(results), costTable(results), keptTable(results), places(results)].join(
    '\n\n',
  );
}

function accuracyTable({ accuracy }: DemoResults): string {
  const [first] = accuracy;
  const steps = first?.bySteps.map(({ timeSteps }) => `T = ${timeSteps}`) ?? [];
  const rows = accuracy.map(({ readout, bySteps }) => [
    readout,
    ...bySteps.map(({ accuracy: { mean, deviation } }) => `${percent(mean)} +- ${(deviation * 100).toFixed(2)}`),
  ]);
  const title =
    `Accuracy of the golden model over ${first?.images.toLocaleString('en')} MNIST test images against time steps T` +
    ` (mean and standard deviation over ${first?.seeds.length} LFSR seeds)`;
  return textTable({ title, columns: ['readout', ...steps], rows });
}

function lockstepLines({ verify, plan }: DemoResults): string {
  const { images, cycles, signals, mismatches, correct, timing } = verify;
  return [
    `Lockstep of the emitted Verilog in Verilator with the golden model, T = ${plan.timeSteps.default}`,
    `  ${images} whole images, ${cycles} clock cycles, ${signals} registers and ports compared on each: ${mismatches} mismatches`,
    `  ${correct} of ${images} classified rightly`,
    `  ${Math.round(timing?.cyclesPerImage ?? Number.NaN)} clock cycles an image, ` +
      `${Math.round(timing?.fromFirstPixel.mean ?? Number.NaN)} from its first pixel to its class`,
  ].join('\n');
}

function costTable({ costs }: DemoResults): string {
  const rows = costs.map((cost) => [
    cost.target,
    cost.areaUm2 === undefined ? String(cost.luts) : '-',
    String(cost.ffs),
    cost.areaUm2 === undefined ? String(cost.rams) : `${cost.memoryBits ?? 0} bits`,
    cost.areaUm2 === undefined ? String(cost.dsps) : '-',
    cost.areaUm2 === undefined ? '-' : `${Math.round(cost.areaUm2)} um2`,
  ]);
  const title = `Cost after synthesis by yosys ${costs[0]?.toolVersion ?? ''} (asic45: logic cells in ${libraryOf(costs)}, memories apart)`;
  return textTable({ title, columns: ['target', 'LUT', 'FF', 'RAM', 'DSP', 'cell area'], rows });
}

/** These take minutes to measure: the demo shows what was accepted last. */
function keptTable({ figures }: DemoResults): string {
  const rows = Object.entries(figures.figures)
    .filter(([name]) => /\.(fmax|power|energy)$|\.energyRatio\./.test(name))
    .map(([name, { value, unit, tools }]) => [name, String(Number(value.toPrecision(3))), unit, tools]);
  const title =
    'Clock, power and energy: not measured now but kept in generated/figures.json (`npm run figures` measures them again)';
  return textTable({ title, columns: ['figure', 'value', 'unit', 'tools'], rows });
}

const libraryOf = (costs: readonly SynthesisResult[]) =>
  costs.find(({ library }) => library !== undefined)?.library ?? 'a 45 nm library';

function places({ folder, core }: DemoResults): string {
  return [
    'Files',
    `  ${folder}/                 ${core.verilog.length} Verilog files (top: ${core.top}.v), memories, plan.json`,
    `  ${folder}/testbench/       make: a self-checking test bench without Node`,
    `  ${folder}/build/synth/     netlists and logs of yosys`,
    '  docs/results.md                   what these figures mean',
  ].join('\n');
}
