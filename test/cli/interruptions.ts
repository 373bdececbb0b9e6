/** Every command on small inputs, interrupted at a random moment: what it leaves, and whether the next run is as if nothing had been. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packagedProgram } from './program.ts';
import { type Workbench, workbench } from './small-files.ts';

const program = packagedProgram();

/** A command, what must have been run before it, and which of its outputs are the same every time. */
export interface Interrupted {
  readonly line: string;
  readonly before?: string;
  readonly outputs?: readonly string[];
  /** Refuses a second run beside the result of the first. */
  readonly once?: true;
  /** Reads the package's declarations, which the program of `npm run regress` has. */
  readonly types?: true;
  /** Wants Verilator, yosys or nextpnr. */
  readonly tools?: true;
}

const build = 'build model.onnx -o core --json';
const images = '--images images.idx --labels labels.idx';

export const interruptedCommands: readonly Interrupted[] = [
  { line: build, outputs: ['core'] },
  { line: 'build model.onnx --explore --json' },
  { line: 'import model.onnx --json' },
  { line: 'calibrate --trials 2000 --points 9 --csv curve.csv --plot curve.svg --json', outputs: ['curve.csv'] },
  { line: `classify --model model.onnx ${images} --predictions p.txt --json`, outputs: ['p.txt'] },
  { line: `classify --model model.onnx ${images} --timesteps 64 --limit 12 --json` },
  { line: 'sweep sweep.json --csv sweep.csv --json', outputs: ['sweep.csv'] },
  { line: 'init project --json', outputs: ['project'], once: true },
  { line: `report core ${images} --no-energy -o page.html --json`, before: build, outputs: ['page.html'] },
  { line: 'doctor --json' },
  { line: 'device --trials 20 --json' },
  {
    line: `explore model.onnx ${images} --timesteps 1,2 --weight-bits 6 --csv points.csv --json`,
    outputs: ['points.csv'],
  },
  { line: `chip core ${images} --timesteps 2 --chips 1 --csv chips.csv --json`, before: build, outputs: ['chips.csv'] },
  { line: 'eject core own --board hx8k --json', before: build, outputs: ['own'] },
  { line: 'hdl emit count.mts -o emitted --json', outputs: ['emitted'], types: true },
  { line: 'cache --core core --json', before: build },
  { line: `classify --model model.onnx ${images} --engine verilator --json`, tools: true },
  { line: `verify core ${images} --limit 2 --json`, before: build, tools: true },
  { line: `verify core ${images} --limit 2 --plain --mutants 5 --json`, before: build, tools: true },
  { line: `verify core ${images} --limit 2 --coverage --json`, before: build, tools: true },
  { line: 'synth core --target ice40 --json', before: build, tools: true },
  { line: 'synth core --target asic45 --json', before: build, tools: true },
  { line: 'place core --board hx8k --seeds 1 --json', before: build, tools: true },
  { line: `power core --images images.idx --limit 2 --json`, before: build, tools: true },
  { line: `power core --target ice40 --board hx8k --images images.idx --limit 2 --json`, before: build, tools: true },
  { line: `energy core ${images} --cmos-images 1 --json`, before: build, tools: true },
  { line: 'virtual-board core --board hx8k --link port --seconds 2 --json', before: build, tools: true },
  { line: `classify --core core --engine board --port virtual:hx8k ${images} --json`, before: build, tools: true },
  {
    // A core of its own: side by side with the others there must not be two of one name.
    line: 'load loadable --weights loadable --port virtual:hx8k --json',
    before: 'build model.onnx -o loadable --monitors load --json',
    tools: true,
  },
];

/** The same in a second or so, whatever machine. */
export const quickCommands = interruptedCommands.filter(({ tools, types }) => tools !== true && types !== true);

