/** Mutants that nothing finds may be none: proofs of that, by yosys of a module alone, by abc of the core. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpinfireError } from '../../errors/index.ts';
import { findTool, runTool, type ToolEnvironment } from '../../flow/index.ts';
import { type AndGraph, readAiger } from './aiger.ts';
import { differenceOf } from './unreachable.ts';
import { chosenBy, type Mutant, type MutantsRun, read, yosys } from './yosys.ts';

/** A proof that takes longer is given up. */
const proofMs = 15_000;
/** So is the making of a graph of gates, after so many times as long as abc has: memories become registers in it, and those of a large core are many. */
const graphProofs = 5;
/** Seconds of abc, where nobody says how many. */
const usualReachSeconds = 12;

/** What is mutated, and how long a proof may take. */
interface ProofsRun extends MutantsRun {
  /** That abc looks for the proof that a mutant is never reached. */
  readonly proofSeconds?: number | undefined;
}

/**
 * What becomes of memories: with `free` what is read may be anything, and the ports of the two cores must never differ, so that what they hold doesn't
 * either: a small graph, in which what depends on no data is proved in seconds. With `whole` they are registers.
 */
type Memories = 'free' | 'whole';

/** @returns whether one of the mutants is proved to do what the core does */
export async function proofsOf(run: ProofsRun, mutants: readonly Mutant[], environment: ToolEnvironment) {
  const graphs = new Map<Memories, AndGraph>();
  for (const memories of mutants.length === 0 ? [] : (['free', 'whole'] as const)) {
    const graph = await graphOf(run, mutants, memories, environment);
    if (graph !== undefined) graphs.set(memories, graph);
  }
  return async (mutant: Mutant): Promise<boolean> => {
    for (const [memories, graph] of graphs)
      if (await isUnreachable(run, graph, mutant, memories, environment)) return true;
    return isSameModule(run, mutant, environment);
  };
}

/** `undefined` and false for what a tool gave up; a missing tool is thrown. */
async function orGivenUp<T>(run: MutantsRun, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SpinfireError) || error.kind === 'missingTool') throw error;
    run.signal?.throwIfAborted();
    return undefined;
  }
}

/**
 * A memory's ports, their memory gone: two registers keep what was there in the last two clocks, as many as a reset has, so that the registers of two
 * cores are never apart where their ports never were. yosys's cells `$memrd` and `$memwr`; a read with a clock of its own is left to fail.
 */
const freePorts = `(* techmap_celltype = "$memrd $memrd_v2" *)
module free_read (EN, CLK, ARST, SRST, ADDR, DATA);
  parameter MEMID = "", ABITS = 1, WIDTH = 1, CLK_ENABLE = 0, CLK_POLARITY = 0, TRANSPARENT = 0, TRANSPARENCY_MASK = 0;
  parameter COLLISION_X_MASK = 0, ARST_VALUE = 0, SRST_VALUE = 0, INIT_VALUE = 0, CE_OVER_SRST = 0;
  input EN, CLK, ARST, SRST;
  input [ABITS-1:0] ADDR;
  output [WIDTH-1:0] DATA;
  wire _TECHMAP_FAIL_ = CLK_ENABLE;
  wire [ABITS-1:0] last, before;
  (* keep *) \\$ff #(.WIDTH(ABITS)) seen (.D(ADDR), .Q(last));
  (* keep *) \\$ff #(.WIDTH(ABITS)) seen_before (.D(last), .Q(before));
endmodule

(* techmap_celltype = "$memwr $memwr_v2" *)
module free_write (EN, CLK, ADDR, DATA);
  parameter MEMID = "", ABITS = 1, WIDTH = 1, CLK_ENABLE = 0, CLK_POLARITY = 0, PRIORITY = 0, PORTID = 0, PRIORITY_MASK = 0;
  input [WIDTH-1:0] EN, DATA;
  input CLK;
  input [ABITS-1:0] ADDR;
  localparam BITS = 2 * WIDTH + ABITS;
  wire [BITS-1:0] last, before;
  (* keep *) \\$ff #(.WIDTH(BITS)) seen (.D({EN, ADDR, DATA}), .Q(last));
  (* keep *) \\$ff #(.WIDTH(BITS)) seen_before (.D(last), .Q(before));
endmodule
`;

