/** spinfire sweep: accuracy over grids of devices, variation and core, with its spread. */

import { basename, extname, resolve } from 'node:path';
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
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { file, oneOf, shaped, wholeNumber, written } from '../options.ts';

const task = shaped((typed) => {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(typed)?.map(Number) ?? [];
  return index !== undefined && of !== undefined && index >= 1 && index <= of ? { index, of } : undefined;
}, 'K/N, the K-th of N tasks');

const cluster = 'Job arrays';

const options = {
  results: {
    argument: 'file',
    type: written('.jsonl'),
    help: 'finished runs, a line each',
    usual: 'FILE.results.jsonl',
  },
  csv: { argument: 'file', type: written('.csv'), help: 'write the table as CSV' },
  table: { argument: 'file.md', type: written('.md'), help: 'write the tables as Markdown' },
  plot: { argument: 'file.svg', type: written('.svg'), help: 'draw accuracy against one axis' },
  x: {
    argument: 'axis',
    type: oneOf<Axis>(plotAxes),
    help: 'the axis of the plot',
    usual: 'the one with the most values',
  },
  workers: { argument: 'N', type: wholeNumber(1, 1024), help: 'worker threads', usual: 'one for each core' },
  force: { type: 'flag', help: 'run more than 100,000 combinations and seeds' },
  slurm: { argument: 'file', type: written('.sh'), help: 'run nothing; write a job array for Slurm', group: cluster },
  tasks: {
    argument: 'N',
    type: wholeNumber(1, 10_000),
    help: 'tasks of the job array',
    default: 16,
    group: cluster,
  },
  cores: { argument: 'N', type: wholeNumber(1, 1024), help: 'cores of a task', default: 2, group: cluster },
  time: {
    argument: 'HH:MM:SS',
    type: shaped((typed) => (/^(\d+-)?\d{1,3}:\d\d:\d\d$/.test(typed) ? typed : undefined), 'HH:MM:SS or D-HH:MM:SS'),
    help: 'what a task may take',
    usual: '04:00:00',
    group: cluster,
  },
  partition: {
    argument: 'name',
    type: shaped((typed) => (/^[\w.,-]+$/.test(typed) ? typed : undefined), 'the name of a partition'),
    help: 'where the tasks run',
    usual: "the cluster's choice",
    group: cluster,
  },
  task: { argument: 'K/N', type: task, help: "only the K-th of N tasks' runs", group: cluster },
} as const;

type Options = GivenOf<typeof options>;

const outcomeJson = z.object({
  file: z.string(),
  images: z.number(),
  runs: z.number().describe('points and seeds of the whole sweep'),
  finished: z.number().describe('of them'),
  fresh: z.number().describe('of them just now'),
  points: z
    .array(
      z.object({
        grid: z.string(),
        model: z.string(),
        device: z.string(),
        encoding: z.string(),
        readout: z.string(),
        weightBits: z.number(),
        weightScale: z.string(),
        temperatureK: z.number(),
        trim: z.string(),
        thresholdSpread: z.number(),
        slopeSpread: z.number(),
        neuronTrim: z.number(),
        stuckAtSpike: z.number(),
        stuckSilent: z.number(),
        missedRead: z.number(),
        falseRead: z.number(),
        driveError: z.number(),
        pulse: z.string(),
        words: z.string(),
        timeSteps: z.number(),
        mean: z.number(),
        deviation: z.number(),
        min: z.number(),
        max: z.number(),
        accuracies: z.array(z.number()),
      }),
    )
    .describe('those whose seeds are all finished, with accuracy and its spread'),
});

const slurmJson = z.object({
  script: z.string().describe('with `--slurm`: the job array'),
  tasks: z.number(),
  runs: z.number(),
});

const result = z.union([outcomeJson, slurmJson]);
type Result = ResultOf<z.output<typeof result>>;

export const sweepCommand = command({
  name: 'sweep',
  summary: 'accuracy over grids of devices, their variation, and cores; goes on where it was interrupted',
  about:
    'Networks are ONNX or NIR files. What files do not say, `"input"` in FILE does: `layout`, `inputRange`, `mean`, `deviation`, `imageRange`, `imageLayout`, `labelColumn`, as the options of these names of other commands.',
  arguments: { file: { type: file('.json'), help: 'what to vary (.json)' } },
  options,
  result,
  run: ({ file: path, ...chosen }, context) => sweep(path, chosen, context),
});

async function sweep(path: string, chosen: Options, context: CommandContext): Promise<Result> {
  const { io, progress } = context;
  const full = resolve(io.cwd, path);
  const described = parseSweep(Buffer.from(readInput(full)).toString('utf8'), path, { force: chosen.force === true });
  const resultsPath = resolve(io.cwd, chosen.results ?? `${path.replace(/\.json$/, '')}.results.jsonl`);
  if (chosen.slurm !== undefined) return writeSlurm(path, described, chosen, io.cwd);
  const outcome = await progress.step(`sweep ${basename(path)}`, (report) =>
    runSweep({
      sweep: described,
      file: full,
      results: new Results(resultsPath, chosen.task),
      task: chosen.task,
      workers: chosen.workers,
      onProgress: (done, total) => report(done / total, `${done} of ${total} runs`),
    }),
  );
  return report(path, described, outcome, chosen, io.cwd);
}

async function report(
  path: string,
  described: Sweep,
  outcome: SweepOutcome,
  chosen: Options,
  cwd: string,
): Promise<Result> {
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
      file: path,
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

function writeSlurm(path: string, { grids }: Sweep, chosen: Options, cwd: string): Result {
  const runs = grids.reduce((sum, { points, seeds }) => sum + points.length * seeds.length, 0);
  const tasks = Math.min(chosen.tasks, runs);
  const name = `sweep-${identifier(basename(path, extname(path)))}`;
  const results = chosen.results === undefined ? [] : ['--results', chosen.results];
  const force = chosen.force ? ['--force'] : [];
  const command = ['npx', 'spinfire', 'sweep', path, ...results, ...force];
  const { cores, time = '04:00:00', partition } = chosen;
  const script = slurmScript({ name, tasks, folder: cwd, command, cores, time, partition });
  writeFileWhole(resolve(cwd, chosen.slurm!), script);
  return {
    json: { script: chosen.slurm!, tasks, runs },
    text: `${chosen.slurm}: ${tasks} tasks for ${runs} runs; submit with: sbatch ${chosen.slurm}`,
  };
}
