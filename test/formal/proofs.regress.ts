/** Proofs by z3 over all inputs and, where it says so, all states; and that a planted mistake is found. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemEnvironment } from '../../src/flow/index.ts';
import { type Design, streamBuffer, streamFifo, uint } from '../../src/hdl/index.ts';
import { prove } from '../../src/sim/index.ts';
import { inputStreamOf, layerStreams } from '../plan-parts.ts';
import { referencePlan } from '../spikes/simulate.ts';
import { bufferBench, eventBufferBench, leakyBuffer, leapBench, readoutBench } from './benches.ts';

const environment = systemEnvironment(process.env, process.cwd());
const here = ['yosys', 'yosys-smtbmc', 'z3'].every((tool) => environment.which(tool) !== undefined);
if (!here) console.log('skipped: the proofs need yosys, yosys-smtbmc and z3 (apt-get install yosys z3)');

// Minutes each on a busy machine.
const timeout = 1_000_000;
const work = mkdtempSync(join(tmpdir(), 'spinfire-proofs-'));
afterAll(() => rmSync(work, { recursive: true }));
let serial = 0;

async function attempt(design: Design, depth: number, induction = false) {
  serial += 1;
  const folder = join(work, `${serial}`);
  return { folder, ...(await prove(design, { folder, environment, depth, induction, timeoutMs: 900_000 })) };
}

/** No violation within `depth` clocks of reset and, by induction, none ever. */
async function holdsForEver(design: Design, depth: number, history: number) {
  expect(await attempt(design, depth)).toMatchObject({ proved: true });
  expect(await attempt(design, history, true)).toMatchObject({ proved: true });
}

const streams = () => {
  const plan = referencePlan();
  return [inputStreamOf(plan), ...layerStreams(plan).map(([, stream]) => stream)];
};

describe.skipIf(!here)('proved', { timeout }, () => {
  it('for every state: a leap is 19 steps, in all streams of the reference core', async () => {
    for (const stream of streams()) expect(await attempt(leapBench(stream, []), 1)).toMatchObject({ proved: true });
  });

  it('within 8 clocks of reset: a buffer of streams keeps its handshake, its order and all words', async () => {
    expect(await attempt(bufferBench(streamBuffer('dut', { type: uint(4) }), 2, 0), 8)).toMatchObject({ proved: true });
  });

  it('within 14 clocks of reset: a FIFO of 2 words does, too', async () => {
    expect(await attempt(bufferBench(streamFifo('dut', { type: uint(4), depth: 2 }), 3, 1), 14)).toMatchObject({
      proved: true,
    });
  });

  it.each(['potential', 'count'] as const)(
    'for ever: the results of the %s readout wait until they are taken',
    async (kind) => {
      await holdsForEver(readoutBench(kind), 8, 2);
    },
  );

  it('within 12 clocks of reset: lists of events keep their frames', async () => {
    expect(await attempt(eventBufferBench(3), 12)).toMatchObject({ proved: true });
  });
});

describe.skipIf(!here)('refuted, with a trace', { timeout }, () => {
  it('a leap that is one bit short', async () => {
    const [stream] = streams();
    const result = await attempt(leapBench(stream!, [], { ...stream!, leap: 18 }), 1);
    expect(result).toMatchObject({ proved: false, claim: 'claim_leap_holds' });
    expect(readFileSync(result.trace!, 'utf8')).toContain('$enddefinitions');
  });

  it('a buffer that always says it is ready', async () => {
    const result = await attempt(bufferBench(leakyBuffer, 1, 0), 6);
    expect(result.proved).toBe(false);
    expect(result.claim).toMatch(/^claim_(capacity|order|nothing_lost)_holds$/);
  });
});
