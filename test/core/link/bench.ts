/** The link's hardware, pin by pin, beside its software: the same bytes in, the same bytes out. */
import { expect } from 'vitest';
import { buildLink } from '../../../src/core/link/index.ts';
import { interpret } from '../../../src/hdl/index.ts';
import {
  commands,
  Endpoint,
  encodeRequest,
  frameOf,
  type LineEvent,
  linkRegisters,
  ResponseDecoder,
} from '../../../src/link/index.ts';

const clocksPerBit = 8;
const pixels = 5;
export const core = {
  name: 'small',
  coreHash: 0xcafe0123,
  clockHz: 20_250_000,
  board: 'a-board-of-mine',
  clocksPerBit,
  pixels,
  classes: 2,
  timeSteps: { usual: 8, max: 64 },
  exitMarginBits: undefined,
  imagesInside: 8,
  credits: 2,
  skipClocks: 4,
  hasMonitors: false,
  loads: false,
  busBits: undefined,
};
/** The same with registers of its own, and a way into its memories. */
const loadable = { ...core, name: 'loadable', loads: true, busBits: 16 };
type BenchCore = typeof core | typeof loadable;

const answerTo = (image: readonly number[], steps: number) => {
  const sum = image.reduce((total, pixel) => total + pixel, 0);
  return [sum * steps, -sum, 0];
};

/** The interpreted link, with a core in this file that obeys tlast and tuser. */
function hardware(of: BenchCore) {
  const link = interpret(buildLink(of));
  const words = new Map<number, number>();
  let access = false;
  if (of.loads) for (const port of ['core_closed', 'core_bus_ack', 'core_bus_read_data']) link.poke(port, 0);
  // Answers one clock after it is asked, as the registers of a core do.
  const serveBus = () => {
    const asked = Boolean(link.peek('core_bus_access')) && !access;
    const address = Number(link.peek('core_bus_address'));
    if (asked && link.peek('core_bus_write')) words.set(address, Number(link.peek('core_bus_write_data')));
    access = asked;
    return { ack: Number(asked), data: words.get(address) ?? 0 };
  };
  const sent: number[] = [];
  let bits = -1;
  let clock = 0;
  let byte = 0;
  let image: number[] = [];
  const beats: number[] = [];
  let due = 0;
  link.poke('rst', 1);
  link.poke('serial_in', 1);
  for (const port of ['image_dropped', 's_axis_tready', 'm_axis_tvalid', 'm_axis_tdata', 'm_axis_tlast'])
    link.poke(port, 0);
  link.step(3);
  link.poke('rst', 0);
  const step = (level: number) => {
    link.poke('serial_in', level);
    link.poke('s_axis_tready', 1);
    due = Math.max(0, due - 1);
    const valid = beats.length > 0 && due === 0;
    link.poke('m_axis_tvalid', Number(valid));
    link.poke('m_axis_tdata', valid ? beats[0]! : 0);
    link.poke('m_axis_tlast', Number(valid && beats.length % 3 === 1));
    let dropped = 0;
    if (link.peek('s_axis_tvalid')) {
      image.push(Number(link.peek('s_axis_tdata')));
      if (link.peek('s_axis_tlast')) {
        if (image.length === pixels && !link.peek('s_axis_tuser')) {
          beats.push(...answerTo(image, Number(link.peek('time_steps'))));
          due = 3000;
        } else dropped = 1;
        image = [];
      }
    }
    link.poke('image_dropped', dropped);
    if (valid && link.peek('m_axis_tready')) beats.shift();
    const line = Number(link.peek('serial_out'));
    if (bits < 0 && line === 0) {
      bits = 0;
      clock = 0;
      byte = 0;
    }
    if (bits >= 0) {
      if (clock % clocksPerBit === clocksPerBit / 2) {
        if (bits >= 1 && bits <= 8) byte |= line << (bits - 1);
        if (bits === 9) {
          expect(line).toBe(1);
          sent.push(byte);
          bits = -2;
        }
        bits += 1;
      }
      clock += 1;
    }
    const bus = of.loads ? serveBus() : undefined;
    link.step();
    if (bus) {
      link.poke('core_bus_ack', bus.ack);
      link.poke('core_bus_read_data', bus.data);
    }
  };
  const hold = (level: number, clocks: number) => {
    for (let i = 0; i < clocks; i += 1) step(level);
  };
  const receive = (event: LineEvent) => {
    const value = event === 'break' ? 0 : event;
    hold(0, clocksPerBit);
    for (let bit = 0; bit < 8; bit += 1) hold((value >> bit) & 1, clocksPerBit);
    hold(event === 'break' ? 0 : 1, clocksPerBit);
    if (event === 'break') hold(1, clocksPerBit);
  };
  return { receive, hold, sent, peek: link.peek.bind(link) };
}

