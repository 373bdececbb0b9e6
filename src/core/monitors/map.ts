/** The registers of what watches over a core, as data (docs/monitors.md). */

import { loadBits, memoryPageWords, memoryRegisters } from '../../link/index.ts';
import { type LayerPlan, type MonitorPlan, type Plan, type SpikingNeuron, unsignedBits } from '../../plan/index.ts';
import { type BusRegister, watchBase } from '../registers/map.ts';

/** Word addresses of the core's own, between those of the link and those of layers. */
export const monitorAddresses = {
  MONITORS: 32,
  STATUS: 33,
  ABSTAIN_BELOW: 34,
  ABSTENTIONS: 35,
  TIME_STEPS_DONE: 36,
  BUSY_CLOCKS: 37,
  INPUT_SPIKES: 38,
  CHECK: 39,
  CHECKS: 40,
  ...memoryRegisters,
} as const;

/** Those of a layer, counted from its base. */
export const watchAddresses = { RATE_LOW: 0, RATE_HIGH: 1, SPIKES: 2 } as const;

/** Bits of STATUS. Of spike rates each watched layer has two, from bit 8 on: too few, too many. */
export const statusBits = { abstained: 0, lockup: 1, stalled: 2, damaged: 3 } as const;
export const firstRateBit = 8;

/** Bits of the counters. */
export const abstentionBits = 16;
export const activityBits = 32;

/** Bits of the number of checks. */
export const checksBits = 16;

/** Reset of CHECK: again and again. */
export const checkForever = 2;

/** Bits of MONITORS, which says what the core has. */
export const monitorNames = ['abstain', 'rates', 'lockup', 'stall', 'activity', 'checksum', 'load'] as const;

type Draft = Pick<BusRegister, 'access' | 'width' | 'doc'> & Partial<Pick<BusRegister, 'reset' | 'words'>>;

export type WatchedLayer = LayerPlan & { readonly neuron: SpikingNeuron };

/** Layers whose neurons spike, with their place among all layers. */
export function watchedLayers({
  layers,
}: Pick<Plan, 'layers'>): { readonly layer: WatchedLayer; readonly index: number }[] {
  return layers.flatMap((layer, index) =>
    'stream' in layer.neuron ? [{ layer: { ...layer, neuron: layer.neuron }, index }] : [],
  );
}

/** A memory whose checksum is compared. */
export interface MemoryToCheck {
  readonly name: string;
  /** Place of its layer among all layers. */
  readonly index: number;
  readonly holds: 'weights' | 'table';
}

/** A memory as the host sees it: its words, and the bits of one that it may replace. */
export interface WindowMemory {
  readonly words: { readonly length: number };
  readonly loadBits?: number | undefined;
}

/** Bits of the host's bus, of which a word of a memory takes as many as it needs. */
export const busBits = 32;

/** Addresses from one word of a memory to the next: its parts of 32 bits, rounded up to a power of two. */
export function wordStride({ loadBits: bits = 1 }: WindowMemory): number {
  return 2 ** Math.ceil(Math.log2(Math.ceil(bits / busBits)));
}

/** Bits of the number of a page, of which the largest memory has more than one; 0 where no memory has. */
export function pageBits(memories: readonly WindowMemory[]): number {
  const pages = memories.map((memory) => (memory.words.length * wordStride(memory)) / memoryPageWords);
  return Math.ceil(Math.log2(Math.max(1, ...pages)));
}

/** The weights of each layer, and what its neurons read their probabilities from; tables of devices are the host's to change. */
export function memoriesToCheck({ layers }: Pick<Plan, 'layers'>): MemoryToCheck[] {
  return layers.flatMap(({ name, neuron: { kind } }, index) => [
    { name: `${name}_weights`, index, holds: 'weights' as const },
    ...(kind === 'none' || kind === 'device' ? [] : [{ name: `${name}_table`, index, holds: 'table' as const }]),
  ]);
}

