/** What images cost on a chip of MTJs, by the events that a core on a board has counted (docs/monitors.md). */
import { registerMap } from '../core/index.ts';
import { SpinfireError } from '../errors/index.ts';
import { type CountedEvents, checkDevice, type EventEnergies, estimateChip, eventEnergies } from '../estimate/index.ts';
import { countEvents } from '../golden/index.ts';
import type { BoardClient } from '../host/index.ts';
import type { Plan } from '../plan/index.ts';
import type { Surroundings } from './context.ts';
import { readAssumptions, usualChipDevice } from './energy/study.ts';

/** Images from which the energy of an event is taken: its mean moves by less than a per cent with more. */
const knownImages = 20;

/**
 * Joules of each event that the core counts, by images as they will come; undefined for a core that counts nothing, or whose neurons are not of
 * the usual device: `spinfire energy` takes theirs.
 * @throws what the events' images are refused for
 */
export function boardEnergies(
  plan: Plan,
  pixels: Uint8Array,
  timeSteps: number,
  io: Pick<Surroundings, 'cwd'>,
): EventEnergies | undefined {
  const spikes = plan.layers.some(({ neuron }) => neuron.kind === 'ideal' || neuron.kind === 'device');
  if (plan.monitors?.activity !== true || !spikes) return undefined;
  const device = usualChipDevice();
  try {
    checkDevice(plan, device.curve);
  } catch (error) {
    if (error instanceof SpinfireError) return undefined;
    throw error;
  }
  const size = plan.input.height * plan.input.width * plan.input.channels;
  const events = countEvents(plan, pixels.subarray(0, knownImages * size), { timeSteps });
  return eventEnergies(estimateChip(plan, events, device, readAssumptions(undefined, io)), events);
}

/** Registers of `--monitors activity`, by their names; those of devices' own counters have others. */
export function activityRegisters(plan: Plan): readonly { readonly name: string; readonly address: number }[] {
  const { monitors: _, ...bare } = plan;
  const others = new Set(registerMap(bare).map(({ address }) => address));
  const counted = /^(TIME_STEPS_DONE|BUSY_CLOCKS|INPUT_SPIKES)$|_SPIKES$/;
  return registerMap(plan).filter(({ name, address }) => counted.test(name) && !others.has(address));
}

/** The events in the values of these registers, or in what they have changed by. */
export function eventsIn(plan: Plan, countOf: (register: string) => number | undefined): CountedEvents {
  return {
    timeSteps: countOf('TIME_STEPS_DONE') ?? 0,
    inputSpikes: countOf('INPUT_SPIKES') ?? 0,
    spikes: plan.layers.map(({ name }) => countOf(`${name.toUpperCase()}_SPIKES`) ?? 0),
  };
}

/** What the core has counted since it was reset. */
export async function countedEvents(
  plan: Plan,
  client: BoardClient,
): Promise<{ readonly events: CountedEvents; readonly busyClocks: number }> {
  const words = new Map<string, number>();
  for (const { name, address } of activityRegisters(plan)) words.set(name, (await client.read(address))[0]!);
  return { events: eventsIn(plan, (name) => words.get(name)), busyClocks: words.get('BUSY_CLOCKS') ?? 0 };
}
