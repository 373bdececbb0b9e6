/** Accuracy over all test images against time steps, with its spread over seeds. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Plan } from '../../plan/index.ts';
import { writePlan } from '../../plan/index.ts';
import { accuracies, goldenAnswers, type Spread, spreadOf } from '../accuracy.ts';
import type { Progress, Report } from '../context.ts';
import { writeFileWhole } from '../files.ts';
import { loadImages } from '../images.ts';
import { demoPlan } from './reference.ts';

export interface AccuracyStudy {
  readonly readout: Plan['readout']['kind'];
  readonly images: number;
  readonly seeds: readonly number[];
  /** Number of time steps and the accuracy over the seeds. */
  readonly bySteps: readonly { readonly timeSteps: number; readonly accuracy: Spread }[];
  /** Every one of its runs was kept from an earlier time. */
  readonly cached: boolean;
}

export const studiedSteps = [1, 2, 4, 8, 16] as const;
const mostSteps = studiedSteps.at(-1)!;

export async function studyAccuracy(
  root: string,
  directory: string,
  seedCount: number,
  progress: Progress,
): Promise<AccuracyStudy[]> {
  const studies: AccuracyStudy[] = [];
  for (const readout of ['potential', 'count'] as const) {
    const title = `accuracy, ${readout} readout, 10,000 images, ${seedCount} seeds`;
    studies.push(await progress.step(title, (report) => study(root, directory, readout, seedCount, report)));
  }
  return studies;
}

async function study(
  root: string,
  directory: string,
  readout: AccuracyStudy['readout'],
  seedCount: number,
  report: Report,
): Promise<AccuracyStudy> {
  const seeds = Array.from({ length: seedCount }, (_, i) => i + 1);
  const runs: Run[] = [];
  for (const seed of seeds) {
    const plan = await demoPlan(root, { seed, ...(readout === 'count' ? { readout } : {}) });
    const done = runs.length;
    runs.push(
      await keptRun(plan, join(directory, 'build', 'accuracy'), (share) =>
        report((done + share) / seedCount, `seed ${seed}`),
      ),
    );
  }
  return {
    readout,
    images: runs[0]!.images,
    seeds,
    bySteps: studiedSteps.map((timeSteps) => ({
      timeSteps,
      accuracy: spreadOf(runs.map((run) => run.accuracies[timeSteps - 1]!)),
    })),
    cached: runs.every(({ cached }) => cached),
  };
}

const keptFile = z.object({ images: z.number(), accuracies: z.array(z.number()).length(mostSteps) });

interface Run extends z.output<typeof keptFile> {
  readonly cached: boolean;
}

/** A run of the same plan by the same golden model gives the same accuracy: it is done once. */
async function keptRun(plan: Plan, folder: string, onProgress: (share: number) => void): Promise<Run> {
  const hash = createHash('sha256').update(writePlan(plan)).update(goldenSource()).digest('hex').slice(0, 16);
  const file = join(folder, `${hash}.json`);
  const kept = readKept(file);
  if (kept !== undefined) return { ...kept, cached: true };
  const data = loadImages({}, plan, { cwd: folder });
  const answers = await goldenAnswers(plan, data, mostSteps, (done, total) => onProgress(done / total));
  const run = { images: data.count, accuracies: accuracies(answers, data.labels!) };
  writeFileWhole(file, `${JSON.stringify(run)}\n`);
  return { ...run, cached: false };
}

function readKept(file: string): z.output<typeof keptFile> | undefined {
  try {
    return keptFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** The text of the golden model, by which a kept result is known to be still its own. */
function goldenSource(): string {
  const folder = fileURLToPath(new URL('../../golden', import.meta.url));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[jt]s$/.test(name))
    .sort()
    .map((name) => `${name}\n${readFileSync(join(folder, name), 'utf8')}`)
    .join('\n');
}
