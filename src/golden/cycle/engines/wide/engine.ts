/** The engine that takes several inputs a clock, and begins a pass while the one before still leaves. */
import type { LayerPlan } from '../../../../plan/schema/index.ts';
import { bitsFor, indexBits, inputLanesOf } from '../../../geometry.ts';
import type { Source } from '../../buffer.ts';
import { Lanes, lastGroupOutputs, type Sink } from '../../lanes.ts';
import { type CheckedMemory, checkedWords, foldedWords } from '../../monitors/check.ts';
import { extract, insert, wordsFor } from '../../packed.ts';
import type { PassState } from '../../pass.ts';
import { copyWords, type RegisterFile, type RegisterList, type Registers } from '../../registers.ts';
import { EngineWork } from '../../work.ts';
import type { Engine } from '../contract.ts';

const IDLE = 0;
const RUN = 1;

/** From a capture's issue to the drain. */
const captureClocks = 2;

export class WideEngine implements Engine {
  #changed = true;
  readonly words: Int32Array;
  readonly #layer: LayerPlan;
  readonly #source: Source;
  readonly #lanes: Lanes;
  readonly #passLanes: number;
  readonly #inputLanes: number;
  readonly #elements: number;
  readonly #biasTaps: number;
  readonly #taps: number;
  readonly #groups: number;
  readonly #unevenGroups: boolean;
  /** [group * taps + tap][output lane][input lane]. */
  readonly #weights: Int32Array;
  readonly #packedWeights: Uint32Array;
  readonly #rowWords: number;
  readonly #weightsData: Uint32Array;
  #row = 0;
  #checkRow = -1;
  /** [output lane][time lane]. */
  readonly #sums: Int32Array;
  readonly #sumBits: number;
  #state = IDLE;
  /** Of the pass that accumulates. */
  #active = 0;
  #last = 0;
  #tap = 0;
  #inAddr = 0;
  #weightAddr = 0;
  #group = 0;
  #draining = 0;
  /** Of the pass that leaves; images have no numbers here, as there is no early exit. */
  readonly #drain: { active: number; last: number; image: number } & PassState = { active: 0, last: 0, image: 0 };
  #s1Accumulate = 0;
  #s1Bias = 0;
  #s1Capture = 0;
  #s1LastGroup = 0;
  #s2Accumulate = 0;
  #s2Capture = 0;
  #s2LastGroup = 0;
  #starting = false;
  #capturing = false;
  #committed = false;
  readonly work = new EngineWork();

  constructor(file: RegisterFile, layer: LayerPlan, timeSteps: { readonly lanes: number }, source: Source, sink: Sink) {
    const inputs = layer.weights[0]!.length;
    const lanes = inputLanesOf(layer);
    this.#layer = layer;
    this.#source = source;
    this.#lanes = new Lanes(file, layer, sink);
    this.#passLanes = timeSteps.lanes;
    this.#inputLanes = lanes;
    this.#elements = inputs / lanes;
    this.#biasTaps = Math.ceil(layer.biasRows.length / lanes);
    this.#taps = this.#biasTaps + this.#elements;
    this.#groups = Math.ceil(layer.output.channels / layer.outputLanes);
    this.#unevenGroups = this.#groups > 1 && layer.output.channels % layer.outputLanes !== 0;
    const rowWeights = layer.outputLanes * lanes;
    this.#rowWords = wordsFor(rowWeights * layer.weightBits);
    this.#weights = new Int32Array(this.#groups * this.#taps * rowWeights);
    this.#packedWeights = new Uint32Array(this.#groups * this.#taps * this.#rowWords);
    this.#weightsData = new Uint32Array(this.#rowWords);
    this.#fillWeights();
    this.#readWeights();
    this.#sums = new Int32Array(layer.outputLanes * layer.timeLanes);
    this.#sumBits = sumBits(layer);
    this.words = file.take(this);
  }

