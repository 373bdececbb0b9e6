/** What the interpreter saw, once more in a Verilog simulator: a self-checking test bench around the emitted Verilog. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFailed } from '../errors/index.ts';
import { findTool, runTool, systemEnvironment } from '../flow/index.ts';
import { type Design, emitVerilog, type PortInfo } from '../hdl/index.ts';
import { withTemporaryFolder } from '../store/index.ts';

/** Inputs of one clock cycle, and the outputs before the edge that ends it. */
export interface ReplayedCycle {
  readonly inputs: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, number>>;
}

interface Replay {
  readonly simulator?: 'verilator' | 'iverilog';
  readonly skipped?: string;
}

/** @throws SpinfireError (checkFailed) with the first cycle and port that differ */
export async function replay(
  design: Design,
  ports: readonly PortInfo[],
  cycles: readonly ReplayedCycle[],
  seed: number,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Replay> {
  const boxed = design.modules.find(({ instances }) => instances.some(({ definition }) => definition.blackBox));
  if (boxed) return { skipped: `${boxed.name} holds a black box, which has no Verilog here` };
  const environment = systemEnvironment(env, process.cwd());
  const find = (name: 'verilator' | 'iverilog') => findTool(name, environment).catch(() => undefined);
  const verilator = await find('verilator');
  const tool = verilator ?? (await find('iverilog'));
  if (tool === undefined) return { skipped: 'neither Verilator nor Icarus Verilog is installed' };
  const simulator = verilator ? 'verilator' : 'iverilog';
  return withTemporaryFolder(
    async (folder) => {
      const { files, top } = emitVerilog(design, { generator: 'spinfire', configuration: 'test bench' });
      for (const { path, text } of files) await writeFile(join(folder, path), text);
      await writeFile(join(folder, 'spinfire_tb.v'), testBench(design, top, ports, cycles.length));
      await writeFile(join(folder, 'vectors.hex'), vectors(ports, cycles));
      const verilog = [...files.map(({ path }) => path).filter((path) => path.endsWith('.v')), 'spinfire_tb.v'];
      const options = { cwd: folder, logFile: join(folder, 'log') };
      const program = join(folder, 'obj_dir', 'Vspinfire_tb');
      let said: string;
      if (verilator) {
        const words = ['--binary', '--timing', '-Wno-fatal', '-Wno-lint', '--top-module', 'spinfire_tb', ...verilog];
        await runTool(tool, words, options);
        said = (await runTool({ ...tool, command: program, args: [] }, [], options)).stdout;
      } else {
        await runTool(tool, ['-g2001', '-s', 'spinfire_tb', '-o', 'bench.vvp', ...verilog], options);
        said = (await runTool(await findTool('vvp', environment), ['-n', 'bench.vvp'], options)).stdout;
      }
      refuse(said, ports, cycles, seed, simulator);
      return { simulator } as const;
    },
    { plain: true },
  );
}

function refuse(
  said: string,
  ports: readonly PortInfo[],
  cycles: readonly ReplayedCycle[],
  seed: number,
  simulator: string,
): void {
  if (/^agreed$/m.test(said)) return;
  const [, index, name, value] = /^differs (\d+) (\w+) (\w+)$/m.exec(said) ?? [];
  const cycle = cycles[Number(index)];
  if (cycle === undefined || name === undefined)
    throw checkFailed('the simulation of the Verilog came to no end', { found: said.trim().slice(-200) });
  const port = ports.find((one) => one.name === name)!;
  throw checkFailed('the Verilog differs from the hardware description', {
    where: `clock cycle ${index}, ${name}`,
    found: `${port.width}'h${value} in ${simulator}`,
    expected: `${cycle.outputs[name]} in the interpreter`,
    help: `inputs: ${JSON.stringify(cycle.inputs)}, seed ${seed}`,
  });
}

/** A line a clock cycle: all inputs, then all outputs, packed, the first port in the lowest bits. */
function vectors(ports: readonly PortInfo[], cycles: readonly ReplayedCycle[]): string {
  const lines = cycles.map(({ inputs, outputs }) => {
    let word = 0n;
    let at = 0n;
    for (const { name, width, direction } of ports) {
      const value = BigInt((direction === 'input' ? inputs : outputs)[name]!);
      word |= BigInt.asUintN(width, value) << at;
      at += BigInt(width);
    }
    return word.toString(16);
  });
  return `${lines.join('\n')}\n`;
}

function testBench(design: Design, top: string, ports: readonly PortInfo[], cycles: number): string {
  const named = (role: PortInfo['role']) =>
    design
      .ports()
      .filter((port) => port.role === role)
      .map(({ name }) => name);
  const total = ports.reduce((sum, { width }) => sum + width, 0);
  let offset = 0;
  const placed = ports.map((port) => {
    const low = offset;
    offset += port.width;
    return { ...port, slice: `cycle_word[${offset - 1}:${low}]` };
  });
  const range = ({ width }: PortInfo) => (width === 1 ? '' : `[${width - 1}:0] `);
  const outputs = placed.filter(({ direction }) => direction === 'output');
  const connections = [
    ...named('clock').map((name) => `.${name}(clk)`),
    ...named('reset').map((name) => `.${name}(rst)`),
    ...placed.map((port) => `.${port.name}(${port.direction === 'input' ? port.slice : `got_${port.name}`})`),
  ];
  return [
    '`timescale 1ns / 1ns',
    'module spinfire_tb;',
    '  reg clk = 0;',
    '  reg rst = 1;',
    `  reg [${total - 1}:0] vectors [0:${cycles - 1}];`,
    `  reg [${total - 1}:0] cycle_word = 0;`,
    '  integer cycle;',
    ...outputs.map((port) => `  wire ${range(port)}got_${port.name};`),
    `  ${top} dut (${connections.join(', ')});`,
    '  initial begin',
    '    $readmemh("vectors.hex", vectors);',
    // As the interpreter is reset: one clock edge with every reset active.
    '    #1 clk = 1; #1 clk = 0; rst = 0;',
    `    for (cycle = 0; cycle < ${cycles}; cycle = cycle + 1) begin`,
    '      cycle_word = vectors[cycle];',
    '      #1;',
    ...outputs.flatMap(({ name, slice }) => [
      `      if (got_${name} !== ${slice}) begin`,
      `        $display("differs %0d ${name} %h", cycle, got_${name});`,
      '        $finish;',
      '      end',
    ]),
    '      clk = 1; #1 clk = 0;',
    '    end',
    '    $display("agreed");',
    '    $finish;',
    '  end',
    'endmodule',
    '',
  ].join('\n');
}
