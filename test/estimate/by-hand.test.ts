/** The estimator against calculations by hand from the liberty file's tables, on circuits small enough for that. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { powerAt } from '../../src/estimate/index.ts';
import {
  mappedCellPower,
  type SynthesisResult,
  synthesise,
  systemEnvironment,
  usualLiberty,
} from '../../src/flow/index.ts';
import { temporaryFolder } from '../flow/fakes.ts';
import { attribute, cell, lookUp, pin, related } from './liberty-tables.ts';

const environment = systemEnvironment(process.env, process.cwd());
const periodNs = 10;
const hertz = 1e9 / periodNs;
const supplyV = 1.1;

/** OpenSTA's power of a netlist that nobody had to synthesise. */
async function powerOf(top: string, netlist: string) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'netlist.v'), netlist);
  const synthesis = { top, directory: folder, files: { verilog: 'netlist.v', log: '' } } as unknown as SynthesisResult;
  const run = { synthesis, periodNs, defaultActivity: 0.1, outputDirectory: folder };
  const { instances } = await mappedCellPower(run, environment);
  return (name: string, togglesPerCycle: number) => powerAt(instances.get(name)!, togglesPerCycle);
}

/** Watts of one picojoule a cycle. */
const perCycle = (energyPj: number) => energyPj * 1e-12 * hertz;
const switchingW = (loadPf: number, toggles: number) => perCycle((loadPf * supplyV ** 2 * toggles) / 2);
const within = (found: number, expected: number) =>
  expect(Math.abs(found / expected - 1), `${found} ${expected}`).toBeLessThan(0.02);
/** Mean energy of a transition of an output: half of them rise. */
const outputPj = (name: string, out: string, from: string, loadPf: number, slewNs: number) => {
  const power = related(pin(cell(name), out), 'internal_power', from);
  return (lookUp(power, 'rise_power', loadPf, slewNs) + lookUp(power, 'fall_power', loadPf, slewNs)) / 2;
};

it('a chain of inverters', async () => {
  const inverters = 6;
  const lines = Array.from(
    { length: inverters },
    (_, i) => `  INVX1 u${i} ( .A(${i === 0 ? 'a' : `n${i}`}), .Y(${i === inverters - 1 ? 'y' : `n${i + 1}`}) );`,
  );
  const wires = Array.from({ length: inverters - 1 }, (_, i) => `n${i + 1}`).join(', ');
  const power = await powerOf(
    'chain',
    `module chain(clk, a, y);\n  input clk, a;\n  output y;\n  wire ${wires};\n${lines.join('\n')}\nendmodule\n`,
  );
  const inverter = cell('INVX1');
  const loadPf = attribute(pin(inverter, 'A'), 'rise_capacitance');
  const toggles = 0.6;
  // An ideal edge at the input.
  within(power('u0', toggles).internalW, perCycle(outputPj('INVX1', 'Y', 'A', loadPf, 0) * toggles));
  for (let i = 0; i < inverters; i += 1) {
    const own = power(`u${i}`, toggles);
    within(own.leakageW, attribute(inverter, 'cell_leakage_power') * 1e-9);
    if (i < inverters - 1) within(own.switchingW, switchingW(loadPf, toggles));
  }
});

it('a counter of two bits', async () => {
  const power = await powerOf(
    'counter',
    `module counter(clk, q0, q1);
  input clk;
  output q0, q1;
  wire d0, d1;
  INVX1 i0 ( .A(q0), .Y(d0) );
  XOR2X1 x1 ( .A(q0), .B(q1), .Y(d1) );
  DFFPOSX1 r0 ( .CLK(clk), .D(d0), .Q(q0) );
  DFFPOSX1 r1 ( .CLK(clk), .D(d1), .Q(q1) );
endmodule
`,
  );
  const flipFlop = cell('DFFPOSX1');
  const dataPf = attribute(pin(flipFlop, 'D'), 'capacitance');
  const q1Pf = attribute(pin(cell('XOR2X1'), 'B'), 'capacitance');
  const q0Pf = attribute(pin(cell('XOR2X1'), 'A'), 'capacitance') + attribute(pin(cell('INVX1'), 'A'), 'capacitance');
  // q0 and its inverse toggle on each clock, q1 and d1 on every second.
  within(power('r0', 1).switchingW, switchingW(q0Pf, 1));
  within(power('i0', 1).switchingW, switchingW(dataPf, 1));
  within(power('r1', 0.5).switchingW, switchingW(q1Pf, 0.5));
  within(power('x1', 0.5).switchingW, switchingW(dataPf, 0.5));
  // The clock rises and falls once a cycle, with ideal edges; without toggles that is all.
  const clock = related(pin(flipFlop, 'CLK'), 'internal_power');
  const clockPj = lookUp(clock, 'rise_power', 0, 0) + lookUp(clock, 'fall_power', 0, 0);
  within(power('r0', 0).internalW, perCycle(clockPj));
  // D and Q of r0 toggle once a cycle.
  const slewNs = (out: string, of: string, from: string, table: string, loadPf: number, inNs: number) =>
    lookUp(related(pin(cell(of), out), 'timing', from), table, loadPf, inNs);
  const q0Slew = ['rise_transition', 'fall_transition'].map((table) => slewNs('Q', 'DFFPOSX1', 'CLK', table, q0Pf, 0));
  const d0Slew = {
    rise: slewNs('Y', 'INVX1', 'A', 'rise_transition', dataPf, q0Slew[1]!),
    fall: slewNs('Y', 'INVX1', 'A', 'fall_transition', dataPf, q0Slew[0]!),
  };
  const data = related(pin(flipFlop, 'D'), 'internal_power');
  const dataPj = (lookUp(data, 'rise_power', 0, d0Slew.rise) + lookUp(data, 'fall_power', 0, d0Slew.fall)) / 2;
  within(power('r0', 1).internalW, perCycle(clockPj + outputPj('DFFPOSX1', 'Q', 'CLK', q0Pf, 0) + dataPj));
});

