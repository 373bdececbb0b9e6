/**
 * Every command in folders with names that shells, makefiles, Tcl and terminals take for their own: it gives what it gives anywhere, nothing in a name is
 * run, and the delivered test bench passes there. SPINFIRE_COMMANDS, a regular expression, takes only some of the commands; `-t` some of the names.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chosenCommands, type Interrupted, litter, outcome, ownPlace, type Place, start } from './interruptions.ts';

const chosen = chosenCommands();
const mostMs = 3_600_000;

const names = [
  'two words',
  ' blank before and after ',
  "o'brien",
  'a "quoted" one',
  'x;touch PWN;y',
  '$(touch PWN)',
  '`touch PWN`',
  '$HOME',
  'a#b',
  'C:b',
  'a=b',
  'model (1)',
  'a&b|c>d<e',
  '[exec touch PWN]',
  '{a,b}',
  'back\\slash',
  'star*?',
  '~',
  '!x',
  '-dash',
  '%20 %s %d',
  'a@b,c^d+e',
  '핵심 核心 ядро é',
  'two\nlines',
  'tab\there',
  '\u001b[31mred',
  '.hidden',
  'n'.repeat(200),
];

/** A workbench inside a folder of this name. */
function placeIn(name: string): Place {
  const parent = ownPlace();
  const folder = join(parent.folder, 'in', name);
  mkdirSync(folder, { recursive: true });
  for (const file of ['model.onnx', 'images.idx', 'labels.idx', 'sweep.json'])
    spawnSync('cp', [join(parent.folder, file), `${folder}/`]);
  const temporary = join(folder, '.tmp');
  mkdirSync(temporary);
  const env = { ...parent.env, TMPDIR: temporary, SPINFIRE_CACHE: join(folder, '.cache') };
  return { bench: parent.bench, folder, temporary, env };
}

const shown = (command: Interrupted, place: Place, stdout: string) =>
  outcome(place, command, stdout.replaceAll(JSON.stringify(place.folder).slice(1, -1), '.'));

async function done(place: Place, line: string) {
  const ended = await start(place, line).ended;
  expect(ended.code, `${JSON.stringify(place.folder)}: ${line}\n${ended.stderr}`).toBe(0);
  return ended;
}

const usual = new Map<string, string>();
async function anywhere(command: Interrupted): Promise<string> {
  const old = usual.get(command.line);
  if (old !== undefined) return old;
  const place = placeIn('plain');
  try {
    if (command.before !== undefined) await done(place, command.before);
    const found = shown(command, place, (await done(place, command.line)).stdout);
    usual.set(command.line, found);
    return found;
  } finally {
    place.bench.dispose();
  }
}

it.each(names.map((name) => ({ name, title: JSON.stringify(name.slice(0, 30)) })))(
  'every command in a folder called $title',
  async ({ name }) => {
    const place = placeIn(name);
    try {
      const problems: string[] = [];
      const prepared = new Set<string>();
      for (const command of chosen) {
        if (command.before !== undefined && !prepared.has(command.before)) {
          prepared.add(command.before);
          await done(place, command.before);
        }
        const { code, stdout, stderr } = await start(place, command.line).ended;
        if (code !== 0) problems.push(`${command.line}: exit ${code}\n${stderr}`);
        // What is kept of a core is what the other commands have made.
        else if (!command.line.startsWith('cache') && shown(command, place, stdout) !== (await anywhere(command)))
          problems.push(`${command.line}: not what it gives elsewhere`);
        // A place for what was not there before.
        if (command.line.startsWith('init')) {
          rmSync(join(place.folder, 'project'), { recursive: true, force: true });
          prepared.delete('init project');
        }
      }
      if (prepared.has('build model.onnx -o core --json')) {
        const { status, stdout, stderr } = spawnSync('make', [], {
          cwd: join(place.folder, 'core', 'testbench'),
          env: place.env,
          encoding: 'utf8',
        });
        const passes = stdout.match(/^PASS/gm)?.length;
        if (status !== 0 || passes !== 2) problems.push(`make: ${status}\n${stdout}${stderr}`);
      }
      expect(problems.join('\n')).toBe('');
      const all = readdirSync(place.bench.folder, { recursive: true, encoding: 'utf8' });
      expect(all.filter((path) => path.endsWith('PWN'))).toEqual([]);
      expect(litter(place.bench.folder)).toEqual([]);
    } finally {
      place.bench.dispose();
    }
  },
  mostMs,
);
