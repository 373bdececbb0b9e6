/** Work spread over the machine's cores, each worker a TypeScript module with a default export. */
import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';

export interface ParallelOptions<Result = unknown> {
  /** Number of workers; by default one for each core. */
  readonly workers?: number;
  /** Called as tasks end, with the number finished so far. */
  readonly onProgress?: (finished: number, total: number) => void;
  /** Called with each result as its task ends, in any order of the tasks. */
  readonly onResult?: (result: Result, task: number) => void;
}

/**
 * The module of this name beside the one that asks: `.ts` where spinfire runs from its source, `.js` in the package.
 *
 * @param here `import.meta.url`
 * @param name `./worker`
 */
export const moduleBeside = (here: string, name: string): URL =>
  new URL(`${name}${here.endsWith('.ts') ? '.ts' : '.js'}`, here);

/**
 * Runs `module`'s default export once for each task and returns the results in the order of the tasks, whatever the
 * number of workers. `module` is a file URL (`moduleBeside(import.meta.url, './worker')`). Tasks are structured clones; one that is a
 * function is made when its turn comes, so that a long list needs no memory.
 */
export async function runParallel<Task, Result>(
  module: URL,
  tasks: readonly (Task | (() => Task))[],
  options: ParallelOptions<Result> = {},
): Promise<Result[]> {
  const workers = Math.max(1, Math.min(options.workers ?? availableParallelism(), tasks.length));
  const pool = new Tinypool({
    filename: new URL('./bootstrap.js', import.meta.url).href,
    runtime: 'worker_threads',
    minThreads: workers,
    maxThreads: workers,
  });
  let finished = 0;
  try {
    const results = new Array<Result>(tasks.length);
    let next = 0;
    const work = async () => {
      while (next < tasks.length) {
        const index = next++;
        const given = tasks[index]!;
        const task = typeof given === 'function' ? (given as () => Task)() : given;
        const result = (await pool.run({ module: module.href, task })) as Result;
        results[index] = result;
        finished += 1;
        options.onResult?.(result, index);
        options.onProgress?.(finished, tasks.length);
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
    return results;
  } finally {
    await pool.destroy();
  }
}
