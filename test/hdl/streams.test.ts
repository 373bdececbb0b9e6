import { describe, expect, it } from 'vitest';
import {
  clock,
  component,
  elaborate,
  flip,
  interpret,
  type ModuleDefinition,
  reset,
  stream,
  streamBuffer,
  streamFifo,
  uint,
} from '../../src/hdl/index.ts';
import { messageOf } from './rules/message.ts';

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Drive {
  readonly seed: number;
  /** How often the producer offers and the consumer takes a word, 0..1. */
  readonly offers: number;
  readonly takes: number;
  readonly clocks: number;
}

/** Sends 1, 2, 3 ... through a buffer; returns what came out and when. */
function send(definition: ModuleDefinition, { seed, offers, takes, clocks }: Drive) {
  const next = random(seed);
  const simulation = interpret(elaborate(definition));
  simulation.reset();
  const received: number[] = [];
  let sent = 0;
  let offering = false;
  let most = 0;
  let waiting: bigint | undefined;
  for (let clock = 0; clock < clocks; clock++) {
    offering ||= next() < offers;
    const taking = next() < takes;
    simulation.poke('s_valid', offering);
    simulation.poke('s_data', (sent + 1) & 255);
    simulation.poke('s_last', (sent + 1) % 3 === 0);
    simulation.poke('m_ready', taking);
    const valid = simulation.peek('m_valid') === 1n;
    // A word that is offered stays until it is taken.
    if (waiting !== undefined)
      expect({ seed, clock, valid, data: simulation.peek('m_data') }).toEqual({
        seed,
        clock,
        valid: true,
        data: waiting,
      });
    waiting = valid && !taking ? simulation.peek('m_data') : undefined;
    if (valid && taking) {
      received.push(Number(simulation.peek('m_data')));
      expect(simulation.peek('m_last')).toBe(received.length % 3 === 0 ? 1n : 0n);
    }
    if (offering && simulation.peek('s_ready') === 1n) {
      sent += 1;
      offering = false;
    }
    most = Math.max(most, sent - received.length);
    simulation.step();
  }
  return { sent, received, most };
}

const options = { type: uint(8), packets: true };

describe.each([
  { name: 'streamBuffer', definition: streamBuffer('buffer', options), capacity: 2 },
  { name: 'streamFifo', definition: streamFifo('fifo', { ...options, depth: 8 }), capacity: 9 },
])('$name', ({ definition, capacity }) => {
  it.each([
    { offers: 1, takes: 1 },
    { offers: 0.3, takes: 0.9 },
    { offers: 0.9, takes: 0.3 },
    { offers: 0.5, takes: 0.5 },
  ])('keeps order and loses nothing: offered $offers, taken $takes', ({ offers, takes }) => {
    for (const seed of [1, 2, 3]) {
      const { sent, received, most } = send(definition, { seed, offers, takes, clocks: 400 });
      expect(received).toEqual(Array.from({ length: received.length }, (_, i) => (i + 1) & 255));
      expect(sent - received.length).toBeLessThanOrEqual(capacity);
      expect(most).toBeLessThanOrEqual(capacity);
    }
  });

  it('moves a word in every clock', () => {
    const { received } = send(definition, { seed: 7, offers: 1, takes: 1, clocks: 300 });
    expect(received.length).toBeGreaterThanOrEqual(297);
  });

  it(`holds ${capacity} words`, () => {
    expect(send(definition, { seed: 9, offers: 1, takes: 0, clocks: 50 }).sent).toBe(capacity);
  });
});

it('streams of different widths are not connected', () => {
  const widths = component('widths', { s: flip(stream(uint(8))), m: stream(uint(9)) }, (m, io) => {
    m.connect(io.s, io.m);
  });
  const packets = component(
    'packets',
    { clk: clock(), rst: reset(), s: flip(stream(uint(8), { packets: true })) },
    (m, io) => {
      m.place('one', streamBuffer('one', { type: uint(8) }), { s: io.s });
    },
  );
  const depth = () => streamFifo('fifo', { type: uint(8), depth: 6 });
  expect(messageOf(widths)).toMatchInlineSnapshot(`
    "error HDL002 KIND MISMATCH: m.connect: 'data' is given as uint(8) and taken as uint(9)
      --> test/hdl/streams.test.ts:106
        106 |   m.connect(io.s, io.m);
            help: m.connect(from, to) joins two ends of one link, made with the same widths and options"
  `);
  expect(messageOf(packets)).toMatchInlineSnapshot(`
    "error HDL002 KIND MISMATCH: link 's' of instance 'one': only the one that gives has 'last'
      --> test/hdl/streams.test.ts:112
        112 |   m.place('one', streamBuffer('one', { type: uint(8) }), { s: io.s });
            help: both ends are of one link, made with the same widths and options

    error HDL007 NO DRIVER: wire 'one_m_ready' of module 'packets' is never assigned
      --> test/hdl/streams.test.ts:112     'one_m_ready' is declared here
        112 |   m.place('one', streamBuffer('one', { type: uint(8) }), { s: io.s });
            help: m.assign(one_m_ready, ...), or remove it

    error HDL010 UNUSED PORT: output 'm_data' of instance 'one' is never read in module 'packets'
      --> test/hdl/streams.test.ts:112     one is instantiated here
        112 |   m.place('one', streamBuffer('one', { type: uint(8) }), { s: io.s });
            help: read it, or m.unused(one.m_data, 'why')

    error HDL010 UNUSED PORT: output 'm_valid' of instance 'one' is never read in module 'packets'
      --> test/hdl/streams.test.ts:112     one is instantiated here
        112 |   m.place('one', streamBuffer('one', { type: uint(8) }), { s: io.s });
            help: read it, or m.unused(one.m_valid, 'why')"
  `);
  expect(depth).toThrowErrorMatchingInlineSnapshot(`
    [SpinfireError: error HDL019 INDEX OUT OF RANGE: streamFifo 'fifo': a depth of 6 is not a power of two from 2
      --> test/hdl/streams.test.ts:115
        115 |   const depth = () => streamFifo('fifo', { type: uint(8), depth: 6 });
            help: 8 would do]
  `);
});
