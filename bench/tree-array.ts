/**
 * What the two convolutions cost in the cell library when they are built as a careful engineer builds them for energy: weights stand still in registers, a window of
 * inputs slides over the image a position a clock, and trees of the library's adder cells sum all its products at once. No sum is stored on the way, and what does
 * not change (inputs that stay silent) moves nothing: an event-driven array. For bytes (one pass, no chance) and for spikes (T passes), on every position of a real image: netlist
 * in Icarus, sums compared, each cell's power at its own activity from OpenSTA, as in `power`. `npx tsx bench/tree-array.ts [--liberty file.lib] [--only spikes|bytes] [--layer conv1] [--outputs 3] [--rows 64]`: outputs of a layer of many taps, and rows of positions, that are run
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadDesign } from '../src/app/index.ts';
import { planCore } from '../src/core/index.ts';
import { memoryReadEnergyJ } from '../src/flow/index.ts';
import { Network } from '../src/golden/functional/network.ts';
import { mnistPaths, readIdxFiles } from '../src/network/index.ts';
import type { LayerPlan, Plan } from '../src/plan/index.ts';
import { textTable } from '../src/report/index.ts';
import {
  type AdderCells,
  adderCells,
  biasOf,
  blackBoxes,
  type DotShape,
  dotVerilog,
  magnitudeBits,
  weightCode,
} from './arrays/dot.ts';
import { dot as dotOf, pooled } from './arrays/frames.ts';
import { measureNetlist } from './arrays/measure.ts';

const { values: given } = parseArgs({
  options: {
    liberty: { type: 'string' },
    only: { type: 'string' },
    layer: { type: 'string' },
    outputs: { type: 'string', default: '3' },
    rows: { type: 'string', default: '64' },
    image: { type: 'string', default: '0' },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const periodNs = 10;
const timeSteps = 8;
const code = magnitudeBits + 1;

const library = readFileSync(given.liberty ?? join(root, 'constraints/asic45/gscl45nm.lib'), 'latin1');
const cells = adderCells.find(({ full }) => new RegExp(`cell *\\( *"?${full.name}"? *\\)`).test(library));
if (cells === undefined)
  throw new Error(
    `${given.liberty}: no adder cell of a name that is known (${adderCells.map(({ full }) => full.name).join(', ')})`,
  );

const images = readIdxFiles(mnistPaths().test.images, mnistPaths().test.labels);
const image = images.pixels.subarray(28 * 28 * Number(given.image), 28 * 28 * (Number(given.image) + 1));

/** [layer][time step] inputs as [y][x][channel]. */
function framesOf(plan: Plan, steps: number): number[][][] {
  const frames: number[][][] = plan.layers.map(() => []);
  const network = new Network(plan, 0, { onStep: (layer, input) => frames[layer]!.push([...input]) });
  network.run(image, steps, { scores: new Int32Array(steps * plan.readout.classes), classes: new Uint8Array(steps) });
  return frames;
}

interface Work {
  readonly layer: LayerPlan;
  readonly valueBits: number;
  readonly frames: readonly (readonly number[])[];
}

const hex = (fields: readonly (readonly [value: number, bits: number])[]) => {
  const bits = fields.reduce(
    (all, [value, width]) => (all << BigInt(width)) | BigInt.asUintN(width, BigInt(value)),
    0n,
  );
  const width = fields.reduce((sum, [, each]) => sum + each, 0);
  return bits.toString(16).padStart(Math.ceil(width / 4), '0');
};

/** Rows of positions that are run, spread over the image. */
function rowsOf(all: number): number[] {
  const wanted = Math.min(all, Number(given.rows));
  return Array.from({ length: wanted }, (_, i) => Math.floor(((i + 0.5) * all) / wanted));
}

/** Words of 32 bits, each behind a clock gate of its own, that hold what stands still. */
const wordsOf = ({ taps, sumBits }: DotShape, parallel: number) => Math.ceil((parallel * (taps * code + sumBits)) / 32);

