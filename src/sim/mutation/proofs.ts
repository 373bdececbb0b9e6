/** Mutants that nothing finds may be none: proofs of that, by yosys of a module alone, by abc of the core. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpinfireError } from '../../errors/index.ts';
import { findTool, runTool, type ToolEnvironment } from '../../flow/index.ts';
import { type AndGraph, readAiger } from './aiger.ts';
import { differenceOf } from './unreachable.ts';
import { chosenBy, fileOf, type Mutant, type MutantsRun, read, yosys } from './yosys.ts';

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

/** @returns whether one of the mutants is proved to do what the core does */
export async function proofsOf(run: ProofsRun, mutants: readonly Mutant[], environment: ToolEnvironment) {
  const graph = mutants.length === 0 ? undefined : await graphOf(run, mutants, environment);
  return async (mutant: Mutant): Promise<boolean> =>
    (graph !== undefined && (await isUnreachable(run, graph, mutant, environment))) ||
    (await isSameModule(run, mutant, environment));
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

/** The flat core with these mutants as a graph of gates; undefined without abc, or where it would be too large. */
async function graphOf(run: ProofsRun, mutants: readonly Mutant[], environment: ToolEnvironment) {
  if ((await findTool('yosys-abc', environment).catch(() => undefined)) === undefined) return undefined;
  const script = [
    ...[...read(run.core), ...mutants.map(({ number, command }) => chosenBy(number, command))],
    ...['flatten', 'memory_map', 'opt -fine', 'async2sync', 'dffunmap', 'simplemap', 'techmap', 'opt_clean'],
    // Undriven bits, say of words that a memory does not have, are inputs that may be anything.
    ...['setundef -undriven -anyseq', 'aigmap', `write_aiger -ascii -zinit -symbols ${fileOf(run, 'core.aag')}`],
  ];
  return orGivenUp(run, async () => {
    const seconds = graphProofs * (run.proofSeconds ?? usualReachSeconds);
    await yosys(run, 'graph', script, environment, 1000 * seconds);
    return readAiger(await readFile(join(run.folder, 'core.aag'), 'utf8'));
  });
}

/** Whether abc proves that the core, from a reset on, is never in a state in which the mutant differs. */
async function isUnreachable(run: ProofsRun, graph: AndGraph, mutant: Mutant, environment: ToolEnvironment) {
  const seconds = run.proofSeconds ?? usualReachSeconds;
  const { file, impossible } = differenceOf(graph, mutant.number);
  if (impossible) return true;
  const name = `reach-${mutant.number}`;
  await writeFile(join(run.folder, `${name}.aig`), file);
  const logFile = join(run.folder, `${name}.log`);
  const proved = await orGivenUp(run, async () => {
    await runTool(
      await findTool('yosys-abc', environment),
      ['-c', `read_aiger ${name}.aig; scleanup; pdr -T ${seconds}`],
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
    await yosys(run, `equivalence-${number}`, script, environment, proofMs);
    return true;
  });
  return proved ?? false;
}
