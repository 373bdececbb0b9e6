/** Words that decide whether a read is wrong or a reset fails (docs/microarchitecture-device.md, "Faults"). */
import { bool, concat, defineModule, type ModuleDefinition, mux, type UInt, uint } from '../../../hdl/index.ts';
import type { Seeding, StreamPlan } from '../../../plan/index.ts';
import { streamDegree, wordBits } from '../../../plan/index.ts';
import { leapForward } from '../linear.ts';
import { certainCode } from '../neurons.ts';
import { seeder } from '../seeder.ts';

export interface FaultOptions {
  readonly name: string;
  readonly stream: StreamPlan;
  readonly timeLanes: number;
  readonly maxTimeSteps: number;
  readonly seeding: Seeding;
}

export function faultSource(options: FaultOptions): ModuleDefinition {
  const { stream, timeLanes, seeding } = options;
  return defineModule(options.name, (m) => {
    m.doc('Read errors and failed resets: two random words for each neuron, from a stream of their own.');
    m.clock('clk');
    m.reset('rst');
    const fire = m.input('fire', bool(), { doc: 'a neuron is drawn' });
    const advance =
      seeding === 'draw' ? m.input('advance', bool(), { doc: "a neuron's words are used up or skipped" }) : fire;
    const missed = m.input('read_missed', uint(wordBits), { doc: 'probability, in 1/65536' });
    const wrong = m.input('read_false', uint(wordBits));
    const failed = m.input('reset_failed', uint(wordBits));
    const miss = m.output('miss', uint(timeLanes), { doc: 'a switched device is read as idle' });
    const falseRead = m.output('false_read', uint(timeLanes), { doc: 'an idle device is read as switched' });
    const fail = m.output('fail', uint(timeLanes), { doc: 'the reset has no effect' });
    const loads =
      seeding === 'draw'
        ? undefined
        : {
            start: m.input('start', bool(), { doc: 'a pass begins' }),
            last: m.input('start_last', bool(), { doc: "it is the image's last" }),
            skip: m.input('skip_image', bool(), { doc: 'the random words go on to the next image' }),
            resting: m.output('resting', bool()),
            loading: m.output('loading', bool()),
          };
    const seeds = loads ? seeder(m, { ...options, ...loads }) : undefined;
    if (loads && seeds) {
      m.assign(loads.resting, seeds.resting);
      m.assign(loads.loading, seeds.loading);
    }

    m.section('Two words for each draw');
    const below = (word: UInt, code: UInt) => code.equals(certainCode).or(word.lessThan(code));
    const lanes = Array.from({ length: timeLanes }, (_, t) => {
      const state = m.register(`state_${t}`, uint(streamDegree), { reset: seeds ? 1 : stream.seed });
      const readWord = m.register(`read_word_${t}`, uint(wordBits), { reset: 0 });
      const resetWord = m.register(`reset_word_${t}`, uint(wordBits), { reset: 0 });
      const second = m.name(`second_${t}`, leapForward(state, stream));
      const moved = leapForward(second, stream);
      if (seeds) m.next(state, mux(seeds.loadLane(t), seeds.seed, mux(fire, moved, state)));
      else m.when(advance, () => m.next(state, moved));
      m.when(fire, () => {
        m.next(readWord, state.truncate(wordBits));
        m.next(resetWord, second.truncate(wordBits));
      });
      return { miss: below(readWord, missed), wrong: below(readWord, wrong), fail: below(resetWord, failed) };
    });
    m.assign(miss, concat(...lanes.map((lane) => lane.miss).reverse()));
    m.assign(falseRead, concat(...lanes.map((lane) => lane.wrong).reverse()));
    m.assign(fail, concat(...lanes.map((lane) => lane.fail).reverse()));
  });
}