/** Taps of a window in a row, which are one row of its columns after the other. */
function topVerilog(
  dot: DotShape,
  parallel: number,
  shape: { rows: number; columns: number; channels: number },
): string {
  const { taps, valueBits, sumBits } = dot;
  const words = wordsOf(dot, parallel);
  const columnBits = shape.channels * valueBits;
  const rowBits = shape.columns * columnBits;
  const rows = Array.from({ length: shape.rows }, (_, y) => {
    const at = `${(y + 1) * rowBits - 1}:${y * rowBits}`;
    return `    values[${at}] <= {column[${(y + 1) * columnBits - 1}:${y * columnBits}], values[${(y + 1) * rowBits - 1}:${y * rowBits + columnBits}]};`;
  });
  return `module window_registers (input clk, input [${shape.rows * columnBits - 1}:0] column, output reg [${taps * valueBits - 1}:0] values);
  always @(posedge clk) begin
${rows.join('\n')}
  end
endmodule
module weight_word (input clk, input load, input [31:0] weight, output reg [31:0] weights);
  always @(posedge clk) if (load) weights <= weight;
endmodule
module weight_registers (input clk, input load, input [${words * 32 - 1}:0] weight, output [${words * 32 - 1}:0] weights);
${Array.from({ length: words }, (_, i) => `  weight_word word_${i} (.clk(clk), .load(load), .weight(weight[${32 * i + 31}:${32 * i}]), .weights(weights[${32 * i + 31}:${32 * i}]));`).join('\n')}
endmodule
module sum_registers (input clk, input [${parallel * sumBits - 1}:0] next, output reg [${parallel * sumBits - 1}:0] sum);
  always @(posedge clk) sum <= next;
endmodule
module tree_array (input clk, input load, input [${shape.rows * columnBits - 1}:0] column,
  input [${words * 32 - 1}:0] weight, output [${parallel * sumBits - 1}:0] sum);
  wire [${taps * valueBits - 1}:0] values;
  wire [${words * 32 - 1}:0] weights;
  wire [${parallel * sumBits - 1}:0] next;
  window_registers window (.clk(clk), .column(column), .values(values));
  weight_registers weight_store (.clk(clk), .load(load), .weight(weight), .weights(weights));
${Array.from({ length: parallel }, (_, p) => {
  const from = p * (taps * code + sumBits);
  return `  dot tree_${p} (.values(values), .weights(weights[${from + taps * code - 1}:${from}]), .bias(weights[${from + taps * code + sumBits - 1}:${from + taps * code}]), .sum(next[${(p + 1) * sumBits - 1}:${p * sumBits}]));`;
}).join('\n')}
  sum_registers sums (.clk(clk), .next(next), .sum(sum));
endmodule
`;
}

function benchVerilog(bits: { column: number; weight: number; sum: number }, steps: number, loads: number): string {
  return `\`timescale 1ns/1ns
module bench;
  reg clk = 0, load = 0, valid = 0;
  reg [${bits.column - 1}:0] column = 0;
  reg [${bits.weight - 1}:0] weight = 0;
  wire [${bits.sum - 1}:0] sum;
  tree_array dut (.clk(clk), .load(load), .column(column), .weight(weight), .sum(sum));
  reg [${bits.column + 1}:0] steps [0:${steps - 1}];
  reg [${bits.weight - 1}:0] weights [0:${loads - 1}];
  reg was_valid = 0;
  integer i, loaded;
  initial begin
    $readmemh("steps.hex", steps);
    $readmemh("weights.hex", weights);
    loaded = 0;
    for (i = 0; i < ${steps}; i = i + 1) begin
      {load, valid, column} = steps[i];
      if (load) begin weight = weights[loaded]; loaded = loaded + 1; end
      // Registers hold something, and the first weights are there.
      if (i == ${warmUp}) begin $dumpfile("wave.vcd"); $dumpvars(0, bench.dut); end
      #5 clk = 1; #5 clk = 0;
      if (was_valid) $display("%h", sum);
      was_valid = valid;
    end
    $finish;
  end
endmodule
`;
}

/** Clocks before counting: the window fills with nothing, the first weights come. */
const warmUp = 8;

