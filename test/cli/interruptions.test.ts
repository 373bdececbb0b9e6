/** A few signals at random moments over the commands that need no tools; all commands and kills are in interruptions.regress.ts. */
import { expect, it } from 'vitest';
import { randomSource } from '../network/samples.ts';
import { leftAfter, litter, ownPlace, quickCommands, start } from './interruptions.ts';

const seed = 2;
const random = randomSource(seed);

it.each(quickCommands.slice(0, 6))('ends soon after a signal: $line', async ({ line }) => {
  const place = ownPlace();
  try {
    const { child, ended } = start(place, line);
    const name = random() < 0.5 ? 'SIGINT' : 'SIGTERM';
    const moment = 400 + random() * 1200;
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, moment))]);
    const sent = performance.now();
    const alive = child.kill(name);
    const { code, stderr } = await ended;
    const took = performance.now() - sent;
    const what = `${line}, ${name} after ${moment.toFixed(0)} ms, seed ${seed}\n${stderr}`;
    expect(took, what).toBeLessThan(4000);
    // On a slow machine nobody listens yet, and Node ends the process itself; or all was done just then.
    const atOnce = code === null || (code === 0 && took < 50);
    if (alive && !atOnce) expect(code, what).toBe(name === 'SIGINT' ? 130 : 143);
    expect(await leftAfter(place.folder, 2000), what).toEqual([]);
    expect(litter(place.folder), what).toEqual([]);
  } finally {
    place.bench.dispose();
  }
});
