/** The engine that takes several inputs a clock, and begins a pass while the one before still leaves. */
import type { LayerPlan, Plan } from '../../../../plan/schema/index.ts';
import { bitsFor, channelFactor, indexBits, inputLanesOf } from '../../../geometry.ts';
import type { Source } from '../../buffer.ts';
import { Lanes, lastGroupOutputs, type Sink } from '../../lanes.ts';
import { type CheckedMemory, checkedWords, foldedWords } from '../../monitors/check.ts';
import { extract, insert, replaceRow, wordsFor } from '../../packed.ts';
import { type RegisterFile, Registers } from '../../registers.ts';
import { EngineWork } from '../../work.ts';
import type { Engine } from '../contract.ts';

const IDLE = 0;
const RUN = 1;

/** From a capture's issue to the drain. */
const captureClocks = 2;

export class WideEngine implements Engine {
  readonly registers: Registers;
  readonly #r;
  readonly #layer: LayerPlan;
  readonly #source: Source;
  readonly #lanes: Lanes;
  readonly #passLanes: number;
  readonly #inputLanes: number;
  readonly #elements: number;
  readonly #biasTaps: number;
  readonly #taps: number;
  readonly #groups: number;
  /** [group * taps + tap][output lane][input lane]. */
  readonly #weights: Int32Array;
  readonly #packedWeights: Uint32Array;
  readonly #rowWords: number;
  #row = 0;
  #checkRow = -1;
  #starting = false;
  #capturing = false;
  #committed = false;
  readonly work = new EngineWork();

