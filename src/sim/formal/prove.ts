/**
 * Proofs by yosys-smtbmc and z3. What is claimed is a module of the hardware language: around the block under test it describes, with
 * inputs that may do anything, outputs `assume_...` (taken for granted) and `claim_...` (must be true in every clock out of reset).
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpinfireError } from '../../errors/index.ts';
import { findTool, runTool, type ToolEnvironment } from '../../flow/index.ts';
import { type Design, emitVerilog, type PortInfo } from '../../hdl/index.ts';

/** To which depth a proof goes, whether it is an induction, and where its files are written. */
export interface ProofOptions {
  /** Verilog, SMT problem, logs and the trace of a counterexample are written here. */
  readonly folder: string;
  readonly environment: ToolEnvironment;
  /** Clocks from reset that are searched for a counterexample; for an induction the longest history it may need. */
  readonly depth: number;
  /** Not only within `depth` clocks of reset: a violation may not follow `depth` clocks without one, whatever state they start from. */
  readonly induction?: boolean;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Whether the claims hold; if not, which one, and a trace that shows it. */
export interface ProofResult {
  readonly proved: boolean;
  /** A claim that is violated (or, by induction, not proved to hold). */
  readonly claim: string | undefined;
  /** VCD of the counterexample. */
  readonly trace: string | undefined;
}

/** @throws missingTool without yosys or z3; checkFailed when a tool refuses the design */
export async function prove(design: Design, options: ProofOptions): Promise<ProofResult> {
  const { folder, environment, depth, induction = false } = options;
  const [yosys, smtbmc] = [await findTool('yosys', environment), await findTool('yosys-smtbmc', environment)];
  await findTool('z3', environment);
  await mkdir(folder, { recursive: true });
  const { files, top } = emitVerilog(design, { generator: 'spinfire', configuration: 'proof' });
  await Promise.all(files.map(({ path, text }) => writeFile(join(folder, path), text)));
  await writeFile(join(folder, 'proof.v'), wrapper(top, design.ports()));
  const sources = files.map(({ path }) => path).filter((path) => path.endsWith('.v'));
  const script = [
    `read_verilog ${sources.join(' ')}`,
    'read_verilog -formal proof.v',
    'prep -flatten -top proof',
    'memory_map',
    'async2sync',
    'dffunmap',
    'opt_clean',
    'write_smt2 -wires proof.smt2',
  ];
  const common = {
    cwd: folder,
    env: environment.env,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  };
  await runTool(yosys, ['-q', '-p', script.join('; ')], { ...common, logFile: join(folder, 'yosys.log') });
  const logFile = join(folder, induction ? 'induction.log' : 'bmc.log');
  const trace = join(folder, induction ? 'induction.vcd' : 'counterexample.vcd');
  // The clock in reset is one more.
  const words = ['-s', 'z3', '-t', `${depth + 1}`, '--dump-vcd', trace, ...(induction ? ['-i'] : []), 'proof.smt2'];
  try {
    await runTool(smtbmc, words, { ...common, logFile });
    return { proved: true, claim: undefined, trace: undefined };
  } catch (error) {
    const log = await readFile(logFile, 'utf8').catch(() => '');
    if (!(error instanceof SpinfireError) || !log.includes('Status: FAILED')) throw error;
    return { proved: false, claim: /Assert failed in proof: (\S+)/.exec(log)?.[1], trace };
  }
}

/** Reset in the first clock, never again; every other input is free. */
function wrapper(top: string, ports: readonly PortInfo[]): string {
  const role = (wanted: PortInfo['role']) => ports.filter((port) => port.role === wanted);
  const inputs = role('data').filter(({ direction }) => direction === 'input');
  const outputs = role('data').filter(({ direction }) => direction === 'output');
  const range = ({ width }: PortInfo) => (width === 1 ? '' : `[${width - 1}:0] `);
  const clock = role('clock')[0]?.name;
  const reset = role('reset')[0]?.name;
  const connections = [
    ...(clock === undefined ? [] : [`.${clock}(clk)`]),
    ...(reset === undefined ? [] : [`.${reset}(first)`]),
    ...[...inputs, ...outputs].map(({ name }) => `.${name}(${name})`),
  ];
  const statements = (prefix: string, keyword: string) =>
    outputs
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name }) => `    if (!first) ${keyword === 'assert' ? `${name}_holds: ` : ''}${keyword}(${name});`);
  return [
    'module proof (',
    ['  input clk', ...inputs.map((port) => `  input ${range(port)}${port.name}`)].join(',\n'),
    ');',
    '  reg first = 1;',
    '  always @(posedge clk) first <= 0;',
    ...outputs.map((port) => `  wire ${range(port)}${port.name};`),
    `  ${top} dut (${connections.join(', ')});`,
    '  always @* begin',
    ...statements('assume_', 'assume'),
    ...statements('claim_', 'assert'),
    '  end',
    'endmodule',
    '',
  ].join('\n');
}
