/** One Verilog test bench around many circuits: each gets its inputs from a file and compares its outputs with another one. */
import { type Circuit, clockNames, inputsOf, outputsOf } from './circuit.ts';
import { type Cycle, firstComparedCycle } from './stimulus.ts';
import { bitsOf, type Type } from './types.ts';

export interface Job {
  readonly circuit: Circuit;
  readonly cycles: readonly Cycle[];
}

export interface BenchFile {
  readonly path: string;
  readonly text: string;
}

/** Modules `bench` (to be clocked from outside) and `clocked_bench` (with a clock of its own). */
export function benchFiles(jobs: readonly Job[]): BenchFile[] {
  const cycles = Math.max(...jobs.map((job) => job.cycles.length));
  const checks = jobs.map(
    ({ circuit }, index) => `  check_${index} check_${index} (.clk(clk), .cycle(cycle)); // ${circuit.name}`,
  );
  const bench = `module bench (input wire clk);
  reg [31:0] cycle = 0;
  always @(posedge clk) begin
    cycle <= cycle + 1;
    if (cycle == ${cycles - 1}) begin
      $display("DONE");
      $finish;
    end
  end
${checks.join('\n')}
endmodule

module clocked_bench;
  reg clk = 1'b0;
  always #1 clk = !clk;
  bench bench (.clk(clk));
endmodule
`;
  return [
    { path: 'bench.v', text: [timescale, ...jobs.map((job, index) => checkModule(job, index)), bench].join('\n') },
    ...jobs.flatMap((job, index) => dataFiles(job, index)),
  ];
}

/** The pins of a circuit beside each other, after reset and whether clock 1 ticks; `offset` counts from bit 0. */
function inputPins(circuit: Circuit) {
  const bit = { kind: 'bool', width: 1, states: 0 } as const;
  return layout([{ name: 'rst', type: bit }, { name: 'tick', type: bit }, ...inputsOf(circuit)]);
}

function layout(pins: readonly { readonly name: string; readonly type: Type }[]) {
  let offset = 0;
  const placed = pins.map(({ name, type }) => {
    const pin = { name, type, offset };
    offset += type.width;
    return pin;
  });
  return { pins: placed, width: offset };
}

/** As that of the emitted files. */
const timescale = '`timescale 1ns / 1ps';

/** Clock 1: that of the bench in the cycles in which it ticks, without a glitch. */
const gatedClock = `  reg tick = 1'b1;
  always @(negedge clk) tick <= in[1];
  wire clk_b = clk & tick;
`;

function checkModule({ circuit, cycles }: Job, index: number): string {
  const inputs = inputPins(circuit);
  const outputs = layout(outputsOf(circuit));
  const slice = (bus: string, { offset, type }: { offset: number; type: Type }) =>
    `${bus}[${offset + type.width - 1}:${offset}]`;
  const pins = [
    ...circuit.clocks.map((index) => `.${clockNames[index]}(${clockNames[index]})`),
    ...inputs.pins
      .filter(({ name }) => name !== 'tick' && (name !== 'rst' || circuit.resettable))
      .map((pin) => `.${pin.name}(${slice('in', pin)})`),
    ...outputs.pins.map((pin) => `.${pin.name}(${slice('out', pin)})`),
  ];
  return `module check_${index} (input wire clk, input wire [31:0] cycle);
  reg [${inputs.width - 1}:0] stimulus [0:${cycles.length - 1}];
  reg [${outputs.width - 1}:0] expected [0:${cycles.length - 1}];
  initial $readmemh("check_${index}_in.hex", stimulus);
  initial $readmemh("check_${index}_out.hex", expected);
  wire [${inputs.width - 1}:0] in = stimulus[cycle];
  wire [${outputs.width - 1}:0] out;
${circuit.clocks.includes(1) ? gatedClock : ''}  ${circuit.name} dut (${pins.join(', ')});
  always @(posedge clk)
    if (cycle >= ${firstComparedCycle} && cycle < ${cycles.length} && out !== expected[cycle])
      $display("MISMATCH ${index} %0d %h", cycle, out);
endmodule
`;
}

function dataFiles({ circuit, cycles }: Job, index: number): BenchFile[] {
  const lines = (width: number, words: readonly bigint[]) =>
    words.map((word) => `${word.toString(16).padStart(Math.ceil(width / 4), '0')}\n`).join('');
  const inputs = inputPins(circuit);
  const outputs = layout(outputsOf(circuit));
  const pack = (types: readonly { readonly type: Type; readonly offset: number }[], values: readonly bigint[]) =>
    types.reduce((word, { type, offset }, pin) => word | (bitsOf(type, values[pin]!) << BigInt(offset)), 0n);
  const stimulus = cycles.map((cycle) => pack(inputs.pins, [BigInt(cycle.reset), BigInt(cycle.tick), ...cycle.inputs]));
  const expected = cycles.map((cycle) => pack(outputs.pins, cycle.outputs));
  return [
    { path: `check_${index}_in.hex`, text: lines(inputs.width, stimulus) },
    { path: `check_${index}_out.hex`, text: lines(outputs.width, expected) },
  ];
}

/** The outputs that differ, from a line that the bench printed: hexadecimal digits, x for unknown bits. */
export function unpackMismatch(line: string, jobs: readonly Job[]) {
  const match = /^MISMATCH (\d+) (\d+) ([0-9a-fxz]+)$/i.exec(line);
  if (match === null) return [];
  const { circuit, cycles } = jobs[Number(match[1])]!;
  const cycle = Number(match[2]);
  const { pins, width } = layout(outputsOf(circuit));
  const bits = [...match[3]!]
    .map((digit) => (/[xz]/i.test(digit) ? 'xxxx' : Number.parseInt(digit, 16).toString(2).padStart(4, '0')))
    .join('')
    .slice(-width)
    .padStart(width, '0');
  return pins.flatMap(({ name, type, offset }, index) => {
    const found = bits.slice(width - offset - type.width, width - offset);
    const expected = cycles[cycle]!.outputs[index]!;
    const wanted = bitsOf(type, expected).toString(2).padStart(type.width, '0');
    return found === wanted ? [] : [{ circuit: circuit.name, cycle, output: name, expected: wanted, found }];
  });
}