  constructor(file: RegisterFile, plan: Plan, layer: LayerPlan, source: Source, sink: Sink) {
    const inputs = layer.weights[0]!.length;
    const lanes = inputLanesOf(layer);
    this.#layer = layer;
    this.#source = source;
    const registers = new Registers(file);
    this.registers = registers;
    this.#lanes = new Lanes(registers, layer, sink);
    this.#passLanes = plan.timeSteps.lanes;
    this.#inputLanes = lanes;
    this.#elements = inputs / lanes;
    this.#biasTaps = Math.ceil(layer.biasRows.length / lanes);
    this.#taps = this.#biasTaps + this.#elements;
    this.#groups = Math.ceil(layer.output.channels / layer.outputLanes);
    const unevenGroups = this.#groups > 1 && layer.output.channels % layer.outputLanes !== 0 ? 1 : 0;
    const rowWeights = layer.outputLanes * lanes;
    this.#rowWords = wordsFor(rowWeights * layer.weightBits);
    this.#weights = new Int32Array(this.#groups * this.#taps * rowWeights);
    this.#packedWeights = new Uint32Array(this.#groups * this.#taps * this.#rowWords);
    const lastOf = (name: string) => registers.word(name, unevenGroups);
    this.#r = {
      state: registers.word('state', 1, IDLE),
      // Of the pass that accumulates.
      active: registers.word('active_lanes', this.#passLanes),
      last: registers.word('last_pass', 1),
      tap: registers.word('tap', bitsFor(this.#taps)),
      inAddr: registers.word('frame_address', indexBits(this.#elements)),
      weightAddr: registers.word('weight_addr', bitsFor(this.#groups * this.#taps - 1)),
      group: registers.word('group', bitsFor(this.#groups - 1)),
      // Of the pass that leaves.
      draining: registers.word('draining', 1),
      drainActive: registers.word('potentials_active', this.#passLanes),
      drainLast: registers.word('potentials_last', 1),
      s1Accumulate: registers.word('s1_accumulate', 1),
      s1Bias: registers.word('s1_bias', this.#biasTaps === 0 ? 0 : 1),
      s1Capture: registers.word('s1_capture', 1),
      s1LastGroup: lastOf('s1_last_group'),
      s2Accumulate: registers.word('s2_accumulate', 1),
      s2Capture: registers.word('s2_capture', 1),
      s2LastGroup: lastOf('s2_last_group'),
      weightsData: registers.wide('weights.data', rowWeights * layer.weightBits),
      // [output lane][time lane].
      sums: registers.signedBank(
        (index) => `lane[${Math.floor(index / layer.timeLanes)}].unit.step[${index % layer.timeLanes}].sum`,
        sumBits(layer),
        layer.outputLanes * layer.timeLanes,
      ),
    };
    this.#fillWeights();
    this.#readWeights();
  }

  #fillWeights(): void {
    const { outputLanes, weightBits } = this.#layer;
    let at = 0;
    for (let row = 0; row < this.#groups * this.#taps; row += 1) {
      for (let lane = 0; lane < outputLanes; lane += 1) {
        for (let i = 0; i < this.#inputLanes; i += 1) {
          const weight = this.#weight(Math.floor(row / this.#taps), row % this.#taps, lane, i);
          this.#weights[at] = weight;
          at += 1;
          insert(
            this.#packedWeights,
            row * this.#rowWords,
            (lane * this.#inputLanes + i) * weightBits,
            weightBits,
            weight / channelFactor(this.#layer, Math.floor(row / this.#taps), lane),
          );
        }
      }
    }
  }

  #weight(group: number, tap: number, lane: number, i: number): number {
    const { outputLanes, output, biasRows, weights } = this.#layer;
    const channel = group * outputLanes + lane;
    if (channel >= output.channels) return 0;
    if (tap < this.#biasTaps) return biasRows[tap * this.#inputLanes + i]?.[channel] ?? 0;
    return weights[channel]![(tap - this.#biasTaps) * this.#inputLanes + i]!;
  }

  /** Neurons of the pass that leaves which have left. */
  get drawn(): number {
    return this.#lanes.drawn;
  }

  get idle(): boolean {
    return this.#r.state.now === IDLE && this.#r.draining.now === 0;
  }

  get check(): CheckedMemory {
    const words = checkedWords(this.#packedWeights, this.#rowWords);
    return {
      ...words,
      isFree: () => this.#r.state.now === IDLE,
      read: (row) => {
        this.#checkRow = row;
      },
      data: () => foldedWords(this.#r.weightsData, 0, this.#rowWords),
      load: {
        bits: this.#layer.outputLanes * this.#inputLanes * this.#layer.weightBits,
        replace: (row, parts) => this.#replace(row, parts),
        part: (index) => this.#r.weightsData[index]! >>> 0,
      },
    };
  }

  #replace(row: number, parts: readonly number[]): void {
    const { outputLanes, weightBits } = this.#layer;
    const count = outputLanes * this.#inputLanes;
    const packed = this.#packedWeights.subarray(row * this.#rowWords, (row + 1) * this.#rowWords);
    replaceRow(parts, packed, this.#weights.subarray(row * count, (row + 1) * count), weightBits, (at) =>
      channelFactor(this.#layer, Math.floor(row / this.#taps), Math.floor(at / this.#inputLanes)),
    );
  }

  combine(): void {
    const r = this.#r;
    this.#source.read(r.inAddr.now);
    // Images have no numbers here, as there is no early exit.
    this.#committed = this.#lanes.combine({ active: r.drainActive.now, last: r.drainLast.now, image: 0 });
    this.#starting = r.state.now === IDLE && this.#source.ready;
    const sinkReady = r.draining.now === 0 && this.#lanes.sinkFree;
    this.#capturing =
      r.state.now === RUN &&
      r.tap.now === this.#taps &&
      this.#lanes.leftWithin(captureClocks + 1) &&
      r.s1Capture.now === 0 &&
      r.s2Capture.now === 0 &&
      (r.group.now > 0 || sinkReady);
    if (!this.#capturing) return;
    if (r.group.now === 0) this.#lanes.startSink(r.last.now);
    if (r.group.now === this.#groups - 1) this.#source.release();
  }

  update(): void {
    const r = this.#r;
    if (r.s2Accumulate.now === 1) this.#lanes.addSums(r.sums);
    this.#lanes.update(r.s2Capture.now === 1 ? this.#captured() : 0);
    if (r.s1Accumulate.now === 1) this.#addTree();
    this.#readWeights();
    r.s2Accumulate.now = r.s1Accumulate.now;
    r.s2Capture.now = r.s1Capture.now;
    r.s2LastGroup.now = r.s1LastGroup.now;
    r.s1Accumulate.now = 0;
    r.s1Bias.now = 0;
    r.s1Capture.now = 0;
    r.s1LastGroup.now = 0;
    if (this.#committed) r.draining.now = 0;
    if (r.state.now === RUN) {
      if (r.tap.now < this.#taps) this.#issueTap();
      else if (this.#capturing) this.#issueCapture();
    } else if (this.#starting) {
      r.state.now = RUN;
      r.active.now = this.#source.active;
      this.work.begin(r.last.now, this.#passLanes);
      r.last.now = this.#source.last;
    }
  }

  #readWeights(): void {
    this.#row = this.#checkRow < 0 ? this.#r.weightAddr.now : this.#checkRow;
    this.#checkRow = -1;
    const from = this.#row * this.#rowWords;
    this.#r.weightsData.set(this.#packedWeights.subarray(from, from + this.#rowWords));
  }

  #captured(): number {
    return this.#r.s2LastGroup.now === 1 ? lastGroupOutputs(this.#layer) : this.#layer.outputLanes;
  }

  #addTree(): void {
    const { outputLanes, timeLanes, valueBits, biasValue } = this.#layer;
    const row = this.#row * outputLanes * this.#inputLanes;
    this.#r.sums.fill(0);
    for (let i = 0; i < this.#inputLanes; i += 1) {
      for (let t = 0; t < timeLanes; t += 1) {
        const value =
          this.#r.s1Bias.now === 1
            ? biasValue
            : extract(this.#source.data, 0, (i * timeLanes + t) * valueBits, valueBits);
        if (value === 0) continue;
        for (let lane = 0; lane < outputLanes; lane += 1) {
          this.#r.sums[lane * timeLanes + t]! += value * this.#weights[row + lane * this.#inputLanes + i]!;
        }
      }
    }
  }

  #issueTap(): void {
    const r = this.#r;
    this.work.group = r.group.now;
    r.s1Accumulate.now = 1;
    r.s1Bias.now = r.tap.now < this.#biasTaps ? 1 : 0;
    const isLast = r.tap.now === this.#taps - 1;
    r.weightAddr.now = isLast && r.group.now === this.#groups - 1 ? 0 : r.weightAddr.now + 1;
    if (r.tap.now >= this.#biasTaps) r.inAddr.now = (r.inAddr.now + 1) % 2 ** indexBits(this.#elements);
    r.tap.now += 1;
  }

  #issueCapture(): void {
    const r = this.#r;
    const isLastGroup = r.group.now === this.#groups - 1;
    r.s1Capture.now = 1;
    r.s1LastGroup.now = isLastGroup ? 1 : 0;
    r.tap.now = 0;
    r.inAddr.now = 0;
    if (r.group.now === 0) {
      r.draining.now = 1;
      r.drainActive.now = r.active.now;
      r.drainLast.now = r.last.now;
    }
    if (isLastGroup) {
      r.group.now = 0;
      r.state.now = IDLE;
    } else r.group.now += 1;
  }
}

/** Two's complement bits of -limit..limit, limit = 2^(weightBits-1) * largest channel factor * I * the largest value. */
function sumBits(layer: LayerPlan): number {
  const value = Math.max(layer.inputMax, layer.biasRows.length > 0 ? layer.biasValue : 1);
  const limit =
    2 ** (layer.weightBits - 1) *
    Math.max(...(layer.channelShifts ?? [0]).map((shift) => 2 ** shift)) *
    inputLanesOf(layer) *
    value;
  return 1 + bitsFor(limit);
}
