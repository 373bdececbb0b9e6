import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type SynthesisOptions,
  synthesise,
  systemEnvironment,
  type Target,
  usualLiberty,
} from '../../src/flow/index.ts';
import { readLiberty } from '../../src/flow/synthesis/liberty.ts';
import { readMemories } from '../../src/flow/synthesis/memories.ts';
import { readAreas, readStatistics } from '../../src/flow/synthesis/statistics.ts';
import { countResources, fpgaTable, realCells } from '../../src/flow/synthesis/targets.ts';
import { fakeWorld, messageOf, temporaryFolder } from './fakes.ts';

const twins = fileURLToPath(new URL('fixtures/twins', import.meta.url));
const environment = systemEnvironment(process.env, process.cwd());

function options(target: Target, outputDirectory: string, more: Partial<SynthesisOptions> = {}): SynthesisOptions {
  return { directory: twins, top: 'twins', verilogFiles: ['twins.v', 'counter.v'], target, outputDirectory, ...more };
}

describe('synthesise for FPGAs', () => {
  it('counts what yosys makes, and makes it once', async () => {
    const folder = temporaryFolder();
    const steps: string[] = [];
    const first = await synthesise(options('ice40', folder, { onProgress: (step) => steps.push(step) }), environment);
    expect(first).toMatchObject({ target: 'ice40', top: 'twins', cached: false, dsps: 0, warnings: [] });
    // 256 x 16 and 16 x 16 bits, each in one RAM; the read data are the RAM's; 2 x 8 + 16 bits remain.
    expect(first).toMatchObject({ rams: 2, ffs: 32, cells: { SB_RAM40_4K: 2 } });
    expect(first.luts).toBe(first.cells.SB_LUT4);
    expect(first.luts).toBeGreaterThan(20);
    expect(first.luts).toBeLessThan(120);
    expect(steps).toContain('yosys: synth_ice40');
    for (const file of Object.values(first.files)) expect(existsSync(join(first.directory, file ?? ''))).toBe(true);
    expect(readdirSync(folder)).toHaveLength(1);

    const start = performance.now();
    expect(await synthesise(options('ice40', folder), environment)).toEqual({ ...first, cached: true });
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('makes it again when a memory, the tool or an option changes', async () => {
    const folder = temporaryFolder();
    const directory = join(folder, 'design');
    cpSync(twins, directory, { recursive: true });
    const log = join(folder, 'calls');
    const script = (version: string) => `case "$1" in -V) echo "Yosys ${version}";; *) echo run >> ${log}
      mkdir -p out; echo '{"modules": {"twins": {"num_cells_by_type": {"SB_LUT4": 1}}}}' > out/.statistics.json;; esac`;
    const world = fakeWorld({}, { env: { PATH: `${folder}/bin:/usr/bin:/bin` } });
    const tool = (version: string) => {
      const file = join(folder, `yosys-${version}`);
      writeFileSync(file, `#!/bin/sh\n${script(version)}\n`, { mode: 0o755 });
      return { ...world.environment, paths: { yosys: file } };
    };
    const outputDirectory = join(folder, 'out');
    const design = options('ice40', outputDirectory, { directory });
    const calls = () => readFileSync(log, 'utf8').split('\n').length - 1;
    expect((await synthesise(design, tool('0.30'))).luts).toBe(1);
    await synthesise(design, tool('0.30'));
    expect(calls()).toBe(1);
    await synthesise(design, tool('0.31'));
    expect(calls()).toBe(2);
    await synthesise({ ...design, synthOptions: ['-dsp'] }, tool('0.30'));
    expect(calls()).toBe(3);
    writeFileSync(join(directory, 'twins_weights.mem'), 'ffff\n');
    await synthesise(design, tool('0.30'));
    expect(calls()).toBe(4);
  });

  it('weighs cells as the family does', () => {
    const cells = { LUT4: 10, CCU2C: 3, TRELLIS_DPR16X4: 1, TRELLIS_FF: 7, DP16KD: 2, MULT18X18D: 1, PFUMX: 4 };
    expect(countResources(cells, fpgaTable.ecp5)).toEqual({ luts: 22, ffs: 7, rams: 2, dsps: 1 });
    const xilinx = { LUT6: 2, LUT2: 1, FDRE: 3, FDCE: 1, RAMB18E1: 3, RAMB36E1: 1, CARRY4: 9 };
    expect(countResources(xilinx, fpgaTable.xilinx)).toEqual({ luts: 3, ffs: 4, rams: 2.5, dsps: 0 });
    const gowin = { LUT1: 1, LUT4: 2, ALU: 8, DFF: 1, DFFRE: 2, SDPB: 1, pROM: 1, MUX2_LUT5: 5, GND: 1 };
    expect(countResources(gowin, fpgaTable.gowin)).toEqual({ luts: 11, ffs: 3, rams: 2, dsps: 0 });
  });
});

describe('synthesise for standard cells', () => {
  it('gives area by module and memories apart', async () => {
    const result = await synthesise(options('asic45', temporaryFolder()), environment);
    // 16 x 16 bits of scratch memory and its read data, the product, two counters; the large memory holds its own read data.
    expect(result).toMatchObject({ luts: 0, dsps: 0, rams: 1, memoryBits: 4096, ffs: 256 + 16 + 16 + 2 * 8 });
    expect(result.memories).toEqual([
      {
        ...{ module: 'twins', name: 'weights', macro: 'twins_weights_macro', words: 256, width: 16, bits: 4096 },
        ...{ readPorts: 1, writePorts: 0, registeredRead: true, clocks: ['clk'], instances: 1 },
      },
    ]);
    const modules = Object.entries(result.areaByModule ?? {});
    expect(modules.map(([name, { instances }]) => [name, instances])).toEqual([
      ['twins', 1],
      ['counter', 2],
    ]);
    const sum = modules.reduce((all, [, { totalAreaUm2 }]) => all + totalAreaUm2, 0);
    expect(sum).toBeCloseTo(result.areaUm2!, 6);

    // The same again from the cells and the library's areas, without yosys's arithmetic.
    const liberty = readLiberty(readFileSync(usualLiberty, 'utf8'), 'gscl45nm.lib');
    const area = (test: (name: string) => boolean) =>
      Object.entries(result.cells).reduce((all, [type, count]) => {
        return test(type) ? all + count * liberty.cells.get(type)!.area : all;
      }, 0);
    expect(area(() => true)).toBeCloseTo(result.areaUm2!, 6);
    expect(area((type) => type.startsWith('DFF'))).toBeCloseTo(result.sequentialAreaUm2!, 6);

    const models = readFileSync(join(result.directory, result.files.memories ?? ''), 'utf8');
    expect(models).toContain('module twins_weights_macro(');
    const contents = readFileSync(join(twins, 'twins_weights.mem'), 'utf8').split('\n');
    expect(models).toContain(`weights[255] = 16'h${contents[255]};`);
  });

  it('agrees with a count by hand', async () => {
    const directory = temporaryFolder();
    // Two flip-flops and an inverter; nothing can be merged or removed.
    const text = [
      'module hand (input wire clk, input wire a, output reg q, output reg r);',
      '  always @(posedge clk) begin q <= ~a; r <= q; end',
      'endmodule',
    ];
    writeFileSync(join(directory, 'hand.v'), text.join('\n'));
    const design = { directory, top: 'hand', verilogFiles: ['hand.v'], outputDirectory: join(directory, 'out') };
    const result = await synthesise({ ...design, target: 'asic45' }, environment);
    expect(result.cells).toEqual({ DFFPOSX1: 2, INVX1: 1 });
    expect(result.areaUm2).toBeCloseTo(2 * 7.9781 + 1.4079, 6);
    expect(result).toMatchObject({ ffs: 2, rams: 0, memoryBits: 0, memories: [] });
  });

  it('keeps every memory in cells when asked to', async () => {
    const result = await synthesise(options('asic45', temporaryFolder(), { macroBits: 1e6 }), environment);
    expect(result).toMatchObject({ rams: 0, memories: [], memoryBits: 0 });
    expect(result.files.memories).toBeUndefined();
  });
});

describe('what can go wrong', () => {
  it('shows a refused design at its TypeScript line', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'bad.v'), 'module bad (input wire a, output wire b);\n  assign b = a +;\nendmodule\n');
    const design = { directory: folder, top: 'bad', verilogFiles: ['bad.v'], outputDirectory: join(folder, 'out') };
    const sourceMap = [{ file: 'bad.v', line: 2, origin: 'src/core/bad.ts:7' }];
    const message = await messageOf(synthesise({ ...design, target: 'ice40', sourceMap }, environment), folder);
    expect(message.replace(/ice40-\w{12}/, 'ice40-<hash>').replace(/at: .*yosys/, 'at: yosys')).toMatchInlineSnapshot(`
      "yosys failed
        at: yosys -s synth.ys
        found:    exit code 1: src/core/bad.ts:7 (bad.v:2): ERROR: syntax error, unexpected ';'
        expected: exit code 0
        help:     its log is <folder>/out/ice40-<hash>.synth.log"
    `);
    // The log stays, nothing else does.
    expect(readdirSync(join(folder, 'out'))).toEqual([expect.stringMatching(/^ice40-\w+\.synth\.log$/)]);
  });

  it('names files and modules that are not there', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.v'), 'module a; reg [7:0] m [0:3]; initial $readmemh("m.mem", m); endmodule\n');
    const message = (more: Partial<SynthesisOptions>) =>
      messageOf(synthesise(options('ice40', join(folder, 'out'), { directory: folder, ...more }), environment), folder);
    expect(await message({ verilogFiles: ['a.v'], top: 'a' })).toMatchInlineSnapshot(`
      "a file of the design cannot be read
        at:       a.v
        found:    ENOENT: no such file or directory, open '<folder>/m.mem'
        expected: m.mem"
    `);
    expect(await message({ verilogFiles: ['b.v'] })).toContain('a file of the design cannot be read');
    expect(await message({ verilogFiles: [] })).toContain('there is no Verilog to read');
    expect(await message({ verilogFiles: ['../a.v'] })).toContain('a file lies outside its folder');
    expect(await message({ top: 'a;b' })).toContain('the top module has no legal name');
    writeFileSync(join(folder, 'm.mem'), '00\n');
    expect(await message({ verilogFiles: ['a.v'], top: 'core' })).toMatchInlineSnapshot(`
      "the top module is in none of the files
        at:       <folder>
        found:    a.v
        expected: module core"
    `);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('refuses a liberty file without cells', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'x.lib'), 'library (x) { }');
    const work = (liberty: string) => synthesise(options('asic45', folder, { liberty }), environment);
    expect(await messageOf(work(join(folder, 'x.lib')), folder)).toContain('the liberty file holds no cells');
    expect(await messageOf(work(join(folder, 'y.lib')), folder)).toContain('the liberty file cannot be read');
  });
});

