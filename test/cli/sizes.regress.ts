/** The same files, each through the program as a process: time of the processor and memory of all its processes. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { textTable } from '../../src/report/index.ts';
import { hostileSizes } from './hostile-sizes.ts';
import { type Workbench, workbench } from './small-files.ts';

const program = fileURLToPath(new URL('../../bin/spinfire.js', import.meta.url));
/** Of the processor's time that the start of the program takes on this machine as busy as it is: a second where nothing else runs. */
const mostStarts = 6;
const mostMiB = 1024;

/** Every process writes down at its end what it took. */
const tell = (file: string) =>
  `data:text/javascript,import { appendFileSync } from 'node:fs'; process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); appendFileSync(${JSON.stringify(file)}, [maxRSS, userCPUTime + systemCPUTime].join(' ') + ';'); });`;

let bench: Workbench;
beforeEach(() => {
  bench = workbench();
});
afterEach(() => bench.dispose());

const measured: string[][] = [];
afterAll(() => console.log(textTable({ columns: ['input', 'exit', 'processor', 'starts', 'memory'], rows: measured })));

/** Runs a line in the bench's folder; what its largest process took. */
function measure(line: string) {
  const taken = join(bench.folder, 'taken');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...line.split(' ')], {
    cwd: bench.folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    timeout: 120_000,
    env: { ...process.env, NODE_OPTIONS: `--import "${tell(taken).replaceAll('"', '\\"')}"` },
  });
  const uses = readFileSync(taken, 'utf8')
    .split(';')
    .filter((each) => each !== '')
    .map((each) => each.split(' ').map(Number) as [number, number]);
  rmSync(taken);
  const [mib, seconds] = [Math.max(...uses.map(([kib]) => kib)) / 1024, Math.max(...uses.map(([, us]) => us)) / 1e6];
  return { status, stdout, stderr, mib, seconds };
}

let startSeconds: number;
beforeAll(() => {
  bench = workbench();
  startSeconds = measure('--help').seconds;
  bench.dispose();
});

it.each(hostileSizes)('$name', ({ name, files, line, code, says }) => {
  for (const [file, content] of Object.entries(files())) bench.put(file, content);
  const before = readdirSync(bench.folder);
  const { status, stdout, stderr, mib, seconds } = measure(line);
  const starts = seconds / startSeconds;
  measured.push([name, String(status), `${seconds.toFixed(1)} s`, starts.toFixed(1), `${mib.toFixed(0)} MiB`]);
  expect(status, stderr).toBe(code);
  for (const words of says) expect(status === 0 ? stdout : stderr).toContain(words);
  if (code !== 0) expect(readdirSync(bench.folder)).toEqual(before);
  expect(mib).toBeLessThan(mostMiB);
  expect(starts).toBeLessThan(mostStarts);
});
