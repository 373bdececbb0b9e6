/** The engine of a dense layer that spends no cycle on inputs without a spike. */
import type { LayerPlan } from '../../../../plan/schema/index.ts';
import { bitsFor, type Geometry, geometryOf, indexBits } from '../../../geometry.ts';
import type { ImageTag } from '../../early-exit.ts';
import { Lanes, lastGroupOutputs, type Sink, unpack, WeightMemory, weightAt } from '../../lanes.ts';
import type { CheckedMemory } from '../../monitors/check.ts';
import { insert } from '../../packed.ts';
import { copyWords, type RegisterFile, type RegisterList, type Registers } from '../../registers.ts';
import { EngineWork } from '../../work.ts';
import type { Engine } from '../contract.ts';
import type { EventBuffer } from './buffer.ts';

const IDLE = 0;
const RUN = 1;
const FLUSH = 2;

export class EventEngine implements Engine {
  readonly words: Int32Array;
  readonly #layer: LayerPlan;
  readonly #g: Geometry;
  readonly #source: EventBuffer;
  readonly #lanes: Lanes;
  readonly #weights: WeightMemory;
  readonly #lastGroupBits: number;
  readonly #addressBits: number;
  readonly #addressMask: number;
  readonly #values: Int32Array;
  /** The value 1 in every time lane, as a packed word. */
  readonly #ones: Uint32Array;
  readonly #word: Uint32Array;
  #state = IDLE;
  active = 0;
  last = 0;
  #slot = 0;
  #eventAddr = 0;
  #group = 0;
  #s1Accumulate = 0;
  #s1Bias = 0;
  #s1BiasRow = 0;
  #s1Capture = 0;
  #s1Group = 0;
  #s2Accumulate = 0;
  #s2Capture = 0;
  #s2LastGroup = 0;
  readonly #image: ImageTag;
  #starting = false;
  #committed = false;
  #capturing = false;
  readonly work = new EngineWork();

