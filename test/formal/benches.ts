/** What is claimed of the blocks, described in the hardware language around them; see src/sim/formal/prove.ts for the names. */

import { eventBuffer } from '../../src/core/blocks/event-buffer.ts';
import { jumpForward, leapForward } from '../../src/core/blocks/linear.ts';
import { readoutModule } from '../../src/core/blocks/readout.ts';
import {
  type Bool,
  bool,
  concat,
  type Design,
  defineModule,
  elaborate,
  lit,
  type ModuleBuilder,
  type ModuleDefinition,
  select,
  sint,
  type UInt,
  uint,
} from '../../src/hdl/index.ts';
import type { StreamPlan } from '../../src/plan/index.ts';

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
      claim(m, 'leap', leapForward(state, shown).equals(stepped(state, stream.leap)));
      for (const words of jumps) {
        claim(m, `jump_${words}`, jumpForward(state, shown, words).equals(stepped(state, stream.leap * words)));
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

/** A buffer of streams with 4 bits of data: handshakes, order, nothing lost, nothing invented, room for `capacity` words. */
export function bufferBench(buffer: ModuleDefinition, capacity: number, latency: number): Design {
  return bench('buffer_bench', (m) => {
    const offered = { data: m.input('s_data', uint(dataBits)), valid: m.input('s_valid', bool()) };
    const ready = m.input('m_ready', bool());
    const dut = m.instance('dut', buffer, { s_data: offered.data, s_valid: offered.valid, m_ready: ready });
    const taken = m.name('taken', offered.valid.and(dut.bool('s_ready')));
    const given = m.name('given', dut.bool('m_valid').and(ready));
    const data = dut.uint('m_data');

    assume(m, 'producer', stays(m, 'in', offered.valid, dut.bool('s_ready'), offered.data));
    claim(m, 'handshake', stays(m, 'out', dut.bool('m_valid'), ready, data));

    const [ins, outs] = [m.register('ins', uint(6), { reset: 0 }), m.register('outs', uint(6), { reset: 0 })];
    m.when(taken, () => m.next(ins, ins.addWrap(1)));
    m.when(given, () => m.next(outs, outs.addWrap(1)));
    const fill = m.name('fill', ins.subWrap(outs));
    claim(m, 'capacity', fill.lessOrEqual(capacity));
    claim(m, 'nothing_invented', implies(dut.bool('m_valid'), fill.notEquals(0)));
    claim(m, 'no_needless_stall', implies(fill.lessThan(capacity - 1), dut.bool('s_ready')));

    // Whatever has been inside for `latency` clocks is offered: nothing is lost.
    let waiting = fill.notEquals(0);
    for (let i = 0; i < latency; i += 1) {
      const held = m.register(`held_${i}`, bool(), { reset: 0 });
      m.next(held, waiting.and(given.not()));
      waiting = held;
    }
    claim(m, 'nothing_lost', implies(waiting, dut.bool('m_valid')));

    // Any one word, chosen by the solver: what went in as number `chosen` comes out as number `chosen`.
    const chosen = m.register('chosen', uint(6), { resetless: true });
    m.next(chosen, chosen);
    const word = m.register('word', uint(dataBits), { reset: 0 });
    m.when(taken.and(ins.equals(chosen)), () => m.next(word, offered.data));
    claim(m, 'order', implies(given.and(outs.equals(chosen)), data.equals(word)));
  });
}

/** Accepts one word more than it has room for. */
export const leakyBuffer = defineModule('leaky', (m) => {
  m.clock('clk');
  m.reset('rst');
  const data = m.input('s_data', uint(dataBits));
  const valid = m.input('s_valid', bool());
  const ready = m.input('m_ready', bool());
  const full = m.register('full', bool(), { reset: 0 });
  const word = m.register('word', uint(dataBits), { reset: 0 });
  m.when(full.not().or(ready), () => {
    m.next(full, valid);
    m.next(word, data);
  });
  m.assign(m.output('s_ready', bool()), lit(1, bool()));
  m.assign(m.output('m_valid', bool()), full);
  m.assign(m.output('m_data', uint(dataBits)), word);
});

/** The frames of an event buffer come out in their order, each with the events that went in, and `free` says the truth. */
export function eventBufferBench(elements: number): Design {
  return bench('events_bench', (m) => {
    const inputs = {
      push: m.input('push', bool()),
      push_data: m.input('push_data', uint(2)),
      push_active: m.input('push_active', uint(1)),
      push_last: m.input('push_last', bool()),
      rd_addr: m.input('rd_addr', uint(2)),
      rd_done: m.input('rd_done', bool()),
    };
    const buffer = eventBuffer({ name: 'events', doc: 'Events.', elements, elementBits: 2, passSteps: 1 });
    const dut = m.instance('dut', buffer, inputs);
    for (const name of ['active', 'event_index', 'event_data']) m.unused(dut.out[name]!, 'only counts are claimed');
    m.unused(dut.bool('last'), 'only counts are claimed');
    assume(m, 'push', implies(inputs.push, dut.bool('free')));
    assume(m, 'done', implies(inputs.rd_done, dut.bool('ready')));

    const element = m.register('element', uint(2), { reset: 0 });
    const events = m.register('events', uint(3), { reset: 0 });
    const [written, read] = [m.register('written', uint(2), { reset: 0 }), m.register('read', uint(2), { reset: 0 })];
    const frames = Array.from({ length: 4 }, (_, i) => m.register(`frame_${i}`, uint(3), { reset: 0 }));
    const ends = m.name('ends', inputs.push.and(element.equals(elements - 1)));
    const total = m.name('total', events.addWrap(inputs.push_data.reduceOr().asUInt().extend(3)));
    m.when(ends, () => {
      m.next(element, 0);
      m.next(events, 0);
      m.next(written, written.addWrap(1));
      frames.forEach((frame, i) => {
        m.when(written.equals(i), () => m.next(frame, total));
      });
    }).elseWhen(inputs.push, () => {
      m.next(element, element.addWrap(1));
      m.next(events, total);
    });
    m.when(inputs.rd_done, () => m.next(read, read.addWrap(1)));
    const waiting = m.name('waiting', written.subWrap(read));
    claim(m, 'committed', dut.bool('committed').equals(ends));
    claim(m, 'capacity', waiting.lessOrEqual(2));
    claim(m, 'free', dut.bool('free').equals(waiting.lessThan(2)));
    claim(m, 'count', implies(dut.bool('ready'), dut.uint('count').extend(3).equals(select(read, frames))));
    claim(m, 'not_before', implies(dut.bool('ready'), waiting.notEquals(0)));
  });
}

/** Results stay until they are taken, whatever comes in. */
export function readoutBench(kind: 'potential' | 'count'): Design {
  return bench('readout_bench', (m) => {
    const readout = readoutModule({
      ...{ core: 'bench', kind, classes: 3, scoreBits: 8, passSteps: 2, potentialBits: 5, potentialLanes: 2 },
    });
    const inputs = {
      valid: m.input('valid', bool()),
      last: m.input('last', bool()),
      m_axis_tready: m.input('m_axis_tready', bool()),
      ...(kind === 'count'
        ? { spikes: m.input('spikes', uint(2)) }
        : {
            active: m.input('active', uint(2)),
            potential_0: m.input('potential_0', sint(5)),
            potential_1: m.input('potential_1', sint(5)),
          }),
    };
    const dut = m.instance('dut', readout, inputs);
    const data = dut.sint('m_axis_tdata').asUInt();
    const whole = concat(dut.bool('m_axis_tlast'), data);
    claim(m, 'handshake', stays(m, 'out', dut.bool('m_axis_tvalid'), inputs.m_axis_tready, whole));
    claim(m, 'no_answer_while_adding', implies(dut.bool('free'), dut.bool('m_axis_tvalid').not()));
    claim(m, 'commits_what_it_takes', implies(dut.bool('committed'), dut.bool('free').and(inputs.valid)));
  });
}
