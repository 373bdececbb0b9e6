// @ts-check
// From a fresh checkout to a machine that can run every command. Plain JavaScript without packages: nothing is installed yet.
import { ensurePackages } from './packages.mjs';
import { ensureTools, isOlder } from './tools.mjs';

const oldestNode = '20.0.0';

/**
 * @param {import('./machine.mjs').Machine} machine
 * @returns {Promise<number>} exit code: 0, or 3 when something is missing
 */
export async function setUp(machine) {
  if (isOlder(machine.nodeVersion, oldestNode)) {
    machine.say('error: this Node is too old');
    machine.say(`  found:    Node ${machine.nodeVersion}`);
    machine.say('  expected: Node 20 or newer');
    machine.say('  help:     https://nodejs.org/en/download, or sudo apt-get install -y nodejs on a newer Debian');
    return 3;
  }
  const packages = await ensurePackages(machine);
  const tools = await ensureTools(machine);
  return packages && tools ? 0 : 3;
}