it.each([
  ['NAND3X1', ['A', 'B', 'C'], ['Y']],
  ['NOR3X1', ['A', 'B', 'C'], ['Y']],
  ['AOI21X1', ['A', 'B', 'C'], ['Y']],
  ['AOI22X1', ['A', 'B', 'C', 'D'], ['Y']],
  ['MUX2X1', ['A', 'B', 'S'], ['Y']],
  ['FAX1', ['A', 'B', 'C'], ['YC', 'YS']],
])('one %s: a toggle of an output takes what its tables say for one of its inputs', async (name, inputs, outputs) => {
  const wired = [...inputs, ...outputs].map((each) => `.${each}(${each})`).join(', ');
  const power = await powerOf(
    'one',
    `module one(clk, ${[...inputs, ...outputs].join(', ')});\n  input clk, ${inputs.join(', ')};\n  output ${outputs.join(', ')};\n  ${name} u ( ${wired} );\nendmodule\n`,
  );
  const energies = outputs.map((output) => inputs.map((input) => outputPj(name, output, input, 0, 0)));
  const total = (pick: (all: number[]) => number) => energies.reduce((sum, all) => sum + pick(all), 0);
  const found = power('u', 1).internalW;
  // Which input it was depends on the cell's function: between the dearest and the cheapest.
  expect(found).toBeGreaterThan(perCycle(total((all) => Math.min(...all))) * 0.98);
  expect(found).toBeLessThan(perCycle(total((all) => Math.max(...all))) * 1.02);
  // Pins of a full adder and of a multiplexer have equal chances.
  if (/^FA|^MUX|^AOI22/.test(name))
    within(found, perCycle(total((all) => all.reduce((sum, one) => sum + one, 0) / all.length)));
});

it('a wide register behind a clock gate: each clock that comes through costs what an ungated one costs', async () => {
  const folder = temporaryFolder();
  const bits = 32;
  writeFileSync(
    join(folder, 'top.v'),
    `module top(input wire clk, input wire en, input wire [${bits - 1}:0] a, output reg [${bits - 1}:0] s);\n  always @(posedge clk) if (en) s <= a;\nendmodule\n`,
  );
  const design = { directory: folder, top: 'top', verilogFiles: ['top.v'], outputDirectory: join(folder, 'out') };
  const synthesis = await synthesise({ ...design, target: 'asic45', clockGating: true }, environment);
  const run = { synthesis, periodNs, defaultActivity: 0.1, outputDirectory: folder };
  const { instances } = await mappedCellPower(run, environment);
  const clock = related(pin(cell('DFFPOSX1'), 'CLK'), 'internal_power');
  const clockPj = lookUp(clock, 'rise_power', 0, 0) + lookUp(clock, 'fall_power', 0, 0);
  const idle = [...instances.values()].map((each) => powerAt(each, 0).internalW);
  // Without a clock tree the gate's AND drives all of them: edges as slow as that would treble the clock's energy.
  const flipFlops = idle.filter((watts) => watts > perCycle(clockPj) * 0.9);
  expect(flipFlops).toHaveLength(bits);
  for (const watts of flipFlops) within(watts, perCycle(clockPj));
});

it("yosys's area is that of the liberty file, by hand", async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'top.v'),
    'module top(input wire clk, input wire [7:0] a, output reg [7:0] s);\n  always @(posedge clk) s <= s + a;\nendmodule\n',
  );
  copyFileSync(usualLiberty, join(folder, 'cells.lib'));
  const design = { directory: folder, top: 'top', verilogFiles: ['top.v'], outputDirectory: join(folder, 'out') };
  const result = await synthesise({ ...design, target: 'asic45' }, environment);
  const byHand = Object.entries(result.cells).reduce(
    (sum, [type, count]) => sum + count * attribute(cell(type), 'area'),
    0,
  );
  expect(result.areaUm2).toBeCloseTo(byHand, 3);
  const modules = Object.values(result.areaByModule ?? {}).reduce((sum, { totalAreaUm2 }) => sum + totalAreaUm2, 0);
  expect(modules).toBeCloseTo(byHand, 3);
});
