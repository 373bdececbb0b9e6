/** Registers that a core has beside its own in somebody else's system: at the addresses of those that a board's link has. */
import { linkRegisters } from '../../link/index.ts';
import { type Plan, unsignedBits } from '../../plan/index.ts';
import { registerMap } from '../registers/all.ts';
import { type BusRegister, busAddressBits, hasBus } from '../registers/map.ts';

/** 'SPW' and the version of this table. */
export const wrapperId = 0x53505701;

export const wrapperAddresses = {
  WRAPPER_ID: 16,
  CORE_HASH: linkRegisters.CORE_HASH.address,
  PIXELS: linkRegisters.PIXELS.address,
  CLASSES: linkRegisters.CLASSES.address,
  MAX_TIME_STEPS: linkRegisters.MAX_TIME_STEPS.address,
  TIME_STEPS: linkRegisters.TIME_STEPS.address,
  EXIT_MARGIN: linkRegisters.EXIT_MARGIN.address,
  IMAGE: linkRegisters.IMAGE.address,
  SEEKING: linkRegisters.SEEKING.address,
  INTERRUPTS: 27,
  DROPPED: linkRegisters.DROPPED.address,
  INTERRUPT_ENABLE: 29,
} as const;

/** Bits of INTERRUPTS. */
export const interruptBits = { answered: 0, dropped: 1, alarm: 2 } as const;
export const interruptCount = Object.keys(interruptBits).length;

/** Bits of an image's number. */
export const imageNumberBits = linkRegisters.IMAGE.width;

/** Word address bits of the wrapper's bus: 16 to 31 are its own. */
export function wrapperAddressBits(plan: Plan): number {
  return Math.max(5, hasBus(plan) ? busAddressBits(plan) : 0);
}

type WrapperRegisters = Partial<Record<keyof typeof wrapperAddresses, BusRegister>>;

/** The registers of a wrapper, by name; those that its core has no use for are absent. */
export function wrapperRegisterTable(plan: Plan, coreHash: number): WrapperRegisters {
  const { height, width, channels } = plan.input;
  const table: WrapperRegisters = {};
  const own = (
    name: keyof typeof wrapperAddresses,
    access: 'read' | 'read-write',
    [bits, reset]: readonly [number, number],
    doc: string,
  ) => {
    table[name] = { name, address: wrapperAddresses[name], access, width: bits, reset, doc, signed: false, words: 1 };
  };
  const { CORE_HASH, PIXELS, CLASSES, MAX_TIME_STEPS, TIME_STEPS } = linkRegisters;
  own('WRAPPER_ID', 'read', [32, wrapperId], "'SPW' and the version of this table.");
  own('CORE_HASH', 'read', [32, coreHash], CORE_HASH.doc);
  own('PIXELS', 'read', [32, height * width * channels], PIXELS.doc);
  own('CLASSES', 'read', [32, plan.readout.classes], CLASSES.doc);
  own('MAX_TIME_STEPS', 'read', [32, plan.timeSteps.max], MAX_TIME_STEPS.doc);
  own('TIME_STEPS', 'read-write', [unsignedBits(plan.timeSteps.max), plan.timeSteps.default], TIME_STEPS.doc);
  if (plan.earlyExit === 'margin') {
    const { scoreBits } = plan.readout;
    const doc = 'Lead of the best score that answers an image; all ones: never.';
    own('EXIT_MARGIN', 'read-write', [scoreBits, 2 ** scoreBits - 1], doc);
  }
  const number =
    'Number of the next image, its place in the random streams. A write resets the core and goes to that number.';
  own('IMAGE', 'read-write', [imageNumberBits, 0], number);
  own('SEEKING', 'read', [1, 1], '1: on the way to the number that was written to IMAGE; no pixels are taken.');
  const interrupts = '0 an answer has left, 1 an image was dropped, 2 the core has seen something abnormal';
  own('INTERRUPTS', 'read-write', [interruptCount, 0], `What has happened: ${interrupts}. A 1 clears its bit.`);
  own('DROPPED', 'read', [8, 0], 'Images dropped since reset; wraps.');
  own('INTERRUPT_ENABLE', 'read-write', [interruptCount, 0], `Which of INTERRUPTS raise irq: ${interrupts}.`);
  return table;
}

/** All registers of a core in a wrapper, its own among them. */
export function wrapperMap(plan: Plan, coreHash: number): BusRegister[] {
  return [...Object.values(wrapperRegisterTable(plan, coreHash)), ...registerMap(plan)].sort(
    (a, b) => a.address - b.address,
  );
}