function software({ loads }: BenchCore) {
  const sent: number[] = [];
  const words = new Map<number, number>();
  const endpoint = new Endpoint(
    {
      hash: core.coreHash,
      ...{
        clockHz: core.clockHz,
        board: core.board,
        pixels,
        classes: 2,
        timeSteps: 8,
        maxTimeSteps: 64,
        credits: 2,
        exitMargin: 0,
      },
      classify: (image, _, steps) => answerTo([...image], steps),
      takesBlocks: loads,
      read: (address) => words.get(address) ?? 0,
      write: (address, value) => words.set(address, value),
    },
    (bytes) => sent.push(...bytes),
  );
  return { endpoint, sent };
}

const request = (command: keyof typeof commands, payload: number[], sequence: number) => [
  ...encodeRequest({ sequence, command, payload: Uint8Array.from(payload) }),
];
const image = [1, 0x7e, 0x7d, 200, 255];
const read = (sequence: number, count = 4) =>
  request('read', [linkRegisters.LINK_ID.address, 0, count, 0, 0, 0], sequence);
/** Frames, and what is wrong with them. */
export const cases: readonly (readonly [string, readonly (readonly LineEvent[])[]])[] = [
  [
    'registers',
    [
      read(1),
      request('write', [linkRegisters.TIME_STEPS.address, 0, 5, 0, 0, 0], 2),
      request('read', [23, 0, 8, 0, 0, 0], 3),
      request('read', [linkRegisters.BOARD.address, 0, 4, 0, 0, 0], 4),
    ],
  ],
  ['images', [request('classify', image, 7), request('classify', image, 8), request('read', [25, 0, 1, 0, 0, 0], 9)]],
  ['a flipped pixel', [request('classify', image, 7).with(9, 3), request('classify', image, 8)]],
  ['a lost pixel', [request('classify', image, 7).toSpliced(9, 1), request('classify', image, 8)]],
  ['a pixel too many', [request('classify', image, 7).toSpliced(9, 0, 1), request('classify', image, 8)]],
  [
    'a break',
    [
      request('classify', image, 7).map((byte, i) => (i === 9 ? ('break' as const) : byte)),
      request('classify', image, 8),
    ],
  ],
  ['another version', [[...frameOf(Uint8Array.of(9, 1, 1, 6, 0, 0, 1, 2, 3, 4, 5, 6))], read(2, 1)]],
  ['another command', [[...frameOf(Uint8Array.of(1, 1, 77, 6, 0, 0, 1, 2, 3, 4, 5, 6))], read(2, 1)]],
  ['a wrong length', [[...frameOf(Uint8Array.of(1, 1, 3, 6, 0, 0, 1, 2, 3, 4, 5, 6))], read(2, 1)]],
  ['a short payload', [[...frameOf(Uint8Array.of(1, 1, 1, 6, 0, 0, 1, 2, 3))], read(2, 1)]],
  [
    'another image number',
    [request('write', [linkRegisters.IMAGE.address, 0, 3, 0, 0, 0], 2), request('classify', image, 8)],
  ],
];

const block = (address: number, values: number[], sequence: number) =>
  request('block', [address & 0xff, address >> 8, ...new Uint8Array(Uint32Array.from(values).buffer)], sequence);
const readWords = (address: number, count: number, sequence: number) =>
  request('read', [address & 0xff, address >> 8, count, 0, 0, 0], sequence);
const most = commands.block.words.most;
const values = (count: number, seed: number) =>
  Array.from({ length: count }, (_, i) => Math.imul(0x7e7d9e37 + i, seed) >>> 0);
const rawBlock = (bytes: number, declared = bytes) => [
  ...frameOf(Uint8Array.of(1, 1, commands.block.code, declared & 0xff, declared >> 8, 0, ...Array(bytes).fill(3))),
];