/** The flat core with these mutants as a graph of gates; undefined without abc, or where it would be too large. */
async function graphOf(run: ProofsRun, mutants: readonly Mutant[], memories: Memories, environment: ToolEnvironment) {
  if ((await findTool('yosys-abc', environment).catch(() => undefined)) === undefined) return undefined;
  const map = `${memories}-ports.v`;
  if (memories === 'free') await writeFile(join(run.folder, map), freePorts);
  const ports = {
    free: [`techmap -map ${map}`, 'delete t:$meminit t:$meminit_v2', 'select -assert-none t:$mem*'],
    whole: ['memory_map'],
  };
  const file = `${memories}.aag`;
  const script = [
    ...[...read(run.core), ...mutants.map(({ number, command }) => chosenBy(number, command))],
    ...['flatten', ...ports[memories], 'opt -fine', 'async2sync', 'dffunmap', 'simplemap', 'techmap', 'opt_clean'],
    // Undriven bits, say of words that a memory does not have, are inputs that may be anything.
    ...['setundef -undriven -anyseq', 'aigmap', `write_aiger -ascii -zinit -symbols ${file}`],
  ];
  return orGivenUp(run, async () => {
    const seconds = graphProofs * (run.proofSeconds ?? usualReachSeconds);
    await yosys(run, `graph-${memories}`, script, environment, { timeoutMs: 1000 * seconds });
    return readAiger(await readFile(join(run.folder, file), 'utf8'));
  });
}

/** Whether abc proves that the core, from a reset on, is never in a state in which the mutant differs. */
async function isUnreachable(
  run: ProofsRun,
  graph: AndGraph,
  mutant: Mutant,
  memories: Memories,
  environment: ToolEnvironment,
) {
  const seconds = run.proofSeconds ?? usualReachSeconds;
  const { file, impossible } = differenceOf(graph, mutant.number);
  if (impossible) return true;
  const name = `${memories}-${mutant.number}`;
  // Registers that are always alike become one, which is quick where they are few.
  const prepared = memories === 'free' ? 'scleanup; scorr' : 'scleanup';
  await writeFile(join(run.folder, `${name}.aig`), file);
  const logFile = join(run.folder, `${name}.log`);
  const proved = await orGivenUp(run, async () => {
    await runTool(
      await findTool('yosys-abc', environment),
      ['-c', `read_aiger ${name}.aig; ${prepared}; pdr -T ${seconds}`],
      { cwd: run.folder, env: environment.env, logFile, signal: run.signal, timeoutMs: 3500 * seconds },
    );
    return (await readFile(logFile, 'utf8')).includes('Property proved');
  });
  return proved ?? false;
}

/** Whether yosys proves that the mutant's module, registers paired by their names, does what it did before. */
async function isSameModule(run: MutantsRun, { module, command, number }: Mutant, environment: ToolEnvironment) {
  const alone = (name: string) => [
    ...[`hierarchy -top ${module}`, 'flatten', `rename ${module} ${name}`, `design -stash ${name}`],
  ];
  const script = [
    ...[...read(run.core), 'design -save read', ...alone('gold')],
    ...['design -load read', command, ...alone('gate')],
    ...['design -copy-from gold -as gold gold', 'design -copy-from gate -as gate gate', 'memory_map'],
    ...['equiv_make gold gate equiv', 'hierarchy -top equiv', 'opt_clean'],
    ...['equiv_simple -undef', 'equiv_induct -undef', 'equiv_status -assert'],
  ];
  const proved = await orGivenUp(run, async () => {
    await yosys(run, `equivalence-${number}`, script, environment, { timeoutMs: proofMs });
    return true;
  });
  return proved ?? false;
}
