/** Placement and routing with several seeds side by side; the fastest result is kept. */
import { readFile, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkFailed } from '../../errors/index.ts';
import type { Board } from '../boards/table.ts';
import type { FoundTool, ToolEnvironment } from '../tools/environment.ts';
import { runTool } from '../tools/run.ts';
import type { PlaceFamily } from './families.ts';
import { type PlacementReport, readPlacementReport } from './report.ts';

export interface PlaceRun {
  readonly board: Board;
  readonly family: PlaceFamily;
  readonly clockMHz: number;
  /** Holds netlist.json and the pins, and gets the results. */
  readonly folder: string;
  /** Of the logs of seeds, which stay when a run fails. */
  readonly logPrefix: string;
  readonly placer: FoundTool;
  readonly env: ToolEnvironment['env'];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** What became of one seed: its clock, or why it has none. */
export interface SeedResult {
  readonly seed: number;
  readonly fmaxMHz?: number;
  readonly problem?: string;
}

interface Placed {
  readonly seed: number;
  readonly report: PlacementReport;
  readonly all: SeedResult[];
}

/** How long a seed may take: so many times as long as the quickest, but at least this; as long as none has ended, that. */
interface Patience {
  readonly times: number;
  readonly leastMs: number;
  readonly firstMs: number;
}

/**
 * A seed gets four times as long as the quickest took, and never less than a minute; as long as none has ended, half an hour. A router
 * that visibly goes round in circles (`CircleWatch`) is not waited for.
 */
const usualPatience = { times: 4, leastMs: 60_000, firstMs: 1_800_000 };

/**
 * Tries the seeds, as many at once as there are cores, and keeps the files of the best. In place of one that is not routed the next number
 * is tried, so that at most twice as many are.
 * @throws checkFailed when the design does not fit, or no seed is routed
 */
export async function placeWithSeeds(
  run: PlaceRun,
  seeds: readonly number[],
  patience: Patience = usualPatience,
): Promise<Placed> {
  const results: { seed: number; report: PlacementReport | undefined; seconds: number }[] = [];
  const waiting = [...seeds];
  const last = Math.max(...seeds);
  let next = last;
  const limits = new TimeLimits(patience);
  const worker = async () => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      run.onProgress?.(`${run.placer.tool}: seed ${seed}`);
      const limit = limits.start();
      const report = await placeOnce(run, seed, limit);
      results.push({ seed, report, seconds: limit.end(report !== undefined) / 1000 });
      if (report === undefined && next < last + seeds.length) {
        next += 1;
        waiting.push(next);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), seeds.length) }, worker));
  results.sort((a, b) => a.seed - b.seed);
  const all = results.map(({ seed, report, seconds }) =>
    report === undefined
      ? { seed, problem: `not routed in ${seconds.toFixed(0)} s` }
      : { seed, fmaxMHz: report.fmaxMHz },
  );
  const [best] = results
    .flatMap(({ seed, report }) => (report === undefined ? [] : [{ seed, report }]))
    .sort((a, b) => b.report.fmaxMHz - a.report.fmaxMHz);
  if (best === undefined)
    throw checkFailed('the design was not routed', {
      where: run.board.title,
      found: all.map(({ seed, problem }) => `seed ${seed}: ${problem}`).join(', '),
      help: 'build the core with fewer lanes, or ask for more seeds',
    });
  const { routed } = run.family;
  for (const { seed } of results) {
    if (seed === best.seed) {
      await rename(join(run.folder, routedOf(seed, routed)), join(run.folder, `board.${routed}`));
      await rename(join(run.folder, reportOf(seed)), join(run.folder, 'report.json'));
      await rename(logOf(run, seed), join(run.folder, 'nextpnr.log'));
    } else {
      for (const name of [routedOf(seed, routed), reportOf(seed)]) await rm(join(run.folder, name), { force: true });
      await rm(logOf(run, seed));
    }
  }
  return { ...best, all };
}

/** Ends runs that take much longer than the quickest. */
class TimeLimits {
  readonly #running = new Map<AbortController, { readonly startMs: number; timer: NodeJS.Timeout | undefined }>();
  readonly #patience: Patience;
  #limitMs: number;

  constructor(patience: Patience) {
    this.#patience = patience;
    this.#limitMs = patience.firstMs;
  }