  #fillWeights(): void {
    const { outputLanes, weightBits } = this.#layer;
    let at = 0;
    for (let row = 0; row < this.#groups * this.#taps; row += 1) {
      for (let p = 0; p < outputLanes; p += 1) {
        for (let i = 0; i < this.#inputLanes; i += 1) {
          const weight = this.#weight(Math.floor(row / this.#taps), row % this.#taps, p, i);
          this.#weights[at] = weight;
          at += 1;
          insert(
            this.#packedWeights,
            row * this.#rowWords,
            (p * this.#inputLanes + i) * weightBits,
            weightBits,
            weight,
          );
        }
      }
    }
  }

  #weight(group: number, tap: number, p: number, i: number): number {
    const { outputLanes, output, biasRows, weights } = this.#layer;
    const channel = group * outputLanes + p;
    if (channel >= output.channels) return 0;
    if (tap < this.#biasTaps) return biasRows[tap * this.#inputLanes + i]?.[channel] ?? 0;
    return weights[channel]![(tap - this.#biasTaps) * this.#inputLanes + i]!;
  }

  /** Neurons of the pass that leaves which have left. */
  get drawn(): number {
    return this.#lanes.drawn;
  }

  get check(): CheckedMemory {
    const words = checkedWords(this.#packedWeights, this.#rowWords);
    return {
      ...words,
      isFree: () => this.#state === IDLE,
      read: (row) => {
        this.#checkRow = row;
      },
      data: () => foldedWords(this.#weightsData, 0, this.#rowWords),
    };
  }

  /** All registers of the engine. */
  get registers(): readonly Registers[] {
    return [this, ...this.#lanes.registers];
  }

  combine(): void {
    this.#source.read(this.#inAddr);
    this.#committed = this.#lanes.combine(this.#drain);
    this.#starting = this.#state === IDLE && this.#source.ready;
    const sinkReady = this.#draining === 0 && this.#lanes.sinkFree;
    this.#capturing =
      this.#state === RUN &&
      this.#tap === this.#taps &&
      this.#lanes.leftWithin(captureClocks + 1) &&
      this.#s1Capture === 0 &&
      this.#s2Capture === 0 &&
      (this.#group > 0 || sinkReady);
    if (!this.#capturing) return;
    if (this.#group === 0) this.#lanes.startSink(this.#last);
    if (this.#group === this.#groups - 1) this.#source.release();
  }

  update(): void {
    const still =
      this.#state === IDLE && !this.#starting && this.#draining === 0 && this.#s1Capture === 0 && this.#s2Capture === 0;
    if (!still) this.#changed = true;
    if (this.#s2Accumulate === 1) this.#lanes.addSums(this.#sums);
    this.#lanes.update(this.#s2Capture === 1 ? this.#captured() : 0);
    if (this.#s1Accumulate === 1) this.#addTree();
    this.#readWeights();
    this.#s2Accumulate = this.#s1Accumulate;
    this.#s2Capture = this.#s1Capture;
    this.#s2LastGroup = this.#s1LastGroup;
    this.#s1Accumulate = 0;
    this.#s1Bias = 0;
    this.#s1Capture = 0;
    this.#s1LastGroup = 0;
    if (this.#committed) this.#draining = 0;
    if (this.#state === RUN) {
      if (this.#tap < this.#taps) this.#issueTap();
      else if (this.#capturing) this.#issueCapture();
    } else if (this.#starting) {
      this.#state = RUN;
      this.#active = this.#source.active;
      this.work.begin(this.#last, this.#passLanes);
      this.#last = this.#source.last;
    }
  }

  #readWeights(): void {
    const row = this.#checkRow < 0 ? this.#weightAddr : this.#checkRow;
    if (this.#checkRow >= 0) this.#changed = true;
    this.#checkRow = -1;
    if (row !== this.#row) this.#changed = true;
    this.#row = row;
    const from = this.#row * this.#rowWords;
    this.#weightsData.set(this.#packedWeights.subarray(from, from + this.#rowWords));
  }

  #captured(): number {
    return this.#s2LastGroup === 1 ? lastGroupOutputs(this.#layer) : this.#layer.outputLanes;
  }

  #addTree(): void {
    const { outputLanes, timeLanes, valueBits, biasValue } = this.#layer;
    const row = this.#row * outputLanes * this.#inputLanes;
    this.#sums.fill(0);
    for (let i = 0; i < this.#inputLanes; i += 1) {
      for (let t = 0; t < timeLanes; t += 1) {
        const value =
          this.#s1Bias === 1 ? biasValue : extract(this.#source.data, 0, (i * timeLanes + t) * valueBits, valueBits);
        if (value === 0) continue;
        for (let p = 0; p < outputLanes; p += 1) {
          this.#sums[p * timeLanes + t]! += value * this.#weights[row + p * this.#inputLanes + i]!;
        }
      }
    }
  }

  #issueTap(): void {
    this.work.group = this.#group;
    this.#s1Accumulate = 1;
    this.#s1Bias = this.#tap < this.#biasTaps ? 1 : 0;
    const isLast = this.#tap === this.#taps - 1;
    this.#weightAddr = isLast && this.#group === this.#groups - 1 ? 0 : this.#weightAddr + 1;
    if (this.#tap >= this.#biasTaps && !isLast) this.#inAddr += 1;
    this.#tap += 1;
  }

  #issueCapture(): void {
    const isLastGroup = this.#group === this.#groups - 1;
    this.#s1Capture = 1;
    this.#s1LastGroup = isLastGroup ? 1 : 0;
    this.#tap = 0;
    this.#inAddr = 0;
    if (this.#group === 0) {
      this.#draining = 1;
      this.#drain.active = this.#active;
      this.#drain.last = this.#last;
    }
    if (isLastGroup) {
      this.#group = 0;
      this.#state = IDLE;
    } else this.#group += 1;
  }

  list(list: RegisterList): void {
    list.word('state', 1);
    list.word('active_lanes', this.#passLanes);
    list.word('last_pass', 1);
    list.word('tap', bitsFor(this.#taps));
    list.word('in_addr', indexBits(this.#elements));
    list.word('weight_addr', bitsFor(this.#groups * this.#taps - 1));
    list.word('group', bitsFor(this.#groups - 1));
    list.word('draining', 1);
    list.word('drain_active', this.#passLanes);
    list.word('drain_last', 1);
    list.word('s1_accumulate', 1);
    list.word('s1_bias', this.#biasTaps === 0 ? 0 : 1);
    list.word('s1_capture', 1);
    list.word('s1_last_group', this.#unevenGroups ? 1 : 0);
    list.word('s2_accumulate', 1);
    list.word('s2_capture', 1);
    list.word('s2_last_group', this.#unevenGroups ? 1 : 0);
    list.word('weights_data', this.#layer.outputLanes * this.#inputLanes * this.#layer.weightBits);
    list.signedBank(this.#sumName, this.#sumBits, this.#sums.length);
  }

  refresh(): void {
    this.#lanes.refresh();
    if (!this.#changed) return;
    this.#changed = false;
    const { words } = this;
    let at = 0;
    words[at++] = this.#state;
    words[at++] = this.#active;
    words[at++] = this.#last;
    words[at++] = this.#tap;
    words[at++] = this.#inAddr;
    words[at++] = this.#weightAddr;
    words[at++] = this.#group;
    words[at++] = this.#draining;
    words[at++] = this.#drain.active;
    words[at++] = this.#drain.last;
    words[at++] = this.#s1Accumulate;
    words[at++] = this.#s1Bias;
    words[at++] = this.#s1Capture;
    words[at++] = this.#s1LastGroup;
    words[at++] = this.#s2Accumulate;
    words[at++] = this.#s2Capture;
    words[at++] = this.#s2LastGroup;
    at = copyWords(this.#weightsData, words, at);
    copyWords(this.#sums, words, at);
  }

  readonly #sumName = (index: number): string =>
    `lane[${Math.floor(index / this.#layer.timeLanes)}].unit.sum_${index % this.#layer.timeLanes}`;
}

/** Two's complement bits of -limit..limit, limit = 2^(weightBits-1) * I * the largest value. */
function sumBits(layer: LayerPlan): number {
  const value = Math.max(layer.inputMax, layer.biasRows.length > 0 ? layer.biasValue : 1);
  const limit = 2 ** (layer.weightBits - 1) * inputLanesOf(layer) * value;
  return 1 + bitsFor(limit);
}