describe('reading what yosys prints', () => {
  it('reads statistics of yosys 0.23 and 0.55', () => {
    const cells = '"num_cells": 3, "num_cells_by_type": {"SB_LUT4": 2, "$scopeinfo": 1}';
    const text = `{"creator": "Yosys", "modules": {"\\\\top": {${cells}}}, "design": {${cells}}}`;
    const statistics = readStatistics(text, 'x');
    expect(statistics.modules).toEqual({ top: { SB_LUT4: 2, $scopeinfo: 1 } });
    expect(realCells(statistics)).toEqual({ SB_LUT4: 2 });
    const littered = `{\n   "modules": {\n      "\\\\top": {\n         "num_cells_by_type": {\n            "A": 1\n         }\n      }\n   },\n       inner_lane    12\n       inner_mtj    2\n      "design": {\n         "num_cells_by_type": {\n            "A": 3\n         }\n      }\n}\n`;
    expect(readStatistics(littered, 'x')).toEqual({ total: { A: 3 }, modules: { top: { A: 1 } } });
    expect(() => readStatistics('{', 'x')).toThrow('the statistics of yosys cannot be read');
    expect(() => readStatistics('{"modules": []}', 'x')).toThrow('the statistics of yosys cannot be read');
  });

  it('reads areas', () => {
    const text = "   Chip area for module '\\a': 12.500000\n   Chip area for top module '\\top': 30.25\n";
    expect(readAreas(text)).toEqual({ own: { a: 12.5 }, total: 30.25 });
  });

  it('reads memories, whatever their contents', () => {
    const memory = (name: string, words: number) => `  cell $mem_v2 \\${name}
    parameter \\INIT 4096'${'0'.repeat(400)}
    parameter \\RD_CLK_ENABLE 2'11
    parameter \\RD_PORTS 2
    parameter \\SIZE ${words}
    parameter \\WIDTH 8
    parameter \\WR_PORTS 1
    connect \\RD_ADDR \\end
    connect \\RD_CLK { \\clk \\clk }
    connect \\WR_CLK \\clk2
  end
`;
    const text = `module \\top\n${memory('a', 16)}${memory('b', 300)}end\nmodule \\inner\n${memory('c', 2)}end\n`;
    const common = { width: 8, readPorts: 2, writePorts: 1, registeredRead: true, clocks: ['clk', 'clk2'] };
    expect(readMemories(text)).toEqual([
      { module: 'top', name: 'a', words: 16, bits: 128, ...common },
      { module: 'top', name: 'b', words: 300, bits: 2400, ...common },
      { module: 'inner', name: 'c', words: 2, bits: 16, ...common },
    ]);
  });
});