  start() {
    const controller = new AbortController();
    this.#running.set(controller, { startMs: performance.now(), timer: undefined });
    this.#setTimers();
    const end = (succeeded: boolean): number => {
      const { startMs, timer } = this.#running.get(controller)!;
      clearTimeout(timer);
      this.#running.delete(controller);
      const tookMs = performance.now() - startMs;
      if (succeeded) {
        const { times, leastMs } = this.#patience;
        this.#limitMs = Math.min(this.#limitMs, Math.max(leastMs, times * tookMs));
        this.#setTimers();
      }
      return tookMs;
    };
    return { signal: controller.signal, giveUp: () => controller.abort(), end };
  }

  #setTimers(): void {
    for (const [controller, run] of this.#running) {
      clearTimeout(run.timer);
      const leftMs = run.startMs + this.#limitMs - performance.now();
      run.timer = setTimeout(() => controller.abort(), Math.max(0, leftMs));
      // A run that ended with an error has told it; its timer must not hold the process.
      run.timer.unref();
    }
  }
}

const routedOf = (seed: number, suffix: string) => `seed-${seed}.${suffix}`;
const reportOf = (seed: number) => `seed-${seed}.report.json`;
const logOf = ({ folder }: PlaceRun, seed: number) => join(folder, `seed-${seed}.log`);
const failedLogOf = ({ logPrefix }: PlaceRun, seed: number) => `${logPrefix}.seed-${seed}.log`;

/**
 * nextpnr-ice40 0.4's router goes round in circles for ever on some designs and seeds: its table, a row for 1,000 arcs, shows only arcs that
 * take others' places, and the same number of them remaining, row after row.
 */
export class CircleWatch {
  #remaining = -1;
  #rows = 0;

  /** True when `line` makes it certain. */
  isCircle(line: string): boolean {
    const row = /^Info:\s+\d+ \|\s+\d+\s+\d+ \|\s*(\d+)\s+(\d+) \|\s*(\d+)\|/.exec(line);
    if (row === null) return false;
    const [, , others, remaining] = row.map(Number);
    this.#rows = others === 0 && remaining === this.#remaining ? this.#rows + 1 : 0;
    this.#remaining = remaining!;
    return this.#rows >= 50;
  }
}

/** Undefined: the seed's limit or its router's circles ended it. */
async function placeOnce(
  run: PlaceRun,
  seed: number,
  limit: { readonly signal: AbortSignal; giveUp(): void },
): Promise<PlacementReport | undefined> {
  const { folder, board, family, clockMHz, env, placer } = run;
  const args = [
    ...family.part(board.part),
    ...['--json', 'netlist.json', '--report', reportOf(seed)],
    ...family.files(`pins.${family.pins}`, routedOf(seed, family.routed)),
    ...['--freq', `${clockMHz}`, '--seed', `${seed}`, '--timing-allow-fail'],
  ];
  const signal = run.signal === undefined ? limit.signal : AbortSignal.any([run.signal, limit.signal]);
  const watch = new CircleWatch();
  const onLine = (line: string) => {
    if (watch.isCircle(line)) limit.giveUp();
  };
  try {
    await runTool(placer, args, {
      cwd: folder,
      logFile: logOf(run, seed),
      failedLogFile: failedLogOf(run, seed),
      signal,
      env,
      onLine,
    });
  } catch (error) {
    if (limit.signal.aborted && run.signal?.aborted !== true) return undefined;
    throw explainOverflow(error, run, await readFile(failedLogOf(run, seed), 'utf8').catch(() => ''));
  }
  const file = join(folder, reportOf(seed));
  return readPlacementReport(await readFile(file, 'utf8'), file, family);
}

/** nextpnr says of a design that is too large only that a cell or a region found no place; how far it is off stands in its log. */
function explainOverflow(error: unknown, { board, family }: PlaceRun, log: string): unknown {
  if (!(error instanceof Error)) return error;
  const refused =
    /(Unable to place cell .*|failed to place|Failed to expand region.*|no more .* available|no available .*)/i;
  const told = refused.exec(error.message)?.[1];
  // A cell that no part of the family has is another fault: the tool's own words stand.
  if (told === undefined || /cell type '\$/.test(told)) return error;
  const over = [...log.matchAll(/^Info:\s+(\w+):\s*(\d+)\/\s*(\d+)/gm)]
    .filter(([, , used, available]) => Number(used) > Number(available))
    .map(([, kind, used, available]) => `${used} of ${available} ${family.resources[kind!] ?? kind}`);
  return checkFailed('the design does not fit the board', {
    found: over.length === 0 ? told : over.join(', '),
    expected: `at most ${board.luts} LUTs, ${board.rams} block RAMs and ${board.dsps} DSPs on ${board.title}, for the core and its link`,
    help: `build the core with --fit ${board.name}, which leaves the link its room, or place it on a larger board`,
  });
}
