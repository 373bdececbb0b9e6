/** Makes random circuits and holds the interpreter, Verilator and Icarus against the laws; shrinks what fails. */
import fc from 'fast-check';
import { emitVerilog } from '../../../src/hdl/index.ts';
import type { Circuit } from './circuit.ts';
import { designOf, interpreterMismatch } from './interpreted.ts';
import { circuitText } from './print.ts';
import { type Recipe, recipes } from './recipe.ts';
import { circuitOf } from './resolve/index.ts';
import { type Simulator, type SimulatorJob, simulate } from './simulators.ts';
import { runByLaws } from './stimulus.ts';

export interface Campaign {
  readonly seed: number;
  readonly circuits: number;
  /** Clocks that each of them runs. */
  readonly cycles: number;
  /** Circuits in one build of a simulator. */
  readonly batch: number;
  /** Shrinking a failure goes on for so long. */
  readonly shrinkMs: number;
}

type Where = 'interpreter' | Simulator;

interface Failure {
  readonly index: number;
  readonly where: Where;
  readonly text: string;
}

export const simulators = ['iverilog', 'verilator'] as const;

/** Text of the first failure in each of interpreter and simulators, with a circuit as small as shrinking finds; empty if all agree. */
export async function runCampaign(campaign: Campaign): Promise<string[]> {
  const { seed, circuits, batch } = campaign;
  const samples: Recipe[] = [];
  // Not with fc.sample: the paths of what it makes lead elsewhere in fc.check, which has to find the circuit again.
  fc.check(
    fc.property(recipes(), (recipe) => void samples.push(recipe)),
    { seed, numRuns: circuits },
  );
  const failures: Failure[] = [];
  for (let start = 0; start < samples.length; start += batch) {
    const jobs: SimulatorJob[] = [];
    samples.slice(start, start + batch).forEach((recipe, offset) => {
      const index = start + offset;
      const { job, text } = interpreted(recipe, `c${index}`, campaign.cycles);
      if (text !== undefined) failures.push({ index, where: 'interpreter', text });
      if (job !== undefined) jobs.push(job);
    });
    failures.push(...(await simulated(jobs)));
  }
  const first = (['interpreter', ...simulators] as const).flatMap(
    (where) => failures.find((failure) => failure.where === where) ?? [],
  );
  const texts: string[] = [];
  for (const failure of first) texts.push(await explained(failure, campaign));
  return texts;
}

/** Builds a circuit and runs it by the laws and in the interpreter. */
function interpreted(recipe: Recipe, name: string, cycles: number): { job?: SimulatorJob; text?: string } {
  const circuit = circuitOf(recipe, name);
  try {
    const expected = runByLaws(circuit, cycles);
    const design = designOf(circuit);
    emitVerilog(design, { generator: 'test', configuration: 'random' });
    const job = { circuit, cycles: expected, design };
    const mismatch = interpreterMismatch(circuit, design, expected);
    if (mismatch === undefined) return { job };
    const { output, cycle, found, expected: wanted } = mismatch;
    return { job, text: `${name}.${output} in cycle ${cycle}: ${found}, by the laws ${wanted}` };
  } catch (error) {
    return { text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function simulated(jobs: readonly SimulatorJob[]): Promise<Failure[]> {
  if (jobs.length === 0) return [];
  const results = await simulate(jobs, simulators);
  return simulators.flatMap((where) => [
    ...results[where].mismatches.map(({ circuit, text }) => ({ index: indexOf(circuit), where, text })),
    ...results[where].warnings.map((text) => ({ index: indexOf(/\bc\d+/.exec(text)?.[0] ?? 'c0'), where, text })),
  ]);
}

/** Circuits are called c0, c1, ...; their children c0_c0, ... */
function indexOf(name: string): number {
  return Number(/^c(\d+)/.exec(name)?.[1]);
}

async function failsIn(where: Where, recipe: Recipe, cycles: number): Promise<string | undefined> {
  const { job, text } = interpreted(recipe, 'c0', cycles);
  if (where === 'interpreter') return text;
  if (job === undefined) return undefined;
  const { mismatches, warnings } = (await simulate([job], [where]))[where];
  return mismatches[0]?.text ?? warnings[0];
}

async function explained({ index, where, text }: Failure, { seed, cycles, shrinkMs }: Campaign): Promise<string> {
  const smallest = { text, circuit: undefined as Circuit | undefined };
  const property = fc.asyncProperty(recipes(), async (recipe) => {
    const found = await failsIn(where, recipe, cycles);
    if (found === undefined) return true;
    smallest.text = found;
    smallest.circuit = circuitOf(recipe, 'c0');
    return false;
  });
  await fc.check(property, { seed, path: String(index), numRuns: 1, interruptAfterTimeLimit: shrinkMs });
  const { circuit } = smallest;
  return [
    `seed ${seed}, circuit ${index}, ${where}: ${text}`,
    ...(circuit === undefined
      ? ['alone, the circuit does not fail']
      : ['the smallest circuit found that fails:', circuitText(circuit), smallest.text, verilogOf(circuit)]),
  ].join('\n');
}

function verilogOf(circuit: Circuit): string {
  try {
    const { files } = emitVerilog(designOf(circuit), { generator: 'test', configuration: 'random' });
    return files.map(({ path, text }) => `---- ${path}\n${text}`).join('');
  } catch {
    return '(no Verilog)';
  }
}