/** Blocks for a core that takes them; a refused or damaged one must leave nothing behind. */
export const blockCases: readonly (readonly [string, readonly (readonly LineEvent[])[]])[] = [
  ['one word', [block(0x8001, [0xdeadbeef], 1), readWords(0x8000, 3, 2)]],
  ['the longest', [block(0x8040, values(most, 5), 1), readWords(0x803f, most + 2, 2)]],
  [
    'one after the other, shorter and longer',
    [block(0x8000, values(9, 3), 1), block(0x8004, values(2, 7), 2), readWords(0x8000, 10, 3)],
  ],
  ['registers of the link', [block(linkRegisters.TIME_STEPS.address, [5], 1), readWords(23, 1, 2)]],
  [
    'a flipped byte, then the same again',
    [
      block(0x8000, values(4, 3), 1).with(12, 0x11),
      readWords(0x8000, 4, 2),
      block(0x8000, values(4, 3), 3),
      readWords(0x8000, 4, 4),
    ],
  ],
  ['a lost byte', [block(0x8000, values(4, 3), 1).toSpliced(12, 1), readWords(0x8000, 4, 2)]],
  ['no word', [rawBlock(2), readWords(0x303, 1, 2)]],
  ['half a word', [rawBlock(8), readWords(0x303, 1, 2)]],
  ['a word too many', [rawBlock(2 + 4 * (most + 1)), readWords(0x303, 1, 2)]],
  ['another length than declared', [rawBlock(6, 10), readWords(0x303, 1, 2), rawBlock(10, 6), readWords(0x303, 1, 4)]],
  ['an image behind it', [block(0x8000, values(4, 3), 1), request('classify', image, 2), readWords(0x8000, 4, 3)]],
];

/** The same frames into both; what comes out must be the same. */
export function compareLinks(frames: readonly (readonly LineEvent[])[], of: BenchCore = core): void {
  const { endpoint, sent } = software(of);
  const hard = hardware(of);
  const settle = () => {
    for (let i = 0; i < 400 && hard.sent.length < sent.length; i += 1) hard.hold(1, 100);
    hard.hold(1, 300);
  };
  for (const frame of frames) {
    for (const event of frame) {
      endpoint.receive(event);
      hard.receive(event);
    }
    settle();
    while (endpoint.answer());
    settle();
  }
  hard.hold(1, 1500);
  expect(hard.sent).toEqual(sent);
}

/** Requests without a pause between them, from a host that does not wait; what came back, by sequence and status. */
export function answersToBurst(counts: readonly number[]) {
  const hard = hardware(loadable);
  for (const [index, count] of counts.entries()) for (const event of read(index + 1, count)) hard.receive(event);
  hard.hold(1, 40_000);
  const burst = responsesIn(hard.sent.splice(0));
  for (const event of read(99, 2)) hard.receive(event);
  hard.hold(1, 3000);
  return { burst, last: responsesIn(hard.sent) };
}

function responsesIn(bytes: readonly number[]) {
  const found = new ResponseDecoder().feed(Uint8Array.from(bytes));
  return found.map((each) => {
    if (each.kind === 'damaged') throw new Error(`the core sent a damaged frame: ${each.damage}`);
    const { sequence, status, words } = each.response;
    return { sequence, status, words: [...words] };
  });
}

/** The link of a loadable core whose images have so many pixels. */
export const buildLoadable = (of: { readonly pixels: number }) => buildLink({ ...loadable, ...of });

export const compareBlocks = (frames: readonly (readonly LineEvent[])[]) => compareLinks(frames, loadable);

/** A frame that stops in the middle, then a good one. */
export function compareGap(): void {
  const { endpoint, sent } = software(core);
  const hard = hardware(core);
  for (const event of request('classify', image, 7).slice(0, 10)) {
    endpoint.receive(event);
    hard.receive(event);
  }
  endpoint.idle(4096);
  hard.hold(1, 2 * 4096 * clocksPerBit + 3000);
  for (const event of read(3, 1)) {
    endpoint.receive(event);
    hard.receive(event);
  }
  hard.hold(1, 3000);
  expect(hard.sent).toEqual(sent);
}
