/** The maps of block RAMs are ours: a netlist must read back what the files say and what was written. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { synthesise, systemEnvironment } from '../../src/flow/index.ts';
import { familyModels } from '../../src/flow/synthesis/family-models.ts';
import { regress } from '../slice.ts';
import { temporaryFolder } from './fakes.ts';

const environment = systemEnvironment(process.env, process.cwd());
const seed = 20240607;
/** The simulator's own models: of PLLs, and of a buffer beside one. */
const plls = fileURLToPath(new URL('../../sim/board/pll_models.v', import.meta.url));

/** Words, width, whether it is written too, and the number of RAMs. */
type Shape = readonly [words: number, width: number, written: boolean, rams: number];

const families = [
  {
    target: 'ice40',
    shapes: [
      [1024, 4, false, 1],
      [256, 16, true, 1],
      [512, 8, true, 1],
      [1024, 4, true, 1],
      [2048, 2, true, 1],
      [300, 11, true, 2],
    ] satisfies Shape[],
  },
  {
    target: 'ecp5',
    shapes: [
      [1024, 18, false, 1],
      [512, 36, false, 1],
      [2048, 9, false, 1],
      [4096, 3, false, 1],
      [16384, 1, true, 1],
      [8192, 2, true, 1],
      [4096, 4, true, 1],
      [2048, 8, true, 1],
      [1024, 14, true, 1],
      [512, 29, true, 1],
      [600, 40, true, 3],
    ] satisfies Shape[],
  },
  {
    target: 'gowin',
    shapes: [
      [256, 16, false, 1],
      [512, 36, false, 1],
      [2048, 8, false, 1],
      [4096, 3, false, 1],
      [16384, 1, true, 1],
      [8192, 2, true, 1],
      [4096, 4, true, 1],
      [2048, 8, true, 1],
      [1024, 14, true, 1],
      [512, 29, true, 1],
      [600, 40, true, 3],
    ] satisfies Shape[],
  },
  {
    // In units of 36 kbit.
    target: 'xilinx',
    shapes: [
      [512, 40, true, 1],
      [512, 36, true, 0.5],
      [2048, 9, false, 0.5],
      [4096, 4, true, 0.5],
      [16384, 1, true, 0.5],
      [8192, 2, true, 0.5],
      [1024, 14, true, 0.5],
      [2048, 18, false, 1],
      [1024, 36, true, 1],
      [32768, 1, true, 1],
      [700, 48, true, 1.5],
      [1024, 18, false, 0.5],
    ] satisfies Shape[],
  },
] as const;

function random(state: number): () => number {
  let s = state;
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return s / 2 ** 32;
  };
}

describe.each(families)('block RAMs of $target', ({ target, shapes }) => {
  it.each(regress ? shapes : shapes.filter((_, i) => i % (target === 'xilinx' ? 4 : 2) === 0))(
    '%i words of %i bits, written: %s',
    { timeout: 240_000 },
    async (words, width, written, rams) => {
      const next = random(seed + words * 64 + width);
      const folder = temporaryFolder();
      const digits = Math.ceil(width / 4);
      const contents = Array.from({ length: words }, () => Math.floor(next() * 2 ** width));
      const hex = (values: readonly number[]) =>
        values.map((v) => `${v.toString(16).padStart(digits, '0')}\n`).join('');
      const abits = Math.ceil(Math.log2(words));
      writeFileSync(join(folder, 'ram.mem'), hex(contents));
      const body = `(* no_rw_check, ram_style = "block" *) reg [${width - 1}:0] ram [0:${words - 1}];
      initial $readmemh("ram.mem", ram);
      always @(posedge clk) begin
        data <= ram[address];
        ${written ? 'if (write) ram[write_address] <= write_data;' : ''}
      end`;
      const ports = `input wire clk, input wire [${abits - 1}:0] address, output reg [${width - 1}:0] data,
      input wire write, input wire [${abits - 1}:0] write_address, input wire [${width - 1}:0] write_data`;
      writeFileSync(join(folder, 'store.v'), `module store (${ports});\n${body}\nendmodule\n`);
      const design = {
        directory: folder,
        top: 'store',
        verilogFiles: ['store.v'],
        outputDirectory: join(folder, 'out'),
      };
      const result = await synthesise({ ...design, target }, environment);
      expect(result.rams, `seed ${seed}`).toBe(rams);

      // Overwrite a fifth of the words, then read all of them.
      const expected = [...contents];
      const writes = written ? contents.flatMap((_, address) => (next() < 0.2 ? [address] : [])) : [];
      const steps = writes.map((address) => {
        expected[address] = Math.floor(next() * 2 ** width);
        return `write = 1; write_address = ${address}; write_data = ${width}'h${expected[address]!.toString(16)}; #1 clk = 1; #1 clk = 0;`;
      });
      const bench = `module bench;
      reg clk = 0; reg [${abits - 1}:0] address = 0, write_address = 0; reg write = 0;
      reg [${width - 1}:0] write_data = 0; wire [${width - 1}:0] data; integer i;
      store dut (.clk(clk), .address(address), .data(data), .write(write), .write_address(write_address), .write_data(write_data));
      initial begin
        #1 ${steps.join('\n')} write = 0;
        for (i = 0; i < ${words}; i = i + 1) begin address = i; #1 clk = 1; #1 clk = 0; $display("%h", data); end
      end
    endmodule`;
      writeFileSync(join(folder, 'bench.v'), bench);
      mkdirSync(join(folder, 'sim'));
      const netlist = join(result.directory, result.files.verilog);
      const program = join(folder, 'sim', 'bench');
      const models = await familyModels(target, Object.keys(result.cells), environment);
      for (const { path, text } of models) writeFileSync(join(folder, path), text);
      const sources = [join(folder, 'bench.v'), netlist, plls, ...models.map(({ path }) => join(folder, path))];
      execFileSync('iverilog', ['-g2012', '-s', 'bench', '-o', program, ...sources]);
      expect(execFileSync('vvp', ['-n', program], { encoding: 'utf8' }), `seed ${seed}`).toBe(hex(expected));
    },
  );
});
