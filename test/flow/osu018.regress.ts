/** Another library than the usual one: OSU's cells for 0.18 um, as Debian's qflow-tech-osu018 has them. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { powerAt } from '../../src/estimate/index.ts';
import { cellModels, mappedCellPower, synthesise, systemEnvironment } from '../../src/flow/index.ts';
import { temporaryFolder } from './fakes.ts';

const environment = systemEnvironment(process.env, process.cwd());
const liberty = process.env.SPINFIRE_OSU018 ?? '/usr/share/qflow/tech/osu018/osu018_stdcells.lib';

it('a design in 0.18 um: area, slack, power, and a netlist that does the same', {
  timeout: 300_000,
}, async (context) => {
  if (!existsSync(liberty)) {
    context.skip(`${liberty} is not here: apt-get install qflow-tech-osu018, or name the file in SPINFIRE_OSU018`);
  }
  const folder = temporaryFolder();
  copyFileSync(liberty, join(folder, 'osu.lib'));
  const source = `module mac(input wire clk, input wire rst, input wire [7:0] a, input wire [7:0] b, output reg [19:0] sum);
  always @(posedge clk) if (rst) sum <= 0; else sum <= sum + a * b;
endmodule
`;
  writeFileSync(join(folder, 'mac.v'), source);
  const outputDirectory = join(folder, 'out');
  const design = { directory: folder, top: 'mac', verilogFiles: ['mac.v'], target: 'asic45' as const, outputDirectory };
  const mine = await synthesise({ ...design, liberty: join(folder, 'osu.lib') }, environment);
  const usual = await synthesise(design, environment);
  expect(mine.library).toContain('osu018');
  // 0.18 um against 45 nm: gates are about sixteen times as large, and slower.
  expect(mine.areaUm2! / usual.areaUm2!).toBeGreaterThan(8);
  expect(mine.areaUm2! / usual.areaUm2!).toBeLessThan(32);
  expect(mine.timing!.fmaxMHz).toBeLessThan(usual.timing!.fmaxMHz);

  const run = { periodNs: 20, defaultActivity: 0.1, outputDirectory };
  const total = async (synthesis: typeof mine, file: string | undefined) => {
    const { instances, voltage } = await mappedCellPower({ ...run, synthesis, liberty: file }, environment);
    const shares = [...instances.values()].map((power) => powerAt(power, 0.1));
    return { voltage, watts: shares.reduce((sum, own) => sum + own.internalW + own.switchingW + own.leakageW, 0) };
  };
  const osu = await total(mine, join(folder, 'osu.lib'));
  expect(osu.voltage).toBe(1.8);
  expect(osu.watts / (await total(usual, undefined)).watts).toBeGreaterThan(3);

  const bench = `module bench; reg clk = 0, rst = 1; reg [7:0] a = 0, b = 0; wire [19:0] sum; integer i, seed = 7;
  mac dut (.clk(clk), .rst(rst), .a(a), .b(b), .sum(sum));
  initial for (i = 0; i < 200; i = i + 1) begin a = $random(seed); b = $random(seed); rst = i < 2; #5 clk = 1; #5 clk = 0; if (i > 2) $display("%h", sum); end
endmodule
`;
  writeFileSync(join(folder, 'bench.v'), bench);
  const simulate = (name: string, files: readonly string[]) => {
    const program = join(folder, name);
    execFileSync('iverilog', ['-g2012', '-s', 'bench', '-o', program, join(folder, 'bench.v'), ...files]);
    return execFileSync('vvp', ['-n', program], { encoding: 'utf8' });
  };
  const models = await cellModels({ outputDirectory, liberty: join(folder, 'osu.lib') }, environment);
  const expected = simulate('source', [join(folder, 'mac.v')]);
  expect(expected.split('\n').length).toBeGreaterThan(190);
  expect(simulate('netlist', [join(mine.directory, mine.files.verilog), models])).toBe(expected);
});
