/** What is claimed of the blocks, described in the hardware language around them; see src/sim/formal/prove.ts for the names. */

import { eventBuffer } from '../../src/core/buffers/events.ts';
import { wordsLater } from '../../src/core/random/index.ts';
import { readout } from '../../src/core/readout/index.ts';
import {
  type Bool,
  bool,
  type Component,
  clock,
  component,
  concat,
  type Design,
  defineModule,
  elaborate,
  flip,
  lit,
  type ModuleBuilder,
  reset,
  select,
  stream,
  transfers,
  type UInt,
  uint,
} from '../../src/hdl/index.ts';
import type { LayerPlan, StreamPlan } from '../../src/plan/index.ts';

const bench = (name: string, describe: (m: ModuleBuilder) => void, clocked = true): Design =>
  elaborate(
    defineModule(name, (m) => {
      if (clocked) {
        m.clock('clk');
        m.reset('rst');
      }
      describe(m);
    }),
  );

const claim = (m: ModuleBuilder, name: string, holds: Bool) => m.assign(m.output(`claim_${name}`, bool()), holds);
const assume = (m: ModuleBuilder, name: string, holds: Bool) => m.assign(m.output(`assume_${name}`, bool()), holds);
const implies = (premise: Bool, conclusion: Bool): Bool => premise.not().or(conclusion);

/** One word further is `leap` single steps of the register as its polynomial defines them; a jump is as many words. */
export function leapBench(stream: StreamPlan, jumps: readonly number[], shown: StreamPlan = stream): Design {
  return bench(
    'leap_bench',
    (m) => {
      const state = m.input('state', uint(32));
      const stepped = (from: UInt, times: number): UInt => {
        let now = from;
        for (let i = 0; i < times; i += 1) {
          const feedback = stream.taps.map((tap) => now.bit(tap)).reduce((sum, bit) => sum.xor(bit));
          now = m.name(`step_${serial++}`, concat(feedback.asUInt(), now.slice(31, 1)));
        }
        return now;
      };
      let serial = 0;
      claim(m, 'leap', wordsLater(state, shown, 1).equals(stepped(state, stream.leap)));
      for (const words of jumps) {
        claim(m, `jump_${words}`, wordsLater(state, shown, words).equals(stepped(state, stream.leap * words)));
      }
    },
    false,
  );
}

/** What leaves `valid` with its data must stay until it is taken. */
function stays(m: ModuleBuilder, name: string, valid: Bool, ready: Bool, data: UInt): Bool {
  const waited = m.register(`${name}_waited`, bool(), { reset: 0 });
  const before = m.register(`${name}_before`, data.type, { reset: 0 });
  m.next(waited, valid.and(ready.not()));
  m.next(before, data);
  return implies(waited, valid.and(data.equals(before)));
}

const dataBits = 4;

const bufferPorts = { clk: clock(), rst: reset(), s: flip(stream(uint(dataBits))), m: stream(uint(dataBits)) };
type WordBuffer = Component<typeof bufferPorts>;

/** A buffer of streams with 4 bits of data: handshakes, order, nothing lost, nothing invented, room for `capacity` words. */
export function bufferBench(buffer: WordBuffer, capacity: number, latency: number): Design {
  return bench('buffer_bench', (m) => {
    const { s: offered, m: out } = m.ports({ s: flip(stream(uint(dataBits))), m: stream(uint(dataBits)) });
    const dut = m.place('dut', buffer, { s: offered });
    m.connect(dut.m, out);
    const taken = m.name('taken', transfers(offered));
    const given = m.name('given', transfers(out));
    const { data } = out;

    assume(m, 'producer', stays(m, 'in', offered.valid, offered.ready, offered.data));
    claim(m, 'handshake', stays(m, 'out', out.valid, out.ready, data));

    const [ins, outs] = [m.register('ins', uint(6), { reset: 0 }), m.register('outs', uint(6), { reset: 0 })];
    m.when(taken, () => m.next(ins, ins.addWrap(1)));
    m.when(given, () => m.next(outs, outs.addWrap(1)));
    const fill = m.name('fill', ins.subWrap(outs));
    claim(m, 'capacity', fill.lessOrEqual(capacity));
    claim(m, 'nothing_invented', implies(out.valid, fill.notEquals(0)));
    claim(m, 'no_needless_stall', implies(fill.lessThan(capacity - 1), offered.ready));

    // Whatever has been inside for `latency` clocks is offered: nothing is lost.
    let waiting = fill.notEquals(0);
    for (let i = 0; i < latency; i += 1) {
      const held = m.register(`held_${i}`, bool(), { reset: 0 });
      m.next(held, waiting.and(given.not()));
      waiting = held;
    }
    claim(m, 'nothing_lost', implies(waiting, out.valid));

    // Any one word, chosen by the solver: what went in as number `chosen` comes out as number `chosen`.
    const chosen = m.register('chosen', uint(6), { resetless: true });
    m.next(chosen, chosen);
    const word = m.register('word', uint(dataBits), { reset: 0 });
    m.when(taken.and(ins.equals(chosen)), () => m.next(word, offered.data));
    claim(m, 'order', implies(given.and(outs.equals(chosen)), data.equals(word)));
  });
}

