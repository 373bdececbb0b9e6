/**
 * Signals and kills at random moments over all commands. SPINFIRE_ROUNDS says how many of each (200 kills in all take most of an hour);
 * SPINFIRE_SEED chooses other moments; SPINFIRE_COMMANDS, a regular expression, takes only some of the commands.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { randomSource } from '../network/samples.ts';
import {
  childrenOf,
  chosenCommands,
  type Interrupted,
  leftAfter,
  litterAfter,
  outcome,
  ownPlace,
  type Place,
  start,
  written,
} from './interruptions.ts';

const rounds = Number(process.env.SPINFIRE_ROUNDS ?? 60);
const seed = Number(process.env.SPINFIRE_SEED ?? 1);
const random = randomSource(seed);
const chosen = chosenCommands();
/** The longest command, twice, on a machine that serves others. */
const mostOfRoundMs = 1_200_000;
/** Two seconds of ours, and what a machine with others to serve takes. */
const mostMs = 4000;

interface Usual {
  readonly ms: number;
  readonly outcome: string;
}
const usual = new Map<string, Usual>();

async function prepared(command: Interrupted): Promise<Place> {
  const place = ownPlace();
  if (command.before !== undefined) expect((await start(place, command.before).ended).code).toBe(0);
  return place;
}

/** How long it takes, and what it gives, when nothing comes between. */
async function undisturbed(command: Interrupted): Promise<Usual> {
  const known = usual.get(command.line);
  if (known !== undefined) return known;
  const place = await prepared(command);
  const { code, stdout, stderr, ms } = await start(place, command.line).ended;
  expect(code, `${command.line}\n${stderr}`).toBe(0);
  const result = { ms, outcome: outcome(place, command, stdout) };
  place.bench.dispose();
  usual.set(command.line, result);
  return result;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!;
const counts = { ended: 0, signals: 0, kills: 0 };
afterAll(() => console.log(`seed ${seed}: ${JSON.stringify(counts)}`));

it.each(Array.from({ length: rounds }, (_, round) => round))(
  'signal %i',
  async () => {
    const command = pick(chosen);
    const [name, code] = pick([
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const);
    const { ms } = await undisturbed(command);
    const place = await prepared(command);
    try {
      const { child, ended } = start(place, command.line);
      const moment = random() * ms;
      const twice = random() < 0.3;
      const over = await Promise.race([ended.then(() => true), pause(moment).then(() => false)]);
      if (over) {
        counts.ended += 1;
        return;
      }
      const sent = performance.now();
      child.kill(name);
      if (twice) setTimeout(() => child.kill(name), 100);
      const { code: found, stderr } = await ended;
      const took = performance.now() - sent;
      const what = `${command.line}, ${name}${twice ? ' twice' : ''} after ${moment.toFixed(0)} ms, seed ${seed}\n${stderr}`;
      // In its first tenths of a second nobody listens yet, and Node ends the process itself; in its last ones all is done.
      const atOnce = found === null || (found === 0 && took < 50);
      if (!atOnce) expect(found, what).toBe(code);
      expect(took, what).toBeLessThan(mostMs);
      expect(await leftAfter(place.folder, 2000), what).toEqual([]);
      expect(await litterAfter(place.folder, 2000), what).toEqual([]);
      counts.signals += 1;
    } finally {
      place.bench.dispose();
    }
  },
  mostOfRoundMs,
);

/** The supervisor, the program behind it, or a tool. */
function someProcess(pid: number): number {
  const all = [pid];
  for (let i = 0; i < all.length; i += 1) all.push(...childrenOf(all[i]!));
  return pick(all);
}

it.each(Array.from({ length: rounds }, (_, round) => round))(
  'kill -9 %i',
  async () => {
    const command = pick(chosen);
    const { ms, outcome: expected } = await undisturbed(command);
    const place = await prepared(command);
    try {
      const { child, ended } = start(place, command.line);
      const moment = random() * ms;
      const over = await Promise.race([ended.then(() => true), pause(moment).then(() => false)]);
      const what = `${command.line}, kill -9 after ${moment.toFixed(0)} ms, seed ${seed}`;
      if (!over) {
        try {
          process.kill(someProcess(child.pid!), 'SIGKILL');
          counts.kills += 1;
        } catch {
          // It has ended meanwhile.
        }
        await Promise.race([ended, pause(60_000)]);
        expect(await leftAfter(place.folder, 3000), `${what}: processes`).toEqual([]);
      } else counts.ended += 1;
      if (command.once && (command.outputs ?? []).every((output) => existsSync(join(place.folder, output)))) {
        expect(expected, what).toContain(written(place, command));
        expect(await litterAfter(place.folder, 2000), what).toEqual([]);
        return;
      }
      const again = await start(place, command.line).ended;
      expect(again.code, `${what}\n${again.stderr}`).toBe(0);
      expect(outcome(place, command, again.stdout), what).toBe(expected);
      expect(await litterAfter(place.folder, 2000), what).toEqual([]);
    } finally {
      place.bench.dispose();
    }
  },
  mostOfRoundMs,
);
