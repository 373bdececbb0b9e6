/** A job array for Slurm: each task takes its share of the sweep's runs. */

export interface SlurmOptions {
  readonly name: string;
  readonly tasks: number;
  /** Of the cluster's view: absolute. */
  readonly folder: string;
  /** The program and the sweep's arguments, each an argument of its own. */
  readonly command: readonly string[];
}

/** A job array for Slurm. */
export function slurmScript({ name, tasks, folder, command }: SlurmOptions): string {
  const words = command.map(shellWord).join(' ');
  return [
    '#!/bin/bash',
    `#SBATCH --job-name=${name}`,
    `#SBATCH --array=1-${tasks}`,
    '#SBATCH --ntasks=1',
    '#SBATCH --cpus-per-task=2',
    '#SBATCH --time=04:00:00',
    `#SBATCH --output=${name}-%A-%a.log`,
    '# Submit with sbatch. A task that is started again goes on where it was. When all are done, the same command without',
    '# --task puts the results of all tasks together.',
    'set -euo pipefail',
    `cd ${shellWord(folder)}`,
    `exec ${words} --task "$SLURM_ARRAY_TASK_ID/${tasks}"`,
    '',
  ].join('\n');
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