/** The memories that the bits of WRONG_MEMORIES name; the last bit is of all from the 32nd on. */
export function wrongMemories(plan: Pick<Plan, 'layers'>, bits: number): string[] {
  return memoriesToCheck(plan).flatMap(({ name }, i) => ((bits >>> Math.min(i, 31)) & 1 ? [name] : []));
}

/** Bits of a limit of a layer's spikes in a time step. */
export function limitBits({ neuron }: WatchedLayer): number {
  return unsignedBits(neuron.stream.wordsPerTimeStep);
}

/** What the core has, a bit each. */
export function monitorFeatures(monitors: MonitorPlan): number {
  return monitorNames.reduce((bits, name, bit) => bits + (monitors[name] ? 2 ** bit : 0), 0);
}

/** Bits of STATUS that a core has, with what each says. */
export function statusTable(plan: Plan, monitors: MonitorPlan): { readonly bit: number; readonly doc: string }[] {
  const own = (has: unknown, bit: number, doc: string) => (has ? [{ bit, doc }] : []);
  return [
    ...own(monitors.abstain, statusBits.abstained, 'an answer has abstained; no alarm'),
    ...own(monitors.lockup, statusBits.lockup, 'a random stream stood still and was started again'),
    ...own(monitors.stall, statusBits.stalled, 'an image was in the core and nothing moved'),
    ...own(monitors.checksum, statusBits.damaged, 'a memory of weights or tables has another checksum than it should'),
    ...(monitors.rates ? watchedLayers(plan) : []).flatMap(({ layer: { name } }, i) => [
      { bit: firstRateBit + 2 * i, doc: `${name} had too few spikes` },
      { bit: firstRateBit + 2 * i + 1, doc: `${name} had too many spikes` },
    ]),
  ];
}

type CoreRegisters = Partial<Record<keyof typeof monitorAddresses, BusRegister>>;
type LayerRegisters = Partial<Record<keyof typeof watchAddresses, BusRegister>>;

/** All registers of a core's monitors, and those of each of its layers; what the core has not is absent. */
export function monitorMap(
  plan: Plan,
  monitors: MonitorPlan,
  memories: readonly WindowMemory[],
): { core: CoreRegisters; layers: LayerRegisters[] } {
  return { core: coreMap(plan, monitors, memories), layers: layerMap(plan, monitors) };
}

function coreMap(plan: Plan, monitors: MonitorPlan, memories: readonly WindowMemory[]): CoreRegisters {
  const { abstain, activity } = monitors;
  const registers: CoreRegisters = {};
  const own = (name: keyof typeof monitorAddresses, draft: Draft) => {
    registers[name] = { ...{ name, signed: false, reset: 0, words: 1, address: monitorAddresses[name] }, ...draft };
  };
  const counter = (name: keyof typeof monitorAddresses, width: number, doc: string) =>
    own(name, { access: 'read', width, doc: `${doc}, since reset; wraps.` });
  own('MONITORS', {
    access: 'read',
    width: monitorNames.length,
    reset: monitorFeatures(monitors),
    doc: `What watches, a bit each from 0: ${monitorNames.join(', ')}.`,
  });
  const bits = statusTable(plan, monitors);
  const said = bits.map(({ bit, doc }) => `${bit} ${doc}`).join(', ');
  if (bits.length > 0)
    own('STATUS', {
      access: 'read-write',
      width: Math.max(...bits.map(({ bit }) => bit)) + 1,
      doc: `What has been seen since it was cleared: ${said}. A 1 that is written clears its bit.`,
    });
  if (abstain) {
    const doc = 'An answer whose best class leads by less abstains.';
    own('ABSTAIN_BELOW', { access: 'read-write', width: plan.readout.scoreBits, reset: abstain.below, doc });
    counter('ABSTENTIONS', abstentionBits, 'Answers that abstained');
  }
  if (monitors.checksum) {
    own('CHECK', {
      ...{ access: 'read-write', width: 2, reset: checkForever },
      doc: 'Bit 0, written as 1: memories are checked from the first one on; reads as 1 until all are. Bit 1: they are checked again and again.',
    });
    counter('CHECKS', checksBits, 'How often all memories have been checked');
    const names = memoriesToCheck(plan).map(({ name }) => name);
    const width = Math.min(names.length, 32);
    const doc = `Memories whose last checksum was wrong, a bit each from 0: ${names.join(', ')}.${names.length > 32 ? ' Bit 31 is of all from there on.' : ''}`;
    own('WRONG_MEMORIES', { access: 'read', width, doc });
  }
  if (monitors.load) loadMap(memories, own);
  if (!activity) return registers;
  if (watchedLayers(plan).length > 0)
    counter('TIME_STEPS_DONE', activityBits, 'Time steps of the first layer of neurons');
  counter('BUSY_CLOCKS', activityBits, 'Clocks in which an image was in the core');
  if (plan.encoding.kind === 'bernoulli') counter('INPUT_SPIKES', activityBits, 'Spikes of the encoder');
  return registers;
}

