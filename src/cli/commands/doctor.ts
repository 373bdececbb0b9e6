/** spinfire doctor: which tools are here, which version, what is missing and what that costs. */
import type { Command } from 'commander';
import { type DoctorReport, doctor, systemEnvironment } from '../../flow/index.ts';
import { textTable } from '../../report/index.ts';
import type { CommandResult } from '../io.ts';
import type { Runner } from '../run.ts';

export function addDoctor(program: Command, run: Runner): void {
  program
    .command('doctor')
    .description('show which tools are here, and what the missing ones cost')
    .action(() => run(async ({ io }) => describe(await doctor(systemEnvironment(io.env, io.cwd)))));
}

function describe(report: DoctorReport): CommandResult {
  const rows = report.tools.map(({ tool, oldest, tried, found, problem, cost }) => [
    tool,
    found?.version ?? 'missing',
    oldest ?? 'any',
    tried.join(', '),
    found === undefined ? `${cost ?? ''} (${problem ?? ''})` : `${found.command} (${found.origin})`,
  ]);
  const lines = [
    textTable({ columns: ['tool', 'version', 'oldest', 'tried with', 'where, or what is lost without it'], rows }),
    '',
    report.ready ? 'ready: every essential tool is here' : 'not ready: essential tools are missing',
  ];
  if (report.aptLine !== undefined) lines.push(`to install what is missing: ${report.aptLine}`);
  if (report.pipLine !== undefined) lines.push(`in a Python environment on PATH: ${report.pipLine}`);
  return { json: { ...report, node: process.versions.node }, text: lines.join('\n'), exitCode: report.ready ? 0 : 3 };
}
