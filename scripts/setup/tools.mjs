// @ts-check
// The programs of the system that the project runs, their oldest versions (those of Debian 12), and how to get them.
import { runAloud, runQuietly } from './machine.mjs';

/** @typedef {import('./machine.mjs').Machine} Machine */

/**
 * @typedef {object} SystemTool
 * @property {string} command
 * @property {string} debianPackage
 * @property {string} [oldest] undefined: any will do, or the tool never says its version
 * @property {readonly string[]} versionArgs
 * @property {RegExp} version finds the version in what the tool prints
 * @property {string} [variable] names another place of the tool
 */

/** @type {readonly SystemTool[]} */
export const systemTools = [
  {
    command: 'yosys',
    debianPackage: 'yosys',
    oldest: '0.23',
    versionArgs: ['-V'],
    version: /Yosys (\d[\d.]*)/,
    variable: 'SPINFIRE_YOSYS',
  },
  {
    command: 'verilator',
    debianPackage: 'verilator',
    oldest: '5.006',
    versionArgs: ['--version'],
    version: /Verilator (\d[\d.]*)/,
    variable: 'SPINFIRE_VERILATOR',
  },
  {
    command: 'iverilog',
    debianPackage: 'iverilog',
    oldest: '11.0',
    versionArgs: ['-V'],
    version: /Icarus Verilog version (\d[\d.]*)/,
    variable: 'SPINFIRE_IVERILOG',
  },
  {
    command: 'make',
    debianPackage: 'make',
    oldest: '4.0',
    versionArgs: ['--version'],
    version: /GNU Make (\d[\d.]*)/,
    variable: 'SPINFIRE_MAKE',
  },
  {
    command: 'g++',
    debianPackage: 'g++',
    oldest: '10.0',
    versionArgs: ['--version'],
    version: /g\+\+ .*?(\d+\.\d[\d.]*)\s*$/m,
    variable: 'SPINFIRE_GXX',
  },
  {
    command: 'nextpnr-ice40',
    debianPackage: 'nextpnr-ice40',
    oldest: '0.4',
    versionArgs: ['--version'],
    version: /Version (?:nextpnr-)?(\d[\d.]*)/,
    variable: 'SPINFIRE_NEXTPNR_ICE40',
  },
  {
    command: 'icepack',
    debianPackage: 'fpga-icestorm',
    versionArgs: ['-h'],
    version: /Usage: \S*(icepack)/i,
    variable: 'SPINFIRE_ICEPACK',
  },
  {
    command: 'sta',
    debianPackage: 'opensta',
    oldest: '2.0.17',
    versionArgs: ['-version'],
    version: /(\d+\.\d[\d.]*)/,
    variable: 'SPINFIRE_STA',
  },
];

/**
 * @typedef {object} ToolProblem
 * @property {SystemTool} tool
 * @property {string} problem one line
 */

/**
 * Whether dotted version `a` is older than `b`, number by number.
 *
 * @param {string} a
 * @param {string} b
 */
export function isOlder(a, b) {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/**
 * Looks for every tool at once.
 *
 * @param {Machine} machine
 * @param {readonly SystemTool[]} [tools]
 * @returns {Promise<ToolProblem[]>}
 */
export async function findProblems(machine, tools = systemTools) {
  const problems = await Promise.all(tools.map((tool) => check(machine, tool)));
  return problems.filter((problem) => problem !== undefined);
}

/**
 * @param {Machine} machine
 * @param {SystemTool} tool
 * @returns {Promise<ToolProblem | undefined>}
 */
async function check(machine, tool) {
  const explicit = tool.variable === undefined ? undefined : machine.env[tool.variable];
  const outcome = await runQuietly(machine, explicit || tool.command, tool.versionArgs);
  if (outcome.missing) {
    const where = explicit ? `${tool.variable}=${explicit} does not exist` : `${tool.command} is not on PATH`;
    return { tool, problem: where };
  }
  const found = tool.version.exec(outcome.output)?.[1];
  if (found === undefined) return { tool, problem: `${tool.command} ${tool.versionArgs.join(' ')} names no version` };
  if (tool.oldest !== undefined && isOlder(found, tool.oldest)) {
    return { tool, problem: `${tool.command} is version ${found}; ${tool.oldest} or newer is needed` };
  }
  return undefined;
}

/**
 * Makes sure that the tools are there: installs them when that is allowed, otherwise says what to type.
 *
 * @param {Machine} machine
 * @param {readonly SystemTool[]} [tools]
 * @returns {Promise<boolean>} false when something is still missing
 */
export async function ensureTools(machine, tools = systemTools) {
  let problems = await findProblems(machine, tools);
  if (problems.length === 0) return true;
  if (machine.isRoot) {
    const packages = problems.map(({ tool }) => tool.debianPackage);
    machine.say(
      `set-up: installing ${packages.join(', ')} with apt-get (${problems.map((p) => p.problem).join('; ')})`,
    );
    await aptInstall(machine, packages);
    problems = await findProblems(machine, tools);
    if (problems.length === 0) return true;
  }
  machine.say('error: tools of the system are missing');
  for (const { problem } of problems) machine.say(`  found:    ${problem}`);
  machine.say(`  help:     sudo ${installLine(problems.map(({ tool }) => tool.debianPackage))}`);
  return false;
}

/** @param {readonly string[]} packages */
export function installLine(packages) {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/**
 * @param {Machine} machine
 * @param {readonly string[]} packages
 */
async function aptInstall(machine, packages) {
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  // -q keeps a log readable; a failure shows in the second look for the tools.
  const update = await runAloud(machine, 'apt-get', ['update', '-q'], quiet);
  if (update.code !== 0) machine.say('set-up: apt-get update failed; trying with the package lists that are here');
  const [command = '', ...args] = installLine(packages).split(' ');
  await runAloud(machine, command, [...args, '-q'], quiet);
}