function loadMap(
  memories: readonly WindowMemory[],
  own: (name: keyof typeof monitorAddresses, draft: Draft) => void,
): void {
  const width = unsignedBits(memories.length - 1);
  const pages = pageBits(memories);
  own('LOAD', {
    ...{ access: 'read-write', width: 2, reset: loadBits.closed },
    doc: "Bit 0, written as 1: the core takes no image any more; reads as 1 once those in it are answered, and memories are then the host's. Written as 0: memories are checked. Bit 1: no image is taken, until a check after a reset or a load has found all memories right.",
  });
  own('MEMORY', {
    ...{ access: 'read-write', width },
    doc: 'Which memory EXPECTED and MEMORY_WORDS are of, by its bit in WRONG_MEMORIES.',
  });
  own('EXPECTED', {
    ...{ access: 'read-write', width: 32 },
    doc: "Checksum that this memory should have. Read and written while LOAD says that memories are the host's; kept over a reset.",
  });
  if (pages > 0)
    own('MEMORY_PAGE', {
      ...{ access: 'read-write', width: pages },
      doc: `Which ${memoryPageWords} addresses of this memory MEMORY_WORDS shows. A write to MEMORY puts it to 0.`,
    });
  own('MEMORY_WORDS', {
    ...{ access: 'read-write', width: busBits, words: memoryPageWords },
    doc: 'Words of this memory, low bits first, each at as many addresses as it has parts of 32 bits, rounded up to a power of two. A word changes when its last part is written.',
  });
}

/** In the order of `watchedLayers`. */
function layerMap(plan: Plan, { rates, activity }: MonitorPlan): LayerRegisters[] {
  return watchedLayers(plan).map(({ layer, index }, i) => {
    const registers: LayerRegisters = {};
    const own = (name: keyof typeof watchAddresses, draft: Draft) => {
      const address = watchBase(plan, index) + watchAddresses[name];
      const shared = { signed: false, reset: 0, words: 1, layer: layer.name };
      registers[name] = { ...shared, name: `${layer.name.toUpperCase()}_${name}`, address, ...draft };
    };
    const limit = (name: 'RATE_LOW' | 'RATE_HIGH', reset: number, which: string) =>
      own(name, {
        ...{ access: 'read-write', width: limitBits(layer), reset },
        doc: `${which} spikes in a time step, over the time steps of an image.`,
      });
    if (rates) {
      limit('RATE_LOW', rates[i]!.low, 'Fewest');
      limit('RATE_HIGH', rates[i]!.high, 'Most');
    }
    if (activity) own('SPIKES', { access: 'read', width: activityBits, doc: 'Spikes since reset; wraps.' });
    return registers;
  });
}
