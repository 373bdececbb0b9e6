/** Read errors and failed resets (docs/microarchitecture-device.md, "Faults"). */
import {
  type Bool,
  bool,
  type Counter,
  component,
  flip,
  input,
  link,
  lit,
  type ModuleBuilder,
  mux,
  output,
  type UInt,
  uint,
  when,
} from '../../../hdl/index.ts';
import { type StreamPlan, streamDegree, wordBits } from '../../../plan/index.ts';
import { clocked } from '../../links/index.ts';
import { bits, packed } from '../../parts/fit.ts';
import { laneWords, seeder, type WordStreams, wordsLater } from '../../random/index.ts';
import type { Stage } from '../../stage.ts';
import { below } from '../parts/mtj.ts';
import type { RegistersIn } from './registers.ts';

/** What goes wrong with a draw, in each time lane. */
function faultSource({ core, layer, passLanes, maxTimeSteps, seeding }: Stage, stream: StreamPlan) {
  const seeds = seeding === 'seeder';
  const ports = {
    ...clocked,
    fire: input(bool(), 'a neuron is drawn'),
    advance: when(!seeds, input(bool(), "a neuron's words are used up or skipped")),
    pass: when(
      seeds,
      flip(
        link('start', {
          start: output(bool(), 'a pass begins'),
          last: output(bool(), "it is the image's last"),
          skip: output(bool(), 'the words go on to the next image'),
          resting: input(bool(), 'a pass can begin'),
          loading: input(bool(), 'no words yet'),
        }),
      ),
    ),
    missed: input(uint(wordBits), 'probability, in 1/65536'),
    falseRead: input(uint(wordBits), 'probability, in 1/65536'),
    failed: input(uint(wordBits), 'probability, in 1/65536'),
    miss: output(uint(passLanes), 'a switched device is read as idle'),
    wrong: output(uint(passLanes), 'an idle device is read as switched'),
    fail: output(uint(passLanes), 'the reset has no effect'),
  };
  return component(`${core}_${layer.name}_faults`, ports, (m, io) => {
    m.doc('Read errors and failed resets: two random words for each neuron, from a stream of their own.');
    const { fire, pass } = io;
    const words = pass && { start: pass.start, startLast: pass.last, newImage: undefined, skip: pass.skip };
    const streams =
      words && seeder(m, { core, owner: `${layer.name}_faults`, stream, lanes: passLanes, maxTimeSteps }, words);
    if (pass && streams) {
      m.assign(pass.resting, streams.resting);
      m.assign(pass.loading, streams.loading);
    }
    m.section('Two words for each draw');
    const own = streams ? { ...streams.lanes, advance: undefined } : { advance: io.advance ?? fire };
    const { missed, falseRead, failed } = io;
    const lane = faultsOfLane(layer.name, stream, seeding);
    const placed = m.placeArray('lane', passLanes, lane, { ...own, fire, missed, falseRead, failed });
    for (const kind of ['miss', 'wrong', 'fail'] as const) m.assign(io[kind], packed(placed[kind]));
  });
}

/** What goes wrong in one time lane. */
function faultsOfLane(layer: string, stream: StreamPlan, seeding: Stage['seeding']) {
  const ports = {
    ...clocked,
    ...laneWords(seeding),
    fire: input(bool(), 'a neuron is drawn'),
    missed: input(uint(wordBits), 'chance that a spike is read as none'),
    falseRead: input(uint(wordBits), 'chance that none is read as a spike'),
    failed: input(uint(wordBits), 'chance that a reset fails'),
    miss: output(bool(), 'a spike is read as none'),
    wrong: output(bool(), 'none is read as a spike'),
    fail: output(bool(), 'the reset fails'),
  };
  return component(
    `${layer}_fault_lane`,
    ports,
    (m, io) => {
      const { fire, load, seed, advance } = io;
      const noise = m.register('noise', uint(streamDegree), { reset: seed ? 1 : stream.seed });
      const readWord = m.register('read_word', uint(wordBits), { reset: 0 });
      const resetWord = m.register('reset_word', uint(wordBits), { reset: 0 });
      const second = m.name('second', wordsLater(noise, stream, 1));
      const moves = () => m.next(noise, wordsLater(second, stream, 1));
      if (load && seed) m.when(load, () => m.next(noise, seed)).elseWhen(fire, moves);
      else m.when(advance ?? fire, moves);
      m.when(fire, () => {
        m.next(readWord, noise.truncate(wordBits));
        m.next(resetWord, second.truncate(wordBits));
      });
      m.assign(io.miss, below(readWord, io.missed));
      m.assign(io.wrong, below(readWord, io.falseRead));
      m.assign(io.fail, below(resetWord, io.failed));
    },
    { loopBody: true },
  );
}

export interface FaultInputs {
  readonly codes: NonNullable<RegistersIn['faults']>;
  readonly fire: Bool;
  readonly start: Bool | undefined;
  readonly startLast: Bool | undefined;
  /** The pass is its image's last one. */
  readonly last: Bool;
  readonly streams: WordStreams;
  readonly skip: Bool;
  /** Whether each lane's device switches, and what its defects make of that. */
  readonly hits: readonly Bool[];
  readonly forced: (switched: Bool) => Bool;
  readonly active: UInt;
  /** Counts the neurons that are done. */
  readonly order: Counter;
  readonly resetDone: Bool;
}

export interface FaultyReads {
  readonly reads: readonly Bool[];
  readonly resting: Bool;
  readonly loading: Bool;
}

/** What the reads say when reads err and resets fail; a device that stays switched says so again in the next time step. */
export function faultyReads(m: ModuleBuilder, stage: Stage, stream: StreamPlan, inputs: FaultInputs): FaultyReads {
  const { fire, start, startLast, order, resetDone, active, codes } = inputs;
  m.section('Faults');
  const advance = inputs.streams.lanes.advance;
  const source = m.place('faults', faultSource(stage, stream), { fire, advance, ...codes });
  if (source.pass && start && startLast) {
    m.assign(source.pass.start, start);
    m.assign(source.pass.last, startLast);
    m.assign(source.pass.skip, inputs.skip);
  }
  const [miss, wrong, fail] = [bits(source.miss), bits(source.wrong), bits(source.fail)];
  const first = m.register('first_pass', bool(), { reset: 1, doc: 'all devices were reset before this pass' });
  m.when(resetDone.and(order.atLast), () => m.next(first, inputs.last));
  const left = m.memory('left_switched', { depth: order.count, type: uint(1), contents: [] });
  const next = order.count === 1 ? order.value : m.name('next_neuron', mux(resetDone, order.following(), order.value));
  const stored = left.read('left_data', next);

  let before = m.name('left_0', stored.bit(0).and(first.not()));
  const reads = inputs.hits.map((hit, t) => {
    const switched = m.name(`switched_${t}`, inputs.forced(hit.or(before)));
    const stays = switched.and(miss[t]!.or(fail[t]!));
    before = m.name(`left_${t + 1}`, mux(active.bit(t), stays, before));
    return m.name(`read_${t}`, mux(switched, miss[t]!.not(), wrong[t]!));
  });
  left.write(order.value, before.asUInt(), resetDone);
  const { resting = lit(1, bool()), loading = lit(0, bool()) } = source.pass ?? {};
  return { reads, resting, loading };
}
