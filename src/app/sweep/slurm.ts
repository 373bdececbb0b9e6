/** A job array for Slurm: each task takes its share of the sweep's runs. */

export interface SlurmOptions {
  readonly name: string;
  readonly tasks: number;
  /** Of the cluster's view: absolute. */
  readonly folder: string;
  /** The program and the sweep's arguments, each an argument of its own. */
  readonly command: readonly string[];
  /** Cores of a task, and the worker threads on them. */
  readonly cores: number;
  /** Hours, minutes and seconds that a task may take: `04:00:00`. */
  readonly time: string;
  /** Where the tasks run; the cluster's own choice when absent. */
  readonly partition?: string | undefined;
}

/** A job array for Slurm (`sbatch`): tasks 1 to `tasks` run the command in `folder`, each told which by `--task N/tasks`. */
export function slurmScript({ name, tasks, folder, command, cores, time, partition }: SlurmOptions): string {
  const words = command.map(shellWord).join(' ');
  return [
    '#!/bin/bash',
    `#SBATCH --job-name=${name}`,
    `#SBATCH --array=1-${tasks}`,
    '#SBATCH --ntasks=1',
    `#SBATCH --cpus-per-task=${cores}`,
    `#SBATCH --time=${time}`,
    ...(partition === undefined ? [] : [`#SBATCH --partition=${partition}`]),
    // A task whose node fails is started again, and goes on where it was.
    '#SBATCH --requeue',
    '#SBATCH --open-mode=append',
    `#SBATCH --output=${name}-%A-%a.log`,
    '# Submit with sbatch. A task that is started again goes on where it was. When all are done, the same command without',
    '# --task puts the results of all tasks together.',
    'set -euo pipefail',
    `cd ${shellWord(folder)}`,
    `exec ${words} --workers ${cores} --task "$SLURM_ARRAY_TASK_ID/${tasks}"`,
    '',
  ].join('\n');
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
