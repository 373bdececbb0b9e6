/** spinfire doctor: which tools are here, which version, what is missing and what that costs. */
import { z } from 'zod';
import { type DoctorReport, doctor, systemEnvironment } from '../../flow/index.ts';
import { textTable } from '../../report/index.ts';
import { command, type ResultOf } from '../command.ts';

const result = z.object({
  tools: z
    .array(
      z.object({
        tool: z.string(),
        essential: z.boolean().describe('main commands need it'),
        oldest: z.string().optional().describe('version that works'),
        tried: z.array(z.string()).describe('versions that the tests have run with'),
        debianPackage: z.string().optional(),
        found: z
          .object({
            tool: z.string(),
            command: z.string(),
            args: z.array(z.string()),
            version: z.string(),
            origin: z.string(),
            build: z.string().optional(),
          })
          .optional(),
        problem: z.string().optional().describe('why it was not found'),
        cost: z.string().optional().describe('what does not work without it'),
      }),
    )
    .describe('every tool, here or not'),
  ready: z.boolean().describe('all essential tools are here'),
  aptLine: z.string().optional().describe('installs what is missing and what Debian has'),
  pipLine: z.string().optional().describe("installs what only Python's packages have"),
  node: z.string().describe('version of Node'),
});

export const doctorCommand = command({
  name: 'doctor',
  summary: 'show which tools are here, and what the missing ones cost',
  arguments: {},
  options: {},
  result,
  run: async (_, { io }) => describe(await doctor(systemEnvironment(io.env, io.cwd))),
});

function describe(report: DoctorReport): ResultOf<z.output<typeof result>> {
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