async function measure(kind: string, { layer, valueBits, frames }: Work) {
  const { input, output, kernelHeight, kernelWidth, weights } = layer;
  const taps = weights[0]!.length;
  const most =
    Math.max(...weights.map((each) => each.reduce((sum, weight) => sum + Math.abs(weight), 0))) * (2 ** valueBits - 1);
  const dot: DotShape = { name: 'dot', taps, valueBits, sumBits: Math.ceil(Math.log2(most)) + 1 };
  // Few taps: all outputs at once. Many: one output after the other sweeps the frame.
  const parallel = taps <= 32 ? output.channels : 1;
  const turns = parallel > 1 ? [weights] : weights.slice(0, Number(given.outputs)).map((each) => [each]);
  const columnBits = kernelHeight * input.channels * valueBits;
  const steps: string[] = [];
  const expected: number[][] = [];
  const step = (load: number, valid: number, column: readonly number[]) =>
    steps.push(hex([[load, 1], [valid, 1], ...[...column].reverse().map((value) => [value, valueBits] as const)]));
  const positionRows = input.height - kernelHeight + 1;
  const nothing = new Array<number>(kernelHeight * input.channels).fill(0);
  for (let i = 0; i < warmUp - 1; i += 1) step(0, 0, nothing);
  let shifts = 0;
  turns.forEach((turn) => {
    step(1, 0, nothing);
    for (const frame of frames)
      for (const y of rowsOf(positionRows))
        for (let x = 0; x < input.width; x += 1) {
          const at = (row: number, column: number, channel: number) =>
            frame[((y + row) * input.width + column) * input.channels + channel]!;
          const column = nothing.map((_, i) => at(Math.floor(i / input.channels), x, i % input.channels));
          const isPosition = x + 1 >= kernelWidth;
          shifts += 1;
          step(0, isPosition ? 1 : 0, column);
          if (!isPosition) continue;
          const window = Array.from({ length: taps }, (_, tap) => {
            const [row, rest] = [
              Math.floor(tap / (kernelWidth * input.channels)),
              tap % (kernelWidth * input.channels),
            ];
            return at(row, x + 1 - kernelWidth + Math.floor(rest / input.channels), rest % input.channels);
          });
          expected.push([...turn.map((each) => dotOf(each, window)), window.filter((value) => value !== 0).length]);
        }
  });
  for (let i = 0; i < 3; i += 1) step(0, 0, nothing);
  const found = await measureNetlist({
    ...{
      root,
      folder: join(root, 'build', 'bench', 'tree-array', `${kind}-${layer.name}`),
      top: 'tree_array',
      periodNs,
      liberty: given.liberty,
    },
    verilog:
      blackBoxes(cells as AdderCells) +
      dotVerilog(dot, cells as AdderCells) +
      topVerilog(dot, parallel, { rows: kernelHeight, columns: kernelWidth, channels: input.channels }),
    bench: benchVerilog(
      { column: columnBits, weight: 32 * wordsOf(dot, parallel), sum: parallel * dot.sumBits },
      steps.length,
      turns.length,
    ),
    files: {
      'steps.hex': `${steps.join('\n')}\n`,
      'weights.hex': `${turns.map((turn) => hex([...turn].reverse().flatMap((each) => [[biasOf(each, 0, dot), dot.sumBits] as const, ...[...each].reverse().map((weight) => [weightCode(weight), code] as const)]))).join('\n')}\n`,
    },
    cycles: steps.length - warmUp,
  });
  check(found.printed, expected, dot.sumBits);
  const outputs = parallel > 1 ? parallel : 1;
  const dense = expected.length * outputs * taps;
  const active = expected.reduce((sum, each) => sum + each.at(-1)! * outputs, 0);
  // All weights once, 64 bits at a time; every column a row of the frame at a time.
  const weightBits = turns.length * parallel * taps * code;
  // The rows that are not run are served by the same weights.
  const weightsJ =
    (rowsOf(positionRows).length / positionRows) *
    Math.ceil(weightBits / 64) *
    memoryReadEnergyJ({ words: Math.ceil((weights.length * taps * code) / 64), width: 64 });
  const columnsJ = shifts * kernelHeight * memoryReadEnergyJ({ words: input.width, width: input.channels * valueBits });
  const all = [...found.blocks.values()];
  const dynamicJ = all.reduce((sum, block) => sum + block.dynamicJ, 0);
  const leakageJ = all.reduce((sum, block) => sum + block.leakageJ, 0);
  return {
    ...{ layer, dense, active, dynamicJ, leakageJ, weightsJ, columnsJ },
    found,
    whole: (dense * layer.output.channels * positionRows) / (turns.length * parallel * rowsOf(positionRows).length),
  };
}

