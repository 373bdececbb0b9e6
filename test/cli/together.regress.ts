/**
 * Four processes at once on one core: every command four times, then any four of them, drawn at random. What each of them gives is what it gives
 * alone. SPINFIRE_SEED chooses other fours, SPINFIRE_COMMANDS, a regular expression, takes only some of the commands.
 */
import { expect, it } from 'vitest';
import { randomSource } from '../network/samples.ts';
import {
  chosenCommands,
  type Interrupted,
  leftAfter,
  litter,
  outcome,
  ownPlace,
  type Place,
  start,
} from './interruptions.ts';

const processes = 4;
const mixes = 12;
const seed = Number(process.env.SPINFIRE_SEED ?? 1);
const chosen = chosenCommands();
const mostMs = 1_800_000;

/** What a new folder is written into must not be there: who comes second is told so. */
const taken = /is not empty|already (?:there|exists)|is there already/;

async function prepared(commands: readonly Interrupted[]): Promise<Place> {
  const place = ownPlace();
  for (const line of new Set(commands.map(({ before }) => before ?? ''))) {
    if (line === '') continue;
    const { code, stderr } = await start(place, line).ended;
    expect(code, stderr).toBe(0);
  }
  return place;
}

const known = new Map<string, string>();
async function alone(command: Interrupted): Promise<string> {
  const old = known.get(command.line);
  if (old !== undefined) return old;
  const place = await prepared([command]);
  try {
    const { code, stdout, stderr } = await start(place, command.line).ended;
    expect(code, stderr).toBe(0);
    const one = outcome(place, command, stdout);
    known.set(command.line, one);
    return one;
  } finally {
    place.bench.dispose();
  }
}

async function together(commands: readonly Interrupted[]): Promise<void> {
  const expected: string[] = [];
  for (const command of commands) expected.push(await alone(command));
  const place = await prepared(commands);
  try {
    const ended = await Promise.all(commands.map(({ line }) => start(place, line).ended));
    const done = new Set<string>();
    for (const [at, { code, stdout, stderr }] of ended.entries()) {
      const command = commands[at]!;
      if (code === 2 && taken.test(stderr)) continue;
      expect(code, `${command.line}\n${stderr}`).toBe(0);
      done.add(command.line);
      // What is kept of a core is what the others have made by then.
      if (command.line.startsWith('cache')) continue;
      expect(outcome(place, command, stdout), command.line).toBe(expected[at]);
    }
    expect([...done].sort()).toEqual([...new Set(commands.map(({ line }) => line))].sort());
    expect(await leftAfter(place.folder, 2000)).toEqual([]);
    expect(litter(place.folder)).toEqual([]);
  } finally {
    place.bench.dispose();
  }
}

it.each(chosen)('four times at once: $line', (command) => together(Array(processes).fill(command)), mostMs);

const random = randomSource(seed);
const fours = Array.from({ length: mixes }, () =>
  Array.from({ length: processes }, () => chosen[Math.floor(random() * chosen.length)]!),
);
it.each(fours.map((commands) => ({ commands, name: commands.map(({ line }) => line.split(' --')[0]).join(' | ') })))(
  `four at once, seed ${seed}: $name`,
  ({ commands }) => together(commands),
  mostMs,
);
