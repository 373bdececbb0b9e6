/** spinfire sweep: accuracy over grids of devices, variation and core, with its spread. */

import { basename, extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  type Axis,
  csvOf,
  gridTables,
  identifier,
  parseSweep,
  plotAxes,
  Results,
  readInput,
  runSweep,
  type Sweep,
  type SweepOutcome,
  slurmScript,
  sweepPlot,
  writeFileWhole,
} from '../../app/index.ts';
import { badInput } from '../../errors/index.ts';
import { markdownTable, plotSvg, textTable } from '../../report/index.ts';
import type { CommandResult } from '../io.ts';
import { oneOf, parseOptions, wholeNumber } from '../options.ts';
import type { CommandContext, Runner } from '../run.ts';

const taskShape = z.string().transform((text, context) => {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index !== undefined && of !== undefined && index >= 1 && index <= of) return { index, of };
  context.addIssue({ code: 'custom', message: 'K/N, the K-th of N tasks' });
  return z.NEVER;
});

const options = z.object({
  results: z.string().optional(),
  csv: z.string().optional(),
  table: z.string().optional(),
  plot: z.string().optional(),
  x: oneOf<Axis>(...plotAxes).optional(),
  task: taskShape.optional(),
  slurm: z.string().optional(),
  tasks: wholeNumber(1, 10_000).default(16),
  workers: wholeNumber(1, 1024).optional(),
});

type Options = z.output<typeof options>;

export function addSweep(program: Command, run: Runner): void {
  program
    .command('sweep')
    .description('accuracy over grids of devices, their variation, and cores; goes on where it was interrupted')
    .argument('<file>', 'what to vary (.json)')
    .option('--results <file>', 'finished runs, a line each (FILE.results.jsonl)')
    .option('--csv <file>', 'write the table as CSV')
    .option('--table <file.md>', 'write the tables as Markdown')
    .option('--plot <file.svg>', 'draw accuracy against one axis')
    .option('--x <axis>', 'the axis of the plot (the one with the most values)')
    .option('--workers <N>', 'worker threads (one for each core)')
    .option('--slurm <file>', 'run nothing; write a job array for Slurm')
    .option('--tasks <N>', 'tasks of the job array (16)')
    .option('--task <K/N>', "only the K-th of N tasks' runs")
    .action((file: string, given) => run((context) => sweep(file, parseOptions(options, given), context)));
}

async function sweep(file: string, chosen: Options, context: CommandContext): Promise<CommandResult> {
  const { io, progress } = context;
  const path = resolve(io.cwd, file);
  const described = parseSweep(Buffer.from(readInput(path)).toString('utf8'), file);
  const resultsPath = resolve(io.cwd, chosen.results ?? `${file.replace(/\.json$/, '')}.results.jsonl`);
  if (chosen.slurm !== undefined) return writeSlurm(file, described, chosen, io.cwd);
  const outcome = await progress.step(`sweep ${basename(file)}`, (report) =>
    runSweep({
      sweep: described,
      file: path,
      results: new Results(resultsPath, chosen.task),
      task: chosen.task,
      workers: chosen.workers,
      onProgress: (done, total) => report(done / total, `${done} of ${total} runs`),
    }),
  );
  return report(file, described, outcome, chosen, io.cwd);
}

async function report(
  file: string,
  described: Sweep,
  outcome: SweepOutcome,
  chosen: Options,
  cwd: string,
): Promise<CommandResult> {
  const { rows, images, runs, finished, fresh } = outcome;
  const tables = gridTables(described.grids, rows);
  if (chosen.csv !== undefined) writeFileWhole(resolve(cwd, chosen.csv), csvOf(rows));
  if (chosen.table !== undefined) {
    writeFileWhole(resolve(cwd, chosen.table), `${tables.map(markdownTable).join('\n\n')}\n`);
  }
  if (chosen.plot !== undefined) {
    if (rows.length === 0) throw badInput('nothing to draw yet', { found: `${finished} of ${runs} runs finished` });
    writeFileWhole(resolve(cwd, chosen.plot), await plotSvg(sweepPlot(rows, chosen.x)));
  }
  const state = `${finished} of ${runs} runs of ${images} images finished, ${fresh} of them now`;
  return {
    json: {
      file,
      images,
      runs,
      finished,
      fresh,
      points: rows.map(({ grid, point, timeSteps, accuracies, spread }) => ({
        grid,
        ...point,
        timeSteps,
        ...spread,
        accuracies,
      })),
    },
    text: [...tables.map(textTable), state].join('\n\n'),
  };
}

function writeSlurm(file: string, { grids }: Sweep, chosen: Options, cwd: string): CommandResult {
  const runs = grids.reduce((sum, { points, seeds }) => sum + points.length * seeds.length, 0);
  const tasks = Math.min(chosen.tasks, runs);
  const name = `sweep-${identifier(basename(file, extname(file)))}`;
  const results = chosen.results === undefined ? [] : ['--results', chosen.results];
  const script = slurmScript({ name, tasks, folder: cwd, command: ['npx', 'spinfire', 'sweep', file, ...results] });
  writeFileWhole(resolve(cwd, chosen.slurm!), script);
  return {
    json: { script: chosen.slurm, tasks, runs },
    text: `${chosen.slurm}: ${tasks} tasks for ${runs} runs; submit with: sbatch ${chosen.slurm}`,
  };
}