  constructor(file: RegisterFile, layer: LayerPlan, source: EventBuffer, sink: Sink, image: ImageTag) {
    this.#image = image;
    const g = geometryOf(layer);
    const inputs = g.inputTaps;
    this.#layer = layer;
    this.#g = g;
    this.#source = source;
    this.#lanes = new Lanes(file, layer, sink);
    // Row (element or bias row) * groups + group; the bias rows follow the elements.
    this.#weights = new WeightMemory(file, layer, g.taps * g.groups, (row, lane) => {
      const index = Math.floor(row / g.groups);
      const tap = index < inputs ? g.biasTaps + index : index - inputs;
      return weightAt(layer, row % g.groups, lane, tap);
    });
    this.#lastGroupBits = g.groups > 1 && g.outputs % layer.outputLanes !== 0 ? 1 : 0;
    this.#addressBits = indexBits(g.elements);
    this.#addressMask = 2 ** this.#addressBits - 1;
    this.#values = new Int32Array(layer.timeLanes);
    const wordBits = layer.timeLanes * layer.valueBits;
    this.#word = new Uint32Array(Math.ceil(wordBits / 32));
    this.#ones = new Uint32Array(this.#word.length);
    this.words = file.take(this);
    for (let t = 0; t < layer.timeLanes; t += 1) insert(this.#ones, 0, t * layer.valueBits, layer.valueBits, 1);
  }

  /** Number of the pass's image. */
  get image(): number {
    return this.#image.tag;
  }

  /** Neurons of this pass that have left the engine. */
  get drawn(): number {
    return this.#lanes.drawn;
  }

  get check(): CheckedMemory {
    return this.#weights.check(() => this.#state === IDLE);
  }

  /** All registers of the engine. */
  get registers(): readonly Registers[] {
    return [this, this.#weights, ...this.#lanes.registers];
  }

  combine(): void {
    this.#source.read(this.#eventAddr);
    this.#committed = this.#lanes.combine(this);
    const waits = this.#state === IDLE && this.#source.ready;
    this.#image.look(waits, this.#source.image);
    if (this.#image.newImage) this.#lanes.announce();
    this.#starting = waits && !this.#image.dropping && this.#lanes.sinkFree;
    this.#capturing =
      this.#state === RUN &&
      this.#slot === this.#end &&
      this.#lanes.left === 0 &&
      this.#s1Capture === 0 &&
      this.#s2Capture === 0;
    if (this.#starting) this.#lanes.startSink(this.#source.last);
    if (this.#image.dropping) this.#source.release();
    if (this.#capturing && this.#group === this.#g.groups - 1) this.#source.release();
  }

  get #end(): number {
    return this.#g.biasTaps + this.#source.count;
  }

  update(): void {
    if (this.#s2Accumulate === 1 && unpack(this.#word, 0, this.#layer.valueBits, this.#values)) {
      this.#lanes.accumulate(0, this.#weights, this.#values);
    }
    this.#lanes.update(this.#s2Capture === 1 ? this.#captured() : 0);
    this.#secondStage();
    this.#firstStage();
  }

  #captured(): number {
    return this.#s2LastGroup === 1 ? lastGroupOutputs(this.#layer) : this.#layer.outputLanes;
  }

  #secondStage(): void {
    const index = this.#s1Bias === 1 ? this.#g.inputTaps + this.#s1BiasRow : this.#source.dataIndex;
    this.#weights.read(index * this.#g.groups + this.#s1Group);
    if (this.#s1Accumulate === 1) this.work.group = this.#s1Group;
    this.#s2Accumulate = this.#s1Accumulate;
    this.#s2Capture = this.#s1Capture;
    this.#s2LastGroup = this.#s1Group === this.#g.groups - 1 ? this.#lastGroupBits : 0;
    if (this.#s1Bias === 1) this.#word.set(this.#ones);
    else this.#takeWord();
  }

  /** The word below the index in the buffer's output. */
  #takeWord(): void {
    const words = this.#word.length;
    const rest = (this.#layer.timeLanes * this.#layer.valueBits) & 31;
    for (let w = 0; w < words; w += 1) this.#word[w] = this.#source.data[w]!;
    if (rest !== 0) this.#word[words - 1]! &= 0xffffffff >>> (32 - rest);
  }

  #firstStage(): void {
    this.#s1Accumulate = 0;
    this.#s1Bias = 0;
    this.#s1Capture = 0;
    if (this.#state === RUN) {
      if (this.#slot !== this.#end) this.#issueSlot();
      else if (this.#capturing) this.#issueCapture();
    } else if (this.#starting) {
      this.#state = RUN;
      this.active = this.#source.active;
      this.work.begin(this.last, this.#layer.timeLanes);
      this.last = this.#source.last;
      this.#image.tag = this.#source.image;
    } else if (this.#state === FLUSH && this.#committed) this.#state = IDLE;
  }

  #issueSlot(): void {
    this.#s1Accumulate = 1;
    this.#s1Group = this.#group;
    if (this.#slot < this.#g.biasTaps) {
      this.#s1Bias = 1;
      this.#s1BiasRow = this.#slot;
    } else {
      // Wraps by its width after the last event of a full frame.
      this.#eventAddr = (this.#eventAddr + 1) & this.#addressMask;
    }
    this.#slot += 1;
  }

  #issueCapture(): void {
    this.#s1Capture = 1;
    this.#s1Group = this.#group;
    this.#slot = 0;
    this.#eventAddr = 0;
    if (this.#group === this.#g.groups - 1) {
      this.#group = 0;
      this.#state = FLUSH;
    } else this.#group += 1;
  }

  list(list: RegisterList): void {
    const { biasTaps, elements, groups } = this.#g;
    list.word('state', 2);
    list.word('active_lanes', this.#layer.timeLanes);
    list.word('last_pass', 1);
    this.#image.list(list);
    list.word('slot', bitsFor(biasTaps + elements));
    list.word('event_addr', this.#addressBits);
    list.word('group', bitsFor(groups - 1));
    list.word('s1_accumulate', 1);
    list.word('s1_bias', 1);
    list.word('s1_bias_row', bitsFor(biasTaps - 1));
    list.word('s1_capture', 1);
    list.word('s1_group', bitsFor(groups - 1));
    list.word('s2_accumulate', 1);
    list.word('s2_capture', 1);
    list.word('s2_last_group', this.#lastGroupBits);
    list.word('s2_value', this.#layer.timeLanes * this.#layer.valueBits);
  }

  refresh(): void {
    this.#lanes.refresh();
    const { words } = this;
    let at = 0;
    words[at++] = this.#state;
    words[at++] = this.active;
    words[at++] = this.last;
    at = this.#image.sample(words, at);
    words[at++] = this.#slot;
    words[at++] = this.#eventAddr;
    words[at++] = this.#group;
    words[at++] = this.#s1Accumulate;
    words[at++] = this.#s1Bias;
    words[at++] = this.#s1BiasRow;
    words[at++] = this.#s1Capture;
    words[at++] = this.#s1Group;
    words[at++] = this.#s2Accumulate;
    words[at++] = this.#s2Capture;
    words[at++] = this.#s2LastGroup;
    copyWords(this.#word, words, at);
  }
}
