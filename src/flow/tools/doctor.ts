/** Which tools are here, and what the missing ones cost. */
import { execa } from 'execa';
import { SpinfireError } from '../../errors/index.ts';
import type { FoundTool, ToolEnvironment } from './environment.ts';
import { findTool } from './find.ts';
import { aptLine, essentialTools, pipLine, type ToolName, toolNames, toolTable } from './table.ts';

/** A tool, where it was found, or why not and what that costs. */
export interface DoctorTool {
  readonly tool: ToolName;
  /** Main commands need it. */
  readonly essential: boolean;
  readonly oldest: string | undefined;
  /** Versions that the regression was run with, the oldest first. */
  readonly tried: readonly string[];
  readonly debianPackage: string | undefined;
  /** Undefined: missing, too old, or it does not run. */
  readonly found: FoundTool | undefined;
  /** One line: why it was not found. */
  readonly problem: string | undefined;
  /** What does not work without it; only when it was not found. */
  readonly cost: string | undefined;
}

/** Which tools are here, and what installs the missing ones. */
export interface DoctorReport {
  readonly tools: readonly DoctorTool[];
  /** All essential tools are here. */
  readonly ready: boolean;
  /** The line that installs everything that is missing and that Debian has. */
  readonly aptLine: string | undefined;
  /** The one for those that only Python's packages have, best in a virtual environment that is on PATH. */
  readonly pipLine: string | undefined;
}

/** Looks for every tool at once; never throws for a missing one. */
export async function doctor(environment: ToolEnvironment): Promise<DoctorReport> {
  const tools = await Promise.all(toolNames.map((name) => examine(name, environment)));
  const missing = tools.filter(({ found }) => found === undefined);
  return {
    tools,
    ready: missing.every(({ essential }) => !essential),
    aptLine: aptLine(missing.map(({ tool }) => tool)),
    pipLine: pipLine(missing.filter(({ debianPackage }) => debianPackage === undefined).map(({ tool }) => tool)),
  };
}

async function examine(name: ToolName, environment: ToolEnvironment): Promise<DoctorTool> {
  const { oldest, tried, debianPackage, without } = toolTable[name];
  const common = { tool: name, essential: essentialTools.includes(name), oldest, tried: tried ?? [], debianPackage };
  try {
    const found = await findTool(name, environment);
    const problem = await tryOut(found, environment);
    if (problem !== undefined)
      return { ...common, found: undefined, problem: `${name} does not work: ${problem}`, cost: without };
    return { ...common, found, problem, cost: undefined };
  } catch (error) {
    if (!(error instanceof SpinfireError)) throw error;
    const { found } = error.details;
    const problem = found === undefined ? error.summary : `${error.summary}: ${found}`;
    return { ...common, found: undefined, problem, cost: without };
  }
}

/** Lets the tool do the small piece of work of its table entry; says what it said when it cannot. */
async function tryOut(found: FoundTool, environment: ToolEnvironment): Promise<string | undefined> {
  const { trial } = toolTable[found.tool];
  if (trial === undefined) return undefined;
  const { args, input, broken } = trial;
  const result = await execa(found.command, [...found.args, ...args], {
    ...{ cwd: environment.cwd, env: environment.env, extendEnv: false, reject: false, timeout: 60_000, all: true },
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  const text = (result.all ?? '').trim();
  if (broken !== undefined) return broken.exec(text)?.[0];
  return result.failed ? text.split('\n').at(-1) || result.shortMessage : undefined;
}
