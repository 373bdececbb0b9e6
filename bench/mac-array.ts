/**
 * What an array of multiplications costs in the cell library when its sums stand still, as in our integer core (tree-array.ts: when the weights do). Each step multiplies the bytes of some
 * positions with the weights of all outputs and adds; operands and sums are registers on gated clocks, a position whose byte is 0 stands still. The netlist runs
 * with weights and values of the paper's network (Icarus), is compared with the sums, and each cell's power at its own activity comes from OpenSTA, as in `power`.
 * `npx tsx bench/mac-array.ts [--liberty file.lib] [--positions 2]`
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadDesign } from '../src/app/index.ts';
import { planCore } from '../src/core/index.ts';
import { memoryReadEnergyJ } from '../src/flow/index.ts';
import { mnistPaths, readIdxFiles } from '../src/network/index.ts';
import type { LayerPlan } from '../src/plan/index.ts';
import { textTable } from '../src/report/index.ts';
import { dot, pooled, windowsOf } from './arrays/frames.ts';
import { measureNetlist } from './arrays/measure.ts';

const { values: given } = parseArgs({
  options: { liberty: { type: 'string' }, positions: { type: 'string', default: '2' } },
});
const positions = Number(given.positions);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'build', 'bench', 'mac-array');
const periodNs = 10;
const windows = 4;

const design = await loadDesign('models/digits-cnn.onnx', { activation: 'integer' }, { cwd: root });
const plan = planCore(design);
const images = readIdxFiles(mnistPaths().test.images, mnistPaths().test.labels);
const image = images.pixels.subarray(0, 28 * 28);
const [first, second] = plan.layers as [LayerPlan, LayerPlan];

function verilog(outputs: number): string {
  const lanes = Array.from({ length: outputs * positions }, (_, i) => {
    const [o, p] = [Math.floor(i / positions), i % positions];
    return `
  wire signed [16:0] product_${i} = $signed(weights[${8 * o + 7}:${8 * o}]) * $signed({1'b0, values[${8 * p + 7}:${8 * p}]});
  always @(posedge clk)
    if (busy[${p}] | begins) sum[${22 * i + 21}:${22 * i}] <= (begins ? 22'd0 : sum[${22 * i + 21}:${22 * i}]) + (busy[${p}] ? {{5{product_${i}[16]}}, product_${i}} : 22'd0);`;
  });
  const loads = Array.from(
    { length: positions },
    (_, p) => `
  always @(posedge clk) begin
    busy[${p}] <= take && value[${8 * p + 7}:${8 * p}] != 8'd0;
    if (take && value[${8 * p + 7}:${8 * p}] != 8'd0) values[${8 * p + 7}:${8 * p}] <= value[${8 * p + 7}:${8 * p}];
  end`,
  );
  return `module mac_array (input clk, input take, input first, input [${8 * positions - 1}:0] value, input [${8 * outputs - 1}:0] weight, output reg [${22 * outputs * positions - 1}:0] sum);
  reg [${8 * positions - 1}:0] values;
  reg [${8 * outputs - 1}:0] weights;
  reg [${positions - 1}:0] busy;
  reg begins;
  always @(posedge clk) begin
    begins <= take & first;
    if (take && value != 0) weights <= weight;
  end
${loads.join('')}
${lanes.join('')}
endmodule
`;
}

const hex = (bytes: readonly number[]) =>
  [...bytes]
    .reverse()
    .map((byte) => (byte & 255).toString(16).padStart(2, '0'))
    .join('');

async function measure(layer: LayerPlan, frame: ArrayLike<number>) {
  const outputs = layer.output.channels;
  const taps = layer.weights[0]!.length;
  const all = windowsOf(layer, frame);
  // Spread over the image: strokes and what is around them.
  const groups = Array.from({ length: windows }, (_, g) => {
    const across = layer.input.width - layer.kernelWidth + 1;
    const start = Math.floor(((g + 0.5) * all.length) / windows + across / 2);
    return all.slice(start, start + positions);
  });
  const steps = groups.flatMap((group) =>
    Array.from({ length: taps }, (_, tap) => ({
      value: hex(group.map((window) => window[tap]!)),
      weight: hex(layer.weights.map((weights) => weights[tap]!)),
      first: tap === 0 ? 1 : 0,
    })),
  );
  const bench = `\`timescale 1ns/1ns
module bench;
  reg clk = 0, take = 0, first = 0;
  reg [${8 * positions - 1}:0] value = 0;
  reg [${8 * outputs - 1}:0] weight = 0;
  wire [${22 * outputs * positions - 1}:0] sum;
  mac_array dut (.clk(clk), .take(take), .first(first), .value(value), .weight(weight), .sum(sum));
  task step(input f, input [${8 * positions - 1}:0] v, input [${8 * outputs - 1}:0] w);
    begin take = 1; first = f; value = v; weight = w; #5 clk = 1; #5 clk = 0; if (f) $display("%h", sum); end
  endtask
  initial begin
    #5 clk = 1; #5 clk = 0; #5 clk = 1; #5 clk = 0;
    $dumpfile("wave.vcd"); $dumpvars(0, bench.dut);
${steps.map(({ first: f, value, weight }) => `    step(${f}, ${8 * positions}'h${value}, ${8 * outputs}'h${weight});`).join('\n')}
    take = 0; #5 clk = 1; #5 clk = 0; $display("%h", sum);
    $finish;
  end
endmodule
`;
  const cycles = steps.length + 1;
  const found = await measureNetlist({
    ...{ root, folder: join(folder, layer.name), top: 'mac_array', verilog: verilog(outputs), bench },
    ...{ cycles, periodNs, liberty: given.liberty },
  });
  checkSums(found.printed, groups, layer);
  const blocks = [...found.blocks.values()];
  const macs = outputs * positions * taps * windows;
  const perMac = (of: 'dynamicJ' | 'leakageJ') => blocks.reduce((sum, block) => sum + block[of], 0) / macs;
  // A word of weights serves all positions, a byte of values all outputs.
  const words = taps;
  const weightJ = memoryReadEnergyJ({ words, width: 8 * outputs }) / (outputs * positions);
  const valueJ = memoryReadEnergyJ({ words: frame.length, width: 8 }) / outputs;
  return {
    dynamicJ: perMac('dynamicJ'),
    leakageJ: perMac('leakageJ'),
    weightJ,
    valueJ,
    macs: macs / windows / positions,
    clocks: found.clocks,
  };
}

/** What is printed when a group begins is the sum of the group before, one step late. */
function checkSums(stdout: string, groups: readonly (readonly number[][])[], layer: LayerPlan): void {
  const last =
    stdout
      .trim()
      .split('\n')
      .filter((line) => /^[0-9a-f]+$/.test(line))
      .at(-1) ?? '';
  const bits = BigInt(`0x${last}`);
  const group = groups.at(-1)!;
  layer.weights.forEach((weights, o) => {
    group.forEach((window, p) => {
      const found = Number(BigInt.asIntN(22, bits >> BigInt(22 * (o * positions + p))));
      if (found !== dot(weights, window))
        throw new Error(`output ${o}, position ${p}: ${found} for ${dot(weights, window)}`);
    });
  });
}

