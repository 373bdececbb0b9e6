/** A board without a board: the top with its pins in Verilator, its serial line behind a pseudo-terminal. */
import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { checkFailed } from '../errors/index.ts';
import { type BoardDesign, findTool, runTool, type ToolEnvironment } from '../flow/index.ts';
import { isSealed, publish, withTemporaryFolder, withWorkFolder } from '../store/index.ts';
import type { CoreFiles } from './core-files.ts';
import { netlistFlags, plainHeaders } from './verilator-make.ts';
import type { VerilogFile } from './verilog-modules.ts';

/** What a bad day does to the line: the chance for each byte. */
export interface LineFaults {
  readonly seed: number;
  /** Bytes lost, flipped, doubled, broken; noise, breaks, pauses. */
  readonly perByte?: number | undefined;
  /** The port goes away and comes back. */
  readonly disconnect?: number | undefined;
  /** The reset button, on boards that have one. */
  readonly restart?: number | undefined;
}

/** A core and its board, and how its line behaves. */
export interface VirtualBoardOptions {
  readonly core: CoreFiles;
  readonly design: BoardDesign;
  /** In place of the Verilog of core and board: a netlist of both. */
  readonly netlist?: readonly VerilogFile[] | undefined;
  /** A name for the port that stays when the port goes away. */
  readonly link?: string | undefined;
  readonly faults?: LineFaults | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** What the line went through. */
export interface LineReport {
  /** How often each fault was injected. */
  readonly injected: Readonly<Record<string, number>>;
  /** Share of the clocks from the 400th byte to the last in which the line to the core carried bits. */
  readonly busyShare: number;
}

/** A board that is simulated behind a serial port of this machine. */
export interface VirtualBoard {
  /** To be opened by a host program. */
  readonly port: string;
  /** Ends it. */
  stop(): Promise<LineReport>;
  /** Resolves when the simulator has ended. */
  readonly ended: Promise<void>;
}

const sourceFolder = fileURLToPath(new URL('../../sim/board/', import.meta.url));

/** @throws missingTool without Verilator, make or a compiler */
export async function startVirtualBoard(
  options: VirtualBoardOptions,
  environment: ToolEnvironment,
): Promise<VirtualBoard> {
  const { core, design, link, faults } = options;
  const executable = await buildBoard(options, environment);
  const args = [
    `bit=${design.clocksPerBit}`,
    ...(link === undefined ? [] : [`link=${link}`]),
    ...(faults
      ? [
          `seed=${faults.seed}`,
          ...Object.entries({ faults: faults.perByte, disconnect: faults.disconnect, restart: faults.restart })
            .filter(([, chance]) => chance !== undefined)
            .map(([name, chance]) => `${name}=${chance}`),
        ]
      : []),
  ];
  options.signal?.throwIfAborted();
  const child = execa(executable, args, { cwd: core.directory, stdin: 'ignore', reject: false, buffer: false });
  const injected: Record<string, number> = {};
  let busyShare = 0;
  let resolvePort: (port: string) => void = () => {};
  const port = new Promise<string>((resolve) => {
    resolvePort = resolve;
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const lines = text.split('\n');
    text = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith('port ')) resolvePort(line.slice(5));
      const count = /^injected (\d+) (.+)$/.exec(line);
      if (count) injected[count[2]!] = Number(count[1]);
      const carried = /^carried (\d+) of (\d+)$/.exec(line);
      if (carried) busyShare = Number(carried[1]) / Number(carried[2]);
    }
  });
  const ended = Promise.resolve(child).then(() => {});
  const failed = ended.then(() => {
    throw checkFailed('the virtual board ended', { where: executable });
  });
  failed.catch(() => {});
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    return { injected, busyShare };
  };
  options.signal?.addEventListener('abort', () => void stop());
  return { port: await Promise.race([port, failed]), stop, ended };
}

function verilatorArguments(
  flags: readonly string[],
  defines: readonly string[],
  verilog: readonly string[],
): string[] {
  const defined = defines.flatMap((define) => ['-CFLAGS', `-D${define}`]);
  const head = ['--cc', '--exe', '--top-module', 'board', '--Mdir', 'objects'];
  return [...head, ...flags, ...defined, '-LDFLAGS', '-lutil', 'main.cpp', ...verilog];
}

/** A netlist has so many small equations that compiling them costs more than running them. */
function makeArguments(isNetlist: boolean): string[] {
  const optimised = [`OPT_FAST=${isNetlist ? '-O1' : '-O2'}`, 'OPT_SLOW=-O0', 'OPT_GLOBAL=-O1', ...plainHeaders];
  return ['-s', '-j2', '-C', 'objects', '-f', 'Vboard.mk', 'Vboard', ...optimised];
}

async function buildBoard(
  { core, design, netlist, signal, onProgress }: VirtualBoardOptions,
  environment: ToolEnvironment,
): Promise<string> {
  const tools = {
    verilator: await findTool('verilator', environment),
    make: await findTool('make', environment),
    compiler: await findTool('g++', environment),
  };
  const files = new Map<string, string | Buffer>([
    ...(netlist ?? core.verilog).map(({ path, text }) => [path, text] as const),
    ...(netlist ? [] : design.sources).map(({ path, content }) => [path, content] as const),
    ...(await Promise.all(
      ['main.cpp', 'pll_models.v'].map(async (n) => [n, await readFile(join(sourceFolder, n))] as const),
    )),
  ]);
  const { button } = design.pins;
  const defines = [
    `SPINFIRE_CLOCK=${design.pins.clock}`,
    ...(button ? [`SPINFIRE_BUTTON=${button.port}`, `SPINFIRE_BUTTON_PRESSED=${button.low ? 0 : 1}`] : []),
  ];
  const flags = [
    ...['-O3', '--x-assign', 'fast', '--x-initial', 'fast', '-Wno-fatal', '-Wno-lint', '-Wno-style', '--noassert'],
    ...(netlist ? netlistFlags : []),
  ];
  const hash = createHash('sha256');
  const parts = [tools.verilator.version, tools.compiler.version, ...defines, ...flags, ...[...files].flat()];
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  const directory = join(core.buildDirectory, `board-${hash.digest('hex').slice(0, 12)}`);
  const executable = join(directory, 'board');
  if (await isSealed(directory)) return executable;
  onProgress?.('building the virtual board');
  await withTemporaryFolder(
    async (work) => {
      for (const [name, text] of files) await writeFile(join(work, name), text);
      const verilog = [...files.keys()].filter((name) => name.endsWith('.v'));
      const run = { signal, cwd: work, env: environment.env };
      const args = verilatorArguments(flags, defines, verilog);
      await runTool(tools.verilator, args, { ...run, logFile: `${directory}.verilator.log` });
      await runTool(tools.make, makeArguments(netlist !== undefined), { ...run, logFile: `${directory}.make.log` });
      await withWorkFolder(core.buildDirectory, async (kept) => {
        await copyFile(join(work, 'objects', 'Vboard'), join(kept, 'board'));
        await publish(kept, directory);
      });
    },
    { plain: true },
  );
  return executable;
}
