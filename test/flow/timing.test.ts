import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  memoryAccessNs,
  memoryAreaUm2,
  memoryReadEnergyJ,
  synthesise,
  systemEnvironment,
} from '../../src/flow/index.ts';
import { cellNames } from '../../src/flow/timing/names.ts';
import { analyseTiming, readPath } from '../../src/flow/timing/opensta.ts';
import { fakeTool, messageOf, temporaryFolder } from './fakes.ts';

const environment = systemEnvironment(process.env, process.cwd());
/** The slack is an extra: OpenSTA need not be here. */
const hasSta = environment.which('sta') !== undefined;

async function timing(text: string, top: string, files: Readonly<Record<string, string>> = {}) {
  const directory = temporaryFolder();
  for (const [name, content] of Object.entries({ [`${top}.v`]: text, ...files })) {
    writeFileSync(join(directory, name), content);
  }
  const outputDirectory = join(directory, 'out');
  const design = { directory, top, verilogFiles: [`${top}.v`], target: 'asic45' as const, outputDirectory };
  return synthesise({ ...design, clockPeriodNs: 2 }, environment);
}

describe.runIf(hasSta)('slack by OpenSTA', () => {
  it('gives the slowest path in the names of the design', async () => {
    const result = await timing(
      `module chain (input wire clk, input wire a, output reg late);
         wire delayed;
         inner first (.clk(clk), .a(a), .y(delayed));
         always @(posedge clk) late <= delayed;
       endmodule
       module inner (input wire clk, input wire a, output wire y);
         reg early;
         always @(posedge clk) early <= a;
         assign y = ~early;
       endmodule`,
      'chain',
    );
    expect(result.slackNs).toBe(result.timing?.slackNs);
    // A flip-flop's delay, an inverter's and a setup time, by the library's tables about 0.06, 0.02 and 0.04 ns.
    expect(2 - result.slackNs!).toBeGreaterThan(0.05);
    expect(2 - result.slackNs!).toBeLessThan(0.2);
    expect(result.timing).toMatchObject({ periodNs: 2, startpoint: 'first.early', endpoint: 'late' });
    expect(result.timing?.fmaxMHz).toBeCloseTo(1000 / (2 - result.slackNs!), 6);
    expect(result.timing?.path.map(({ cell }) => cell)).toContain('DFFPOSX1');
  });

  it('knows how long a memory takes', async () => {
    const result = await timing(
      `module fetch (input wire clk, input wire [9:0] a, output reg [7:0] q);
         reg [7:0] rom [0:1023];
         reg [7:0] data;
         reg [9:0] address;
         initial $readmemh("rom.mem", rom);
         always @(posedge clk) begin address <= a; data <= rom[address]; q <= data; end
       endmodule`,
      'fetch',
      { 'rom.mem': Array.from({ length: 1024 }, (_, i) => ((i * 181 + (i >> 3)) & 255).toString(16)).join('\n') },
    );
    const access = memoryAccessNs({ words: 1024, width: 8 });
    expect(result.memoryBits).toBe(8192);
    expect(2 - result.slackNs!).toBeGreaterThan(access);
    expect(2 - result.slackNs!).toBeLessThan(access + 0.1);
    expect(result.timing?.path.map(({ cell }) => cell)).toContain('fetch_rom_macro');
  });
});

describe('reading OpenSTA', () => {
  const report = `Startpoint: a/_1_ (rising edge-triggered flip-flop clocked by clk)
Endpoint: _2_ (rising edge-triggered flip-flop clocked by clk)
Path Type: max

   0.0000    0.0000   clock clk (rise edge)
   0.0000    0.0000 ^ a/_1_/CLK (DFFPOSX1)
   0.1043    0.1043 v a/_1_/Q (DFFPOSX1)
   0.0247    0.1290 ^ _3_/Y (XNOR2X1)
   0.0000    0.1290 ^ _2_/D (DFFPOSX1)
             0.1290   data arrival time

   1.0000    1.0000   clock clk (rise edge)
             1.0000 ^ _2_/CLK (DFFPOSX1)
             0.1290   data arrival time
            -0.0081   slack (VIOLATED)
`;

  it('reads a path', () => {
    const path = readPath(report);
    expect(path).toMatchObject({ slackNs: -0.0081, startpoint: 'a/_1_', endpoint: '_2_' });
    expect(path?.path.map(({ pin }) => pin)).toEqual(['a/_1_/CLK', 'a/_1_/Q', '_3_/Y', '_2_/D']);
    expect(readPath('No paths found.')).toBeUndefined();
  });

  it('names cells by what they drive', () => {
    const netlist = `module top(clk, q);
  DFFPOSX1 _2_ (
    .CLK(clk),
    .D(_0_),
    .Q(\\sum [3])
  );
  inner \\a.b  (
    .clk(clk)
  );
endmodule
module inner(clk);
  INVX1 _7_ (
    .A(x),
    .Y(_8_)
  );
  DFFSR _9_ (
    .Q(count)
  );
endmodule
`;
    const name = cellNames(netlist, 'top');
    expect(['_2_/Q', 'a.b/_9_', 'a.b/_7_/Y', 'q[3]', 'a.b'].map(name)).toEqual([
      ...['sum[3]', 'a.b.count', 'a.b._7_', 'q[3]', 'a.b'],
    ]);
  });

  it('finds the errors that OpenSTA hides behind exit code 0', async () => {
    const folder = temporaryFolder();
    const tool = { tool: 'sta' as const, args: [], version: '2.0.17', origin: 'PATH' as const };
    const command = fakeTool(folder, 'sta', 'echo "Error: timing.tcl, 3 link_design top: no such cell"');
    const options = {
      ...{ folder, netlist: 'n.v', liberties: [], top: 'top', clockPort: 'clk', periodNs: 1, signal: undefined },
      ...{ drivingCell: undefined, logFile: join(folder, 'log') },
    };
    const message = await messageOf(analyseTiming({ ...tool, command }, options, environment), folder);
    expect(message).toContain('Error: timing.tcl, 3 link_design top: no such cell');
    const silent = fakeTool(folder, 'sta2', 'echo "No paths found."');
    expect(await messageOf(analyseTiming({ ...tool, command: silent }, options, environment), folder)).toContain(
      'no path between registers or ports',
    );
  });
});

it('models memories within the stated error of what the model was fitted to', () => {
  // words, width, square micrometres, nanoseconds, femtojoule: from fakeram45_*.lib.
  const known = [
    [64, 7, 387.296, 0.164, 261.529],
    [256, 32, 5065.704, 0.235, 1874.39],
    [1024, 32, 16406.082, 0.309, 3566.4],
    [2048, 39, 45478.818, 0.435, 6855.19],
    [128, 256, 33990.259, 0.302, 15691.4],
  ] as const;
  for (const [words, width, area, access, energy] of known) {
    const shape = { words, width };
    expect(Math.abs(memoryAccessNs(shape) / access - 1)).toBeLessThan(0.09);
    expect(Math.abs(memoryAreaUm2(shape) / area - 1)).toBeLessThan(0.47);
    expect(Math.abs(memoryReadEnergyJ(shape) / (energy * 1e-15) - 1)).toBeLessThan(0.32);
  }
});
