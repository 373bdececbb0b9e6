/**
 * How fast the device's Monte Carlo is: trajectory steps a second on one core, beside a straightforward NumPy program and the `cmtj`
 * package in the same run. `--full` also times the whole curve, 33 currents x 10,000 trials on all cores.
 * Python is $SPINFIRE_PYTHON or python3.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { runCalibration, runTrials, spinHallMtj } from '../src/device/index.ts';

const driveA = 70e-6;
const python = process.env.SPINFIRE_PYTHON ?? 'python3';

interface NumpyResult {
  readonly steps: number;
  readonly seconds: number;
  readonly probability: number;
  readonly version: string;
}

interface CmtjResult {
  readonly rates: Readonly<Record<string, number>>;
  readonly best: string;
  readonly version: string;
}

/** Runs a Python program of `device-peers`; a text says why it didn't run. */
async function peer<Result>(program: string, args: readonly (string | number)[]): Promise<Result | string> {
  const script = fileURLToPath(new URL(`./device-peers/${program}`, import.meta.url));
  const env = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const result = await execa(python, [script, ...args.map(String)], { reject: false, env });
  if (result.exitCode === 0) return JSON.parse(result.stdout.trim().split('\n').at(-1)!) as Result;
  const missing = /No module named '([^']+)'/.exec(result.stderr);
  if (missing !== null) return `${missing[1]} is not installed for ${python}: ${python} -m pip install ${missing[1]}`;
  return result.shortMessage ?? 'it failed';
}

function ours(trials: number): { rate: number; probability: number } {
  const start = performance.now();
  const { steps, switched } = runTrials({ parameters: spinHallMtj(), driveA, seed: 1, firstTrial: 0, trials });
  return { rate: (steps / (performance.now() - start)) * 1000, probability: switched / trials };
}

function line(name: string, rate: number, own: number, remark: string): void {
  const ratio = `${(own / rate).toFixed(2)}x`;
  console.log(`${name.padEnd(26)} ${(rate / 1e6).toFixed(2).padStart(8)} ${ratio.padStart(9)}  ${remark}`);
}

// Warm up, then each in turn, so that a busy machine slows all of them.
ours(200);
const first = ours(6000);
const numpy = await peer<NumpyResult>('numpy_llg.py', [2000, driveA, 1]);
const second = ours(6000);
const cmtj = await peer<CmtjResult>('cmtj_llg.py', [400_000]);
const third = ours(6000);
const own = [first.rate, second.rate, third.rate].sort((a, b) => a - b)[1]!;

console.log('stochastic LLG, one core   M steps/s  spinfire/it');
line('spinfire', own, own, `P(70 uA) = ${first.probability.toFixed(3)}`);
if (typeof numpy === 'string') console.log(`${'numpy'.padEnd(26)}  skipped: ${numpy}`);
else {
  const remark = `NumPy ${numpy.version}, P(70 uA) = ${numpy.probability.toFixed(3)}`;
  line('numpy', numpy.steps / numpy.seconds, own, remark);
}
if (typeof cmtj === 'string') console.log(`${'cmtj'.padEnd(26)}  skipped: ${cmtj}`);
else {
  for (const [solver, rate] of Object.entries(cmtj.rates)) line(`cmtj ${solver}`, rate, own, `cmtj ${cmtj.version}`);
  console.log(`goal: at least as fast as cmtj's fastest: ${own >= cmtj.rates[cmtj.best]! ? 'met' : 'MISSED'}`);
}

if (process.argv.includes('--full')) {
  const start = performance.now();
  const report = await runCalibration({ points: 33, trials: 10_000, seed: 1 });
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `33 currents x 10,000 trials on ${availableParallelism()} cores: ${seconds.toFixed(1)} s, ${report.steps} steps; goal 60 s: ${seconds <= 60 ? 'met' : 'MISSED'}`,
  );
}
