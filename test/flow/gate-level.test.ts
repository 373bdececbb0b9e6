/** Netlists do what the Verilog does that they were made from: both simulated side by side, with random inputs. */
import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { cellModels, synthesise, systemEnvironment } from '../../src/flow/index.ts';
import { temporaryFolder } from './fakes.ts';

const environment = systemEnvironment(process.env, process.cwd());
const twins = fileURLToPath(new URL('fixtures/twins', import.meta.url));
const seed = 4711;

/** Runs `twins` and prints its outputs on each clock, from the reset on. */
const bench = `module bench;
  reg clk = 0, rst = 1, write = 0;
  reg [3:0] address = 0;
  reg [15:0] data = 0;
  wire [15:0] product;
  wire [7:0] first, second;
  integer i, seed = ${seed};
  twins dut (.clk(clk), .rst(rst), .address(address), .write(write), .data(data), .product(product), .first(first), .second(second));
  initial begin
    for (i = 0; i < 600; i = i + 1) begin
      rst = i < 3;
      // Every word is written before any is looked at.
      write = i < 20 || $random(seed);
      address = i < 20 ? i : $random(seed);
      data = $random(seed);
      // A word that is read while it is written may differ; it is in the product one clock later.
      if (i >= 20 && i % 2 == 0) write = 0;
      #5 clk = 1;
      #5 clk = 0;
      if (i > 30) $display("%h %h", first, second);
      if (i > 30 && i % 2 == 1) $display("%h", product);
    end
  end
endmodule
`;

function simulate(folder: string, name: string, files: readonly string[]): string {
  const program = join(folder, name);
  execFileSync('iverilog', ['-g2012', '-s', 'bench', '-o', program, join(folder, 'bench.v'), ...files]);
  return execFileSync('vvp', ['-n', program], { cwd: folder, encoding: 'utf8' });
}

it('a netlist of 45 nm cells behaves like its source, memories included', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder();
  cpSync(twins, folder, { recursive: true });
  writeFileSync(join(folder, 'bench.v'), bench);
  const design = { directory: folder, top: 'twins', verilogFiles: ['twins.v', 'counter.v'] };
  const outputDirectory = join(folder, 'out');
  const result = await synthesise({ ...design, target: 'asic45', outputDirectory }, environment);
  const models = await cellModels({ outputDirectory }, environment);
  expect(await cellModels({ outputDirectory }, environment)).toBe(models);
  const source = simulate(folder, 'source', [join(folder, 'twins.v'), join(folder, 'counter.v')]);
  const { verilog, memories = '' } = result.files;
  const netlist = [join(result.directory, verilog), join(result.directory, memories), models];
  expect(source.match(/x/g)).toBeNull();
  expect(new Set(source.split('\n')).size, `seed ${seed}`).toBeGreaterThan(500);
  expect(simulate(folder, 'netlist', netlist), `seed ${seed}`).toBe(source);
});
