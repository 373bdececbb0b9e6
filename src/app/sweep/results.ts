/** Finished runs of a sweep, a line each, so that an interrupted sweep goes on where it was. */
import { appendFileSync, existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { badInput } from '../../errors/index.ts';
import { readPlainFile, textOf } from '../../store/index.ts';
import type { SweepPoint } from './file.ts';

/** One finished run: a point with one seed. */
export interface RunResult {
  /** Digest of the point and the images. */
  readonly key: string;
  readonly seed: number;
  readonly images: number;
  /** Right answers after 1, 2, ... time steps. */
  readonly correct: readonly number[];
}

const line = z.object({
  key: z.string(),
  seed: z.number(),
  images: z.number(),
  correct: z.array(z.number()),
});

/** Where a task of a job array writes: beside the others, so that no two write into one file. */
export function taskFile(path: string, task: { readonly index: number; readonly of: number } | undefined): string {
  return task === undefined ? path : `${path}.task-${task.index}-of-${task.of}`;
}

/** What is in `path` and in the files of the tasks beside it. A last line that was cut off is left out. */
export class Results {
  readonly #path: string;
  readonly #runs = new Map<string, RunResult>();
  #cutOff = false;

  constructor(path: string, task: { readonly index: number; readonly of: number } | undefined) {
    this.#path = taskFile(path, task);
    for (const file of filesBeside(path)) this.#read(file, file === this.#path);
  }

  /** The run, when it was long enough. */
  find(key: string, seed: number, timeSteps: number): RunResult | undefined {
    const found = this.#runs.get(`${key} ${seed}`);
    return found !== undefined && found.correct.length >= timeSteps ? found : undefined;
  }

  /** Keeps a run and writes it down at once; `about` is for readers only. @throws badInput when the file cannot be written */
  add(run: RunResult, about: { readonly point: SweepPoint }): void {
    this.#runs.set(`${run.key} ${run.seed}`, run);
    const text = `${this.#cutOff ? '\n' : ''}${JSON.stringify({ ...run, ...about })}\n`;
    this.#cutOff = false;
    try {
      appendFileSync(this.#path, text);
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      throw badInput('the results cannot be written', { where: this.#path, found, help: 'give --results FILE' }, cause);
    }
  }

  #read(file: string, own: boolean): void {
    const text = textOf(readPlainFile(file));
    const whole = text.endsWith('\n') || text === '';
    if (own) this.#cutOff = !whole;
    const lines = text.split('\n');
    for (const [index, content] of lines.entries()) {
      if (content.trim() === '') continue;
      const run = parseLine(content);
      if (run !== undefined) {
        const before = this.#runs.get(`${run.key} ${run.seed}`);
        if (before === undefined || before.correct.length < run.correct.length)
          this.#runs.set(`${run.key} ${run.seed}`, run);
      } else if (index < lines.length - 1 && !isCutOff(content)) {
        throw badInput('the file of results holds something else', {
          where: `${file}:${index + 1}`,
          found: content.slice(0, 40),
          help: 'give another file with --results',
        });
      }
    }
  }
}

function filesBeside(path: string): string[] {
  const folder = dirname(path);
  if (!existsSync(folder)) return [];
  const name = basename(path);
  return readdirSync(folder)
    .filter((entry) => entry === name || entry.startsWith(`${name}.task-`))
    .sort()
    .map((entry) => join(folder, entry));
}

function parseLine(text: string): RunResult | undefined {
  try {
    const result = line.safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}

/** The beginning of a line that a kill cut short. */
function isCutOff(text: string): boolean {
  return text.startsWith('{"key":"');
}
