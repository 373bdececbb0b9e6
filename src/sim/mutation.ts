/**
 * Mutants of an emitted core, made by yosys: a bit of a cell inverted, stuck, or mixed with another one. Lockstep must find them; one that
 * it doesn't find shows what the comparison or the stimulus does not look at, or is no mutant at all (docs/verifying.md).
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { checkFailed, SpinfireError } from '../errors/index.ts';
import { findTool, readSourceMap, runTool, type ToolEnvironment, translateMessages } from '../flow/index.ts';
import type { CoreFiles } from './core-files.ts';
import { buildHarness } from './harness-build.ts';
import { type HarnessRun, runHarness } from './harness-run.ts';
import { type HashedWindow, hashedWindows } from './hash.ts';
import type { CycleReference } from './model.ts';
import { checkResets } from './reset.ts';
import { type Stimulus, StimulusDriver } from './stimulus.ts';

/** A core, the images, and how many mutants are made. */
export interface MutationRun {
  readonly core: CoreFiles;
  readonly model: CycleReference;
  readonly stimulus: Stimulus;
  /** For the mutants that it leaves, one after the other. */
  readonly others?: readonly Stimulus[];
  readonly maxTimeSteps: number;
  /** Mutants that yosys is asked for; those of memory contents are left out */
  readonly count: number;
  /** Of yosys's choice. */
  readonly seed: number;
  /** The mutated core, scripts and logs are written here. */
  readonly folder: string;
  readonly onProgress?: ((progress: MutationProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MutationProgress {
  /** Simulating mutants, then proving of those that were not found that they are none. */
  readonly stage: 'run' | 'prove';
  readonly done: number;
  readonly of: number;
}

/** A change of one bit of the Verilog. */
export interface Mutant {
  /** From 1. */
  readonly number: number;
  readonly module: string;
  /** Cell, port and bit, as yosys names them, and what happens to the bit: `$and$a.v:49$297.A[12] cnot0`. */
  readonly what: string;
  /** Lines of TypeScript, with those of the Verilog, that the cell comes from; empty for one that yosys made itself. */
  readonly where: string;
}

/** How many mutants lockstep found, and which are left. */
export interface MutationResult {
  readonly mutants: number;
  /** Mutants whose registers or ports differed from the golden model's at some clock. */
  readonly found: number;
  /** Those that were not found because they do what the core does: yosys proved it of their module, whatever its inputs. */
  readonly equivalent: readonly Mutant[];
  /** Neither found nor proved equivalent. */
  readonly survivors: readonly Mutant[];
}

/** So short that most mutants end after one. */
const windowCycles = 256;
/** Cycles without a result after which a mutant hangs. */
const idleLimit = 100_000;
/** A proof that takes longer is given up. */
const proofMs = 15_000;

/** Throws checkFailed when the core without a mutant differs from the model. */
export async function mutate(run: MutationRun, environment: ToolEnvironment): Promise<MutationResult> {
  const { core, stimulus, maxTimeSteps } = run;
  const mutants = await writeMutants(run, environment);
  const commands = new Map(mutants.map(({ mutant, command }) => [mutant, command]));
  const file = `${core.top}.v`;
  const text = await readFile(join(run.folder, file), 'utf8');
  const mutated: CoreFiles = { ...core, directory: run.folder, verilog: [{ path: file, text }], unrolled: true };
  const cancel = run.signal === undefined ? {} : { signal: run.signal };
  const harness = await buildHarness(mutated, { sampled: true, trace: false, ...cancel }, environment);
  const driver = new StimulusDriver(stimulus, maxTimeSteps);
  const expected = [...hashedWindows(run.model, driver, windowCycles)];
  const harnessRun = { core: mutated, harness, stimulus, maxTimeSteps, ...cancel };
  if (await differs(harnessRun, run.model, 0, expected))
    throw checkFailed('the core differs from the golden model without any mutant', { where: core.directory });
  const unseen: Mutant[] = [];
  await inParallel([...commands.keys()], async (mutant, done) => {
    if (!(await differs(harnessRun, run.model, mutant.number, expected))) unseen.push(mutant);
    run.onProgress?.({ stage: 'run', done, of: mutants.length });
  });
  for (const other of run.others ?? []) {
    const seen = [...hashedWindows(run.model, new StimulusDriver(other, maxTimeSteps), windowCycles)];
    await keepThose(
      unseen,
      async ({ number }) => !(await differs({ ...harnessRun, stimulus: other }, run.model, number, seen)),
    );
  }
  await keepThose(unseen, async ({ number }) => {
    const resets = { ...harnessRun, model: run.model, results: driver.results, plusargs: [`mutant=${number}`] };
    return await checkResets(resets, environment).then(
      () => true,
      (error: unknown) => {
        if (error instanceof SpinfireError && error.kind === 'checkFailed') return false;
        throw error;
      },
    );
  });
  const equivalent = new Set<Mutant>();
  await inParallel(unseen, async (mutant, done) => {
    if (await isEquivalent(run, mutant, commands.get(mutant)!, environment)) equivalent.add(mutant);
    run.onProgress?.({ stage: 'prove', done, of: unseen.length });
  });
  unseen.sort((a, b) => a.number - b.number);
  return {
    mutants: mutants.length,
    found: mutants.length - unseen.length,
    equivalent: unseen.filter((mutant) => equivalent.has(mutant)),
    survivors: unseen.filter((mutant) => !equivalent.has(mutant)),
  };
}

/** Takes away those that `isKept` says are not. */
async function keepThose(mutants: Mutant[], isKept: (mutant: Mutant) => Promise<boolean>): Promise<void> {
  const kept = new Set<Mutant>();
  await inParallel([...mutants], async (mutant) => {
    if (await isKept(mutant)) kept.add(mutant);
  });
  mutants.splice(0, mutants.length, ...mutants.filter((mutant) => kept.has(mutant)));
}

/** As many at once as there are cores, begun in their order; `number` counts them from 1. */
async function inParallel<T>(all: readonly T[], work: (one: T, number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < all.length) await work(all[next++]!, next);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/** Whether the core with this mutant (0: none) is seen to differ. */
async function differs(run: HarnessRun, model: CycleReference, mutant: number, expected: readonly HashedWindow[]) {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(run.signal === undefined ? [] : [run.signal])]);
  let agreed = 0;
  let different = false;
  const onWindow = ({ endCycle, digest }: HashedWindow) => {
    const ours = expected[agreed++];
    if (ours?.endCycle === endCycle && ours.digest === digest) return;
    different = true;
    stop.abort();
  };
  try {
    const words = [`+mutant=${mutant}`, `idleLimit=${idleLimit}`];
    await runHarness({ ...run, words, signal }, { signals: model.signals, window: windowCycles }, { onWindow });
  } catch (error) {
    run.signal?.throwIfAborted();
    // Verilator gives up on a mutant that closes a loop of gates.
    if (!different && !(error instanceof SpinfireError)) throw error;
    return true;
  }
  return different || agreed !== expected.length;
}

/** All mutants in one Verilog file, where the plusarg `mutant` says which one is at work; each with the command that makes it. */
async function writeMutants(run: MutationRun, environment: ToolEnvironment) {
  const { core, count, seed, folder } = run;
  await mkdir(folder, { recursive: true });
  // yosys runs in the core's folder; its scripts have no way to quote a name.
  const inYosys = (name: string) => join(relative(core.directory, folder), name);
  const choose = `mutate -list ${count} -seed ${seed} -o ${inYosys('list.ys')}`;
  await yosys(run, 'choose', [...read(core), choose], environment);
  const lines = (await readFile(join(folder, 'list.ys'), 'utf8')).split('\n');
  const commands = lines.filter((line) => line !== '' && !unsuited.test(line));
  const numbered = commands.map((line, i) => line.replace('mutate ', `mutate -ctrl mutant 16 ${i + 1} `));
  const write = `write_verilog -noattr ${inYosys(`${core.top}.v`)}`;
  await yosys(run, 'mutated', [...read(core), ...numbered, write], environment);
  const file = join(folder, `${core.top}.v`);
  await writeFile(file, selectable(await readFile(file, 'utf8'), core.top));
  const sourceMap = readSourceMap(core.directory);
  return commands.map((command, i) => {
    const word = (name: string) => new RegExp(` -${name} (\\S+)`).exec(command)?.[1] ?? '';
    const places = [...command.matchAll(/ -src (\S+)/g)].map(([, place]) => place!);
    const mutant: Mutant = {
      number: i + 1,
      module: word('module').replace('\\', ''),
      what: `${word('cell')}.${word('port')}[${word('portbit')}] ${word('mode')}`,
      where: translateMessages(places.join(', '), sourceMap),
    };
    return { mutant, command };
  });
}

/** Contents of memories, and the enable of a memory's asynchronous output, with which yosys can't write the Verilog. */
const unsuited = /\$meminit|\$memrd\S* -port EN /;

/** All that has a name in the Verilog: a register that nothing reads is compared, too. */
const keep = 'setattr -set keep 1 w:* w:$* %d';

/** Bits that constants decide are gone: a mutant of one would be none. */
function read({ verilog, top }: CoreFiles): string[] {
  const sources = verilog.map(({ path }) => path).join(' ');
  return [`read_verilog ${sources}`, `hierarchy -check -top ${top}`, 'proc', keep, 'opt -fine', 'wreduce', 'opt_clean'];
}

async function yosys(
  run: MutationRun,
  name: string,
  lines: readonly string[],
  environment: ToolEnvironment,
  timeoutMs?: number,
) {
  const { core, folder, signal } = run;
  await writeFile(join(folder, `${name}.ys`), `${lines.join('\n')}\n`);
  // Memory contents are read by their names, which are those of the core's folder. A yosys in WebAssembly sees that folder and no other.
  const script = relative(core.directory, join(folder, `${name}.ys`));
  const logFile = join(folder, `${name}.log`);
  const options = { cwd: core.directory, env: environment.env, logFile, signal, timeoutMs };
  await runTool(await findTool('yosys', environment), ['-q', '-s', script], options);
}

/** Whether yosys proves that the mutant's module, registers paired by their names, does what it did before. */
async function isEquivalent(run: MutationRun, mutant: Mutant, command: string, environment: ToolEnvironment) {
  const alone = (name: string) => [
    ...[`hierarchy -top ${mutant.module}`, 'flatten', `rename ${mutant.module} ${name}`, `design -stash ${name}`],
  ];
  const script = [
    ...[...read(run.core), 'design -save read', ...alone('gold')],
    ...['design -load read', command, ...alone('gate')],
    ...['design -copy-from gold -as gold gold', 'design -copy-from gate -as gate gate', 'memory_map'],
    ...['equiv_make gold gate equiv', 'hierarchy -top equiv', 'opt_clean'],
    ...['equiv_simple -undef', 'equiv_induct -undef', 'equiv_status -assert'],
  ];
  try {
    await yosys(run, `equivalence-${mutant.number}`, script, environment, proofMs);
    return true;
  } catch (error) {
    if (!(error instanceof SpinfireError) || error.kind === 'missingTool') throw error;
    run.signal?.throwIfAborted();
    return false;
  }
}

/** What yosys makes an input port of the top becomes a number that the simulator is started with. */
function selectable(verilog: string, top: string): string {
  const from = verilog.indexOf(`module ${top}(`);
  const declared = '  input [15:0] mutant;\n  wire [15:0] mutant;\n';
  const chosen = '  reg [15:0] mutant;\n  initial if (!$value$plusargs("mutant=%d", mutant)) mutant = 0;\n';
  return verilog.slice(0, from) + verilog.slice(from).replace(', mutant);', ');').replace(declared, chosen);
}