/** Accepts one word more than it has room for. */
export const leakyBuffer: WordBuffer = component('leaky', bufferPorts, (m, { s, m: out }) => {
  const full = m.register('full', bool(), { reset: 0 });
  const word = m.register('word', uint(dataBits), { reset: 0 });
  m.when(full.not().or(out.ready), () => {
    m.next(full, s.valid);
    m.next(word, s.data);
  });
  m.assign(s.ready, lit(1, bool()));
  m.assign(out.valid, full);
  m.assign(out.data, word);
});

/** The frames of an event buffer come out in their order, each with the events that went in, and `free` says the truth. */
export function eventBufferBench(elements: number): Design {
  return bench('events_bench', (m) => {
    const push = m.input('push', bool());
    const data = m.input('push_data', uint(2));
    const done = m.input('rd_done', bool());
    const options = { name: 'events', doc: 'Events.', elements, elementBits: 2, passLanes: 1, imageBits: undefined };
    const dut = m.place('dut', eventBuffer(options), {});
    const { pass, events: list } = dut;
    m.assign(pass.push, push);
    m.assign(pass.data, data);
    m.assign(pass.active, m.input('push_active', uint(1)));
    m.assign(pass.last, m.input('push_last', bool()));
    m.assign(list.address, m.input('rd_addr', uint(2)));
    m.assign(list.release, done);
    for (const wire of [list.active, list.index, list.data, list.last]) m.unused(wire, 'only counts are claimed');
    assume(m, 'push', implies(push, pass.free));
    assume(m, 'done', implies(done, list.ready));

    const element = m.register('element', uint(2), { reset: 0 });
    const events = m.register('events', uint(3), { reset: 0 });
    const [written, read] = [m.register('written', uint(2), { reset: 0 }), m.register('read', uint(2), { reset: 0 })];
    const frames = Array.from({ length: 4 }, (_, i) => m.register(`frame_${i}`, uint(3), { reset: 0 }));
    const ends = m.name('ends', push.and(element.equals(elements - 1)));
    const total = m.name('total', events.addWrap(data.reduceOr().asUInt().extend(3)));
    m.when(ends, () => {
      m.next(element, 0);
      m.next(events, 0);
      m.next(written, written.addWrap(1));
      frames.forEach((frame, i) => {
        m.when(written.equals(i), () => m.next(frame, total));
      });
    }).elseWhen(push, () => {
      m.next(element, element.addWrap(1));
      m.next(events, total);
    });
    m.when(done, () => m.next(read, read.addWrap(1)));
    const waiting = m.name('waiting', written.subWrap(read));
    claim(m, 'committed', pass.committed.equals(ends));
    claim(m, 'capacity', waiting.lessOrEqual(2));
    claim(m, 'free', pass.free.equals(waiting.lessThan(2)));
    claim(m, 'count', implies(list.ready, list.count.extend(3).equals(select(read, frames))));
    claim(m, 'not_before', implies(list.ready, waiting.notEquals(0)));
  });
}

/** Results stay until they are taken, whatever comes in. */
export function readoutBench(kind: 'potential' | 'count'): Design {
  return bench('readout_bench', (m) => {
    const layer = { timeLanes: 2, accumulatorBits: 5 } as LayerPlan;
    const shape = { core: 'bench', passLanes: 2, maxTimeSteps: 2, imageBits: undefined, abstains: false, layer };
    const dut = m.place('dut', readout({ ...shape, readout: { kind, classes: 3, scoreBits: 8 } }), {});
    const valid = m.input('valid', bool());
    const ready = m.input('m_axis_tready', bool());
    const { spikes, potentials, mAxis } = dut;
    const input = spikes ?? potentials!;
    m.assign(input.active, m.input('active', uint(2)));
    m.assign(input.last, m.input('last', bool()));
    m.assign(mAxis.tready, ready);
    if (spikes) {
      m.assign(spikes.push, valid);
      m.assign(spikes.data, m.input('spikes', uint(2)));
    }
    if (potentials) {
      m.assign(potentials.draw, valid);
      m.assign(potentials.lanes, m.input('potentials', potentials.lanes.type));
    }
    const whole = concat(mAxis.tlast, mAxis.tdata.asUInt());
    claim(m, 'handshake', stays(m, 'out', mAxis.tvalid, ready, whole));
    claim(m, 'no_answer_while_adding', implies(input.free, mAxis.tvalid.not()));
    claim(m, 'commits_what_it_takes', implies(input.committed, input.free.and(valid)));
  });
}