/** A module that imports the package from where it is. */
const counter = `import { bool, component, clock, input, output, reset, uint } from '${join(dirname(dirname(program)), 'dist', 'hdl', 'index.js')}';
export const count = component('count', { clk: clock(), rst: reset(), up: input(bool()), now: output(uint(4)) }, (m, io) => {
  const value = m.register('value', uint(4), { reset: 0 });
  m.when(io.up, () => m.next(value, value.addWrap(1)));
  m.assign(io.now, value);
});
`;

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface Place {
  readonly bench: Workbench;
  readonly folder: string;
  readonly temporary: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A workbench with folders for temporary files and for the cache that nobody else has. */
export function ownPlace(): Place {
  const bench = workbench();
  bench.put(
    'sweep.json',
    JSON.stringify({
      ...{ model: 'model.onnx', images: 'images.idx', labels: 'labels.idx', device: 'sigmoid', seeds: 3 },
      ...{ thresholdSpread: [0, 0.1, 0.2], timeSteps: [1, 8] },
    }),
  );
  const temporary = join(bench.folder, '.tmp');
  mkdirSync(temporary);
  bench.put('count.mts', counter);
  const env = { ...process.env, TMPDIR: temporary, SPINFIRE_CACHE: join(bench.folder, '.cache'), NODE_OPTIONS: '' };
  return { bench, folder: bench.folder, temporary, env };
}

export function start(
  place: Place,
  line: string,
  { detached = false } = {},
): { readonly child: ChildProcess; readonly ended: Promise<Finished> } {
  const started = performance.now();
  const child = spawn(process.execPath, [program, ...line.split(' ')], {
    cwd: place.folder,
    env: place.env,
    detached,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (text) => {
    stdout += text;
  });
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Finished>((resolve) =>
    child.on('exit', (code) => resolve({ code, stdout, stderr, ms: performance.now() - started })),
  );
  return { child, ended };
}

/** Those that a process has started. */
export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Processes that work in the folder or were told of it; the supervisor's own children are among them. */
export function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        // A guard waits in / and is told of folders through a pipe; it ends by itself.
        return command !== '' && (readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) || command.includes(folder));
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Waits until nothing works in the folder any more; what is left after `ms`. */
export async function leftAfter(folder: string, ms: number): Promise<number[]> {
  const until = performance.now() + ms;
  let left = processesIn(folder);
  while (left.length > 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    left = processesIn(folder);
  }
  return left;
}

/** Folders of half-done work below `folder`. */
export const litter = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /(^|\/)\.spinfire-[^/]*$/.test(name));

/** Waits until there are none: who removes them may come late on a machine that serves others. What is left after `ms`. */
export async function litterAfter(folder: string, ms: number): Promise<string[]> {
  const until = performance.now() + ms;
  while (litter(folder).length > 0 && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return litter(folder);
}

const timed = new Set([
  'seconds',
  'imagesPerSecond',
  'recoveries',
  'cyclesPerSecond',
  'cached',
  'finished',
  'fresh',
  'tools',
]);

/** What a run gave: its document without times, and the bytes of its outputs. */
export function outcome({ folder }: Place, { outputs = [] }: Interrupted, stdout: string): string {
  // A seed whose router goes round in circles says how long it did.
  const untimed = (value: unknown) =>
    typeof value === 'string' ? value.replace(/^(not routed) in \d+ s$/, '$1') : value;
  const json = JSON.parse(stdout.replaceAll(folder, '.'), (key, value) =>
    timed.has(key) ? undefined : untimed(value),
  );
  return `${createHash('sha256').update(JSON.stringify(json)).digest('hex').slice(0, 16)} ${written({ folder }, { outputs })}`;
}

/** The bytes of a command's outputs. */
export function written({ folder }: Pick<Place, 'folder'>, { outputs = [] }: Pick<Interrupted, 'outputs'>): string {
  const hash = createHash('sha256');
  for (const output of outputs) {
    const path = join(folder, output);
    const isFolder = existsSync(join(path, '.')) && !output.includes('.');
    const files = isFolder ? readdirSync(path, { recursive: true, withFileTypes: true }) : [];
    const names = isFolder
      ? files
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .filter((name) => !name.includes('/build/'))
      : [path];
    for (const name of names.sort()) hash.update(name.slice(folder.length)).update(readFileSync(name));
  }
  return hash.digest('hex').slice(0, 16);
}

/** SPINFIRE_COMMANDS, a regular expression, takes only some of the commands. */
export function chosenCommands(): readonly Interrupted[] {
  const only = new RegExp(process.env.SPINFIRE_COMMANDS ?? '');
  return interruptedCommands.filter(({ line }) => only.test(line));
}