const rows: string[][] = [];
let [totalJ, total] = [0, 0];
for (const [layer, frame] of [
  [first, image],
  [second, pooled(first, second, image)],
] as const) {
  const found = await measure(layer, frame);
  const positionsOf = (layer.input.height - layer.kernelHeight + 1) * (layer.input.width - layer.kernelWidth + 1);
  const all = found.dynamicJ + found.leakageJ + found.weightJ + found.valueJ;
  totalJ += all * found.macs * positionsOf;
  total += found.macs * positionsOf;
  const pico = (value: number) => (value * 1e12).toFixed(3);
  rows.push([
    layer.name,
    ...[found.dynamicJ, found.leakageJ, found.weightJ, found.valueJ, all].map(pico),
    `${(100 * found.clocks.meanOpen).toFixed(0)} %`,
  ]);
}
console.log(
  textTable({
    title: `pJ a multiplication and addition, ${positions} positions x all outputs, ${given.liberty ?? 'gscl45nm'}, 100 MHz`,
    columns: ['layer', 'cells', 'leakage', 'weights read', 'values read', 'all', 'gates open'],
    rows,
  }),
);
console.log(
  `both convolutions: ${((totalJ / total) * 1e12).toFixed(3)} pJ a multiplication, ${(totalJ * 1e9).toFixed(1)} nJ an image`,
);