/** Every sum of every position. */
function check(printed: string, expected: readonly (readonly number[])[], bits: number): void {
  const lines = printed
    .trim()
    .split('\n')
    .filter((line) => /^[0-9a-fx]+$/.test(line));
  if (lines.length !== expected.length) throw new Error(`${lines.length} sums for ${expected.length}`);
  lines.forEach((line, i) => {
    const all = BigInt(`0x${line}`);
    expected[i]!.slice(0, -1).forEach((sum, output) => {
      const found = Number(BigInt.asIntN(bits, all >> BigInt(output * bits)));
      if (found !== sum) throw new Error(`position ${i}, output ${output}: ${found} for ${sum}`);
    });
  });
}

async function works(kind: 'spikes' | 'bytes'): Promise<Work[]> {
  const activation = kind === 'bytes' ? ({ activation: 'integer' } as const) : {};
  const plan = planCore(await loadDesign('models/digits-cnn.onnx', activation, { cwd: root }));
  const [first, second] = plan.layers as [LayerPlan, LayerPlan];
  if (kind === 'bytes') {
    return [
      { layer: first, valueBits: 8, frames: [[...image]] },
      { layer: second, valueBits: 8, frames: [pooled(first, second, image)] },
    ];
  }
  const [pixels, counts] = framesOf(plan, timeSteps) as [number[][], number[][]];
  return [
    { layer: first, valueBits: 1, frames: pixels },
    { layer: second, valueBits: 3, frames: counts },
  ];
}

const pico = (value: number) => (value * 1e12).toFixed(3);
for (const kind of ['spikes', 'bytes'] as const) {
  if (given.only !== undefined && given.only !== kind) continue;
  const rows: string[][] = [];
  const blockRows: string[][] = [];
  let [wholeJ, columnsJ] = [0, 0];
  for (const work of await works(kind)) {
    if (given.layer !== undefined && given.layer !== work.layer.name) continue;
    const of = await measure(kind, work);
    const all = of.dynamicJ + of.leakageJ + of.weightsJ;
    const image = of.whole / of.dense;
    wholeJ += all * image;
    columnsJ += of.columnsJ * image;
    rows.push([
      ...[
        of.layer.name,
        pico(of.dynamicJ / of.dense),
        pico(of.leakageJ / of.dense),
        pico(of.weightsJ / of.dense),
        pico(of.columnsJ / of.dense),
        pico(all / of.dense),
        pico(all / of.active),
      ],
      ...[`${(all * image * 1e9).toFixed(1)} nJ`, `${Math.round(of.found.areaUm2)}`],
    ]);
    for (const [name, block] of of.found.blocks) {
      const group = name.replace(/_\d+$/, '');
      const old = blockRows.find(([layer, block]) => layer === of.layer.name && block === group);
      const value = block.dynamicJ / of.dense;
      if (old) [old[2], old[3]] = [pico(Number(old[2]) * 1e-12 + value), `${Number(old[3]) + block.cells}`];
      else blockRows.push([of.layer.name, group, pico(value), `${block.cells}`]);
    }
  }
  console.log(
    textTable({
      title: `${kind}: pJ an addition of one weight (dense), ${given.liberty ?? 'gscl45nm'}, 100 MHz, one image${kind === 'spikes' ? `, T = ${timeSteps}` : ''}`,
      columns: [
        'layer',
        'cells',
        'leakage',
        'weights read',
        '(inputs read)',
        'all',
        'all, an active input',
        'image',
        'area, um2',
      ],
      rows,
    }),
  );
  console.log(
    textTable({
      title: 'pJ an addition by block, without leakage',
      columns: ['layer', 'block', 'pJ', 'cells'],
      rows: blockRows,
    }),
  );
  console.log(
    `both convolutions: ${(wholeJ * 1e9).toFixed(1)} nJ an image, and ${(columnsJ * 1e9).toFixed(1)} nJ to read their inputs from small memories\n`,
  );
}
