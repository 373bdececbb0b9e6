/** What a board has done and what has gone wrong on it, as numbers a second. */
import { registerMap, wrongMemories } from '../core/index.ts';
import { countedEnergyJ, type EventEnergies } from '../estimate/index.ts';
import type { BoardClient } from '../host/index.ts';
import type { Plan } from '../plan/index.ts';
import { eventsIn } from './board-energy.ts';

/** Spikes of a layer, or of the encoder. */
export interface WatchedLayer {
  readonly name: string;
  /** Since the core was reset; wraps at 2^32. */
  readonly spikes: number;
  /** Share of its neurons that spike in a time step, since the look before. */
  readonly rate: number | undefined;
}

/** What the monitors of a core say (docs/monitors.md). */
export interface MonitorSample {
  /** What has been seen since it was cleared. */
  readonly status: readonly string[];
  readonly abstentions: number | undefined;
  /** Share of the answers since the look before. */
  readonly abstainedShare: number | undefined;
  /** Share of the clocks since the look before in which an image was in the core. */
  readonly busyShare: number | undefined;
  readonly layers: readonly WatchedLayer[];
  /** Joules of an image since the look before, by what was counted, on the chip of MTJs on paper. */
  readonly energyPerImageJ: number | undefined;
  /** How often all memories have been checked, since reset, and those whose last checksum was wrong. */
  readonly memories: { readonly checks: number; readonly wrong: readonly string[] } | undefined;
}

/** Counters since reset and rates since the look before; the monitors' where the plan has any. */
export interface BoardSample {
  readonly seconds: number;
  /** Number of the next image. */
  readonly image: number;
  readonly imagesPerSecond: number;
  readonly dropped: number;
  readonly lineErrors: number;
  readonly badFrames: number;
  readonly alarms: readonly string[];
  readonly monitors: MonitorSample | undefined;
}

type Words = ReadonlyMap<string, number>;

/** Looks at a board again and again; with the plan of its core also at its monitors. */
export class BoardMonitor {
  readonly #client: BoardClient;
  readonly #plan: Plan | undefined;
  readonly #energies: EventEnergies | undefined;
  readonly #registers: readonly { readonly name: string; readonly address: number }[];
  readonly #begin = performance.now();
  #before: { readonly seconds: number; readonly image: number; readonly words: Words } | undefined;

  /** `energies`: what an event of the plan's core takes. */
  constructor(client: BoardClient, plan?: Plan, energies?: EventEnergies) {
    this.#energies = energies;
    this.#client = client;
    this.#plan = plan?.monitors ? plan : undefined;
    this.#registers = this.#plan ? monitorRegisters(this.#plan) : [];
  }

  /** @throws LinkError when the board cannot be talked to */
  async look(): Promise<BoardSample> {
    const counters = await this.#client.counters();
    const words = new Map<string, number>();
    for (const { name, address } of this.#registers) words.set(name, (await this.#client.read(address))[0]!);
    const seconds = (performance.now() - this.#begin) / 1000;
    // A core that has begun anew has nothing before.
    const before = this.#before && this.#before.image <= counters.image ? this.#before : undefined;
    this.#before = { seconds, image: counters.image, words };
    const images = before ? Math.max(0, counters.image - before.image) : 0;
    const elapsed = before ? seconds - before.seconds : 0;
    return {
      ...{ seconds, ...counters, imagesPerSecond: elapsed > 0 ? images / elapsed : 0 },
      monitors: this.#plan && this.#monitors(this.#plan, words, { images, elapsed, words: before?.words }),
    };
  }

  /** Forgets what has gone wrong so far. */
  async clear(): Promise<void> {
    const status = this.#registers.find(({ name }) => name === 'STATUS');
    if (status) await this.#client.write(status.address, 0xffff_ffff);
    await this.#client.clearAlarms();
  }

  #monitors(
    plan: Plan,
    words: Words,
    since: { readonly images: number; readonly elapsed: number; readonly words: Words | undefined },
  ): MonitorSample {
    const change = (name: string, bits: number) => {
      const [now, then] = [words.get(name), since.words?.get(name)];
      return now === undefined || then === undefined ? undefined : (now - then + 2 ** bits) % 2 ** bits;
    };
    const share = (part: number | undefined, whole: number) =>
      part === undefined || whole === 0 ? undefined : part / whole;
    const steps = change('TIME_STEPS_DONE', 32) ?? 0;
    const layer = (name: string, register: string, neurons: number): WatchedLayer[] => {
      const spikes = words.get(register);
      return spikes === undefined ? [] : [{ name, spikes, rate: share(change(register, 32), steps * neurons) }];
    };
    const { height, width, channels } = plan.input;
    const energies = since.words && since.images > 0 ? this.#energies : undefined;
    const events = eventsIn(plan, (name) => change(name, 32));
    const layers = plan.layers.flatMap(({ name, neuron }) =>
      'stream' in neuron ? layer(name, `${name.toUpperCase()}_SPIKES`, neuron.stream.wordsPerTimeStep) : [],
    );
    return {
      status: statusWords(plan, words.get('STATUS') ?? 0),
      abstentions: words.get('ABSTENTIONS'),
      abstainedShare: share(change('ABSTENTIONS', 16), since.images),
      busyShare: share(change('BUSY_CLOCKS', 32), since.elapsed * this.#client.identity.clockHz),
      energyPerImageJ: energies && countedEnergyJ(energies, events) / since.images,
      memories: memoriesOf(plan, words),
      layers: [...layer('input', 'INPUT_SPIKES', height * width * channels), ...layers],
    };
  }
}

/** Registers that only a core with monitors has, and that change. */
function monitorRegisters(plan: Plan) {
  const { monitors: _, ...bare } = plan;
  const others = new Set(registerMap(bare).map(({ name }) => name));
  const settings = /^MONITORS$|^CHECK$|_BELOW$|_RATE_(LOW|HIGH)$/;
  return registerMap(plan).filter(({ name }) => !others.has(name) && !settings.test(name));
}

function memoriesOf(plan: Plan, words: Words): MonitorSample['memories'] {
  const [checks, wrong] = [words.get('CHECKS'), words.get('WRONG_MEMORIES')];
  if (checks === undefined || wrong === undefined) return undefined;
  return { checks, wrong: wrongMemories(plan, wrong) };
}

/** What the set bits of STATUS mean. */
function statusWords(plan: Plan, bits: number): string[] {
  const spiking = plan.layers.filter(({ neuron }) => 'stream' in neuron);
  const words = new Map([
    [0, 'an answer abstained'],
    [1, 'a random stream stood still'],
    [2, 'nothing moved'],
    [3, 'a memory was damaged'],
    ...spiking.flatMap(({ name }, i): [number, string][] => [
      [8 + 2 * i, `${name} spiked too little`],
      [9 + 2 * i, `${name} spiked too much`],
    ]),
  ]);
  return [...words].flatMap(([bit, text]) => ((bits >>> bit) & 1 ? [text] : []));
}
