/** Steps the potential of a layer's neurons and counts their spikes. */
import type { DeviceNeuron, Plan } from '../../../../plan/schema/index.ts';
import { bitsFor } from '../../../geometry.ts';
import type { Registers } from '../../registers.ts';
import type { DeviceNeurons } from './bank.ts';

const IDLE = 0;
const WAIT = 1;
const START = 2;
const DRAW = 3;
const DRAIN = 4;

export class SelfTest {
  readonly #r;
  readonly counts = new Uint32Array(64);
  readonly #banks: readonly { readonly bank: DeviceNeurons; readonly neurons: number }[];
  readonly #timeLanes: number;
  readonly #layerBits: number;
  #starts = false;
  #draws = false;
  #claimed = false;
  #spikes: number | undefined;

  /** Its registers are among `registers`. */
  constructor(
    registers: Registers,
    plan: Plan,
    banks: readonly { readonly neuron: DeviceNeuron; readonly bank: DeviceNeurons }[],
  ) {
    this.#banks = banks.map(({ neuron, bank }) => ({ bank, neurons: neuron.stream.wordsPerTimeStep }));
    this.#timeLanes = plan.timeSteps.lanes;
    this.#layerBits = bitsFor(banks.length - 1);
    const neuronBits = bitsFor(Math.max(...this.#banks.map(({ neurons }) => neurons)) - 1);
    this.#r = {
      state: registers.word('test_state', 3, IDLE),
      layer: registers.word('test_layer', this.#layerBits),
      from: registers.word('test_from', 32),
      step: registers.word('test_step', 32),
      points: registers.word('test_points', 7),
      passes: registers.word('test_passes', 16),
      lanes: registers.word('test_lanes', this.#timeLanes, 2 ** this.#timeLanes - 1),
      potential: registers.word('test_potential_value', 32),
      point: registers.word('test_point', 6),
      pass: registers.word('test_pass', 16),
      drawn: registers.word('test_drawn', neuronBits),
      results: registers.word('test_results', neuronBits),
      count: registers.word('test_count', 32),
    };
  }

  get #chosen(): number {
    return Math.min(this.#r.layer.now, this.#banks.length - 1);
  }

  combine(): void {
    const { bank } = this.#banks[this.#chosen]!;
    this.#claimed = bank.testing;
    this.#starts = this.#r.state.now === START && bank.testResting;
    this.#draws = this.#r.state.now === DRAW && bank.testReady;
  }

  forLayer(index: number) {
    return {
      run: this.#r.state.now !== IDLE && index === this.#chosen,
      // Heard by all; only the claimed bank is in a state to take them.
      start: this.#starts && index === this.#chosen,
      draw: this.#draws && index === this.#chosen,
      potential: this.#r.potential.now | 0,
    };
  }

  observe(): void {
    this.#spikes = this.#banks[this.#chosen]!.bank.testSpikes;
  }

  read(address: number): number {
    const r = this.#r;
    if (address === 9) return r.state.now === IDLE ? 0 : 1;
    const values = [r.layer.now, r.from.now, r.step.now, r.points.now, r.passes.now, r.lanes.now];
    return values[address - 10] ?? 0;
  }

  update(write: { readonly address: number; readonly data: number } | undefined): void {
    const r = this.#r;
    const last = this.#banks[this.#chosen]!.neurons - 1;
    const idle = r.state.now === IDLE;
    if (r.state.now === WAIT && this.#claimed) r.state.now = START;
    else if (this.#starts) r.state.now = DRAW;
    else if (this.#draws) {
      if (r.drawn.now === last) r.state.now = DRAIN;
      r.drawn.now = r.drawn.now === last ? 0 : r.drawn.now + 1;
    }
    if (this.#spikes !== undefined) this.#result(this.#spikes, last);
    if (idle && write) this.#write(write.address, write.data);
  }

  #result(spikes: number, last: number): void {
    const r = this.#r;
    for (let rest = spikes & r.lanes.now; rest !== 0; rest &= rest - 1) r.count.now = (r.count.now + 1) >>> 0;
    if (r.results.now < last) {
      r.results.now += 1;
      return;
    }
    r.results.now = 0;
    if (r.pass.now + 1 < r.passes.now) {
      r.pass.now += 1;
      r.state.now = START;
      return;
    }
    this.counts[r.point.now] = r.count.now;
    r.count.now = 0;
    r.pass.now = 0;
    r.potential.now = (r.potential.now + r.step.now) | 0;
    if (r.point.now === 63 || r.point.now + 1 >= r.points.now) r.state.now = IDLE;
    else {
      r.point.now += 1;
      r.state.now = START;
    }
  }

  #write(address: number, data: number): void {
    const r = this.#r;
    if (address === 10) r.layer.now = data & (2 ** this.#layerBits - 1);
    if (address === 11) r.from.now = data | 0;
    if (address === 12) r.step.now = data | 0;
    if (address === 13) r.points.now = data & 127;
    if (address === 14) r.passes.now = data & 0xffff;
    if (address === 15) r.lanes.now = (data & (2 ** this.#timeLanes - 1)) >>> 0;
    if (address !== 9 || (data & 1) === 0) return;
    r.state.now = WAIT;
    r.potential.now = r.from.now;
    r.point.now = 0;
    r.pass.now = 0;
    r.count.now = 0;
  }
}
