/** The link's hardware, pin by pin, beside its software: the same bytes in, the same bytes out. */
import { expect } from 'vitest';
import { buildLink } from '../../../src/core/link/index.ts';
import { interpret } from '../../../src/hdl/index.ts';
import {
  type commands,
  Endpoint,
  encodeRequest,
  frameOf,
  type LineEvent,
  linkRegisters,
} from '../../../src/link/index.ts';

const clocksPerBit = 8;
const pixels = 5;
const core = {
  name: 'small',
  coreHash: 0xcafe0123,
  clockHz: 20_250_000,
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

const answerTo = (image: readonly number[], steps: number) => {
  const sum = image.reduce((total, pixel) => total + pixel, 0);
  return [sum * steps, -sum, 0];
};

/** The interpreted link, with a core in this file that obeys tlast and tuser. */
function hardware() {
  const link = interpret(buildLink(core));
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
    link.step();
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

function software() {
  const sent: number[] = [];
  const endpoint = new Endpoint(
    {
      hash: core.coreHash,
      ...{ clockHz: core.clockHz, pixels, classes: 2, timeSteps: 8, maxTimeSteps: 64, credits: 2, exitMargin: 0 },
      classify: (image, _, steps) => answerTo([...image], steps),
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

/** The same frames into both; what comes out must be the same. */
export function compareLinks(frames: readonly (readonly LineEvent[])[]): void {
  const { endpoint, sent } = software();
  const hard = hardware();
  for (const frame of frames) {
    for (const event of frame) {
      endpoint.receive(event);
      hard.receive(event);
    }
    hard.hold(1, 4000);
    while (endpoint.answer());
    hard.hold(1, 2500);
  }
  expect(hard.sent).toEqual(sent);
}

/** A frame that stops in the middle, then a good one. */
export function compareGap(): void {
  const { endpoint, sent } = software();
  const hard = hardware();
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
