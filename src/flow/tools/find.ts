/** Finds a tool: an explicit path, then PATH, there also a WebAssembly build for Python, then one from npm. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { missingTool } from '../../errors/index.ts';
import type { FoundTool, ToolEnvironment, ToolOrigin } from './environment.ts';
import { aptLine, isOlder, pipLine, type ToolName, toolTable, toolVariable } from './table.ts';

interface Candidate {
  readonly command: string;
  readonly args: readonly string[];
  readonly origin: ToolOrigin;
}

/** @throws missingTool when there is none, it does not run, or it is too old; names the package and the line to type */
export async function findTool(name: ToolName, environment: ToolEnvironment): Promise<FoundTool> {
  const { oldest } = toolTable[name];
  const candidate = locate(name, environment);
  const { version, build } = await askVersion(name, candidate, environment);
  if (oldest !== undefined && version !== 'unknown' && isOlder(version, oldest)) {
    throw missingTool(`${name} is too old`, {
      where: candidate.command,
      found: version,
      expected: `${oldest} or newer`,
      help: helpFor(name),
    });
  }
  return { tool: name, ...candidate, version, build };
}

/** Undefined when it is not installed at all; one that is here but of no use is an error still. */
export async function findIfThere(name: ToolName, environment: ToolEnvironment): Promise<FoundTool | undefined> {
  const isThere = onPath(name, environment) !== undefined;
  const isNamed = Boolean(environment.paths[name] || environment.env[toolVariable(name)]);
  return isThere || isNamed ? findTool(name, environment) : undefined;
}

function locate(name: ToolName, environment: ToolEnvironment): Candidate {
  const { command, npmPackage } = toolTable[name];
  const flag = environment.paths[name];
  const explicit = flag || environment.env[toolVariable(name)];
  if (explicit) {
    const file = environment.which(explicit);
    if (file !== undefined) return { command: file, args: [], origin: 'explicit' };
    throw missingTool(`${name} is not where it was said to be`, {
      where: flag ? `the path given for ${name}` : toolVariable(name),
      found: `${explicit}, which is no executable file`,
      help: helpFor(name),
    });
  }
  const file = onPath(name, environment);
  if (file !== undefined) return { command: file, args: [], origin: 'PATH' };
  const entry = npmPackage === undefined ? undefined : environment.packageEntry(npmPackage);
  if (npmPackage !== undefined && entry !== undefined) {
    const wrapper = fileURLToPath(new URL('./wasm-tool.mjs', import.meta.url));
    return { command: process.execPath, args: [wrapper, entry, command], origin: 'npm' };
  }
  throw missingTool(`${name} is not installed`, {
    found: `no ${command} on PATH`,
    ...(toolTable[name].oldest === undefined ? {} : { expected: `${name} ${toolTable[name].oldest} or newer` }),
    help: helpFor(name),
  });
}

function onPath(name: ToolName, environment: ToolEnvironment): string | undefined {
  const { command, pipCommand } = toolTable[name];
  return environment.which(command) ?? (pipCommand === undefined ? undefined : environment.which(pipCommand));
}

async function askVersion(name: ToolName, candidate: Candidate, environment: ToolEnvironment) {
  const { versionArgs, version, oldest } = toolTable[name];
  const result = await ask(candidate, versionArgs, environment);
  const build = (result.all ?? '').trim().split('\n')[0] ?? '';
  const found = version.exec(result.all ?? '')?.[1] ?? (await askElsewhere(name, candidate, environment));
  if (found !== undefined) return { version: oldest === undefined ? 'unknown' : found.replace(/\.$/, ''), build };
  throw missingTool(`${name} does not run`, {
    where: candidate.command,
    found: (result.all ?? '').trim().split('\n')[0] || result.shortMessage || 'no output',
    expected: `a version from ${name} ${versionArgs.join(' ')}`,
    help: helpFor(name),
  });
}

function ask(candidate: Candidate, args: readonly string[], environment: ToolEnvironment) {
  return execa(candidate.command, [...candidate.args, ...args], {
    cwd: environment.cwd,
    env: environment.env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 60_000,
    all: true,
  });
}

/** From a file of the installation, where the program itself says nothing. */
async function askElsewhere(name: ToolName, candidate: Candidate, environment: ToolEnvironment) {
  const { versionFile } = toolTable[name];
  if (versionFile === undefined) return undefined;
  const { stdout, exitCode } = await ask(candidate, versionFile.rootArgs, environment);
  const root = typeof stdout === 'string' ? stdout.trim() : '';
  if (exitCode !== 0 || root === '') return undefined;
  const text = await readFile(join(root, versionFile.path), 'utf8').catch(() => '');
  return versionFile.version.exec(text)?.[1];
}

function helpFor(name: ToolName): string {
  const { npmPackage } = toolTable[name];
  const ways = [
    aptLine([name]),
    npmPackage === undefined ? undefined : `npm install --no-save ${npmPackage}`,
    pipLine([name]),
    `set ${toolVariable(name)} to its path`,
  ];
  const apt = aptLine([name]) === undefined ? 'Debian 12 has no package; install an OSS CAD Suite, or ' : '';
  return apt + ways.filter((way) => way !== undefined).join(', or ');
}
