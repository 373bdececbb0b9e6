/** The engine that walks over every tap of every position. */
import type { LayerPlan } from '../../../../plan/schema/index.ts';
import { bitsFor, type Geometry, geometryOf, indexBits, positionAddress } from '../../../geometry.ts';
import type { Source } from '../../buffer.ts';
import type { ImageTag } from '../../early-exit.ts';
import { Lanes, lastGroupOutputs, type Sink, unpack, WeightMemory, weightAt } from '../../lanes.ts';
import type { CheckedMemory } from '../../monitors/check.ts';
import { wordsFor } from '../../packed.ts';
import type { RegisterFile, RegisterList, Registers } from '../../registers.ts';
import { EngineWork } from '../../work.ts';
import type { Engine } from '../contract.ts';

const IDLE = 0;
const RUN = 1;
const FLUSH = 2;

/** Widths of registers that depend on the plan; 0 where the register does not exist. */
interface Widths {
  readonly tap: number;
  readonly rowIndex: number;
  readonly inAddr: number;
  readonly base: number;
  readonly weightAddr: number;
  readonly group: number;
  readonly subX: number;
  readonly subY: number;
  readonly winX: number;
  readonly winY: number;
  readonly lastGroup: number;
}

export class WindowEngine implements Engine {
  #changed = true;
  readonly words: Int32Array;
  readonly #layer: LayerPlan;
  readonly #g: Geometry;
  readonly #source: Source;
  readonly #lanes: Lanes;
  readonly #weights: WeightMemory;
  readonly #widths: Widths;
  readonly #timeLanes: number;
  readonly #values: Int32Array;
  readonly #biasValues: Int32Array;
  readonly #elementWords: number;
  readonly #subXs: number;
  readonly #subYs: number;
  #state = IDLE;
  active = 0;
  last = 0;
  #tap = 0;
  #rowIndex = 0;
  #inAddr = 0;
  #base = 0;
  #weightAddr = 0;
  #group = 0;
  #subX = 0;
  #subY = 0;
  #winX = 0;
  #winY = 0;
  #s1Accumulate = 0;
  #s1Bias = 0;
  #s1Capture = 0;
  #s1LastGroup = 0;
  readonly #image: ImageTag;
  #starting = false;
  #committed = false;
  #capturing = false;
  readonly work = new EngineWork();

  constructor(
    file: RegisterFile,
    layer: LayerPlan,
    timeSteps: { readonly lanes: number },
    source: Source,
    sink: Sink,
    image: ImageTag,
  ) {
    this.#image = image;
    const g = geometryOf(layer);
    this.#layer = layer;
    this.#g = g;
    this.#source = source;
    this.#lanes = new Lanes(file, layer, sink);
    this.#timeLanes = timeSteps.lanes;
    this.#weights = new WeightMemory(file, layer, g.groups * g.taps, (row, lane) =>
      weightAt(layer, Math.floor(row / g.taps), lane, row % g.taps),
    );
    this.#values = new Int32Array(layer.timeLanes);
    this.#biasValues = new Int32Array(layer.timeLanes).fill(layer.biasValue);
    this.#elementWords = wordsFor(layer.timeLanes * layer.valueBits);
    this.#subXs = layer.positionLanes === 1 ? g.poolWidth : 1;
    this.#subYs = layer.positionLanes <= g.poolWidth ? g.poolHeight : 1;
    this.#widths = this.#measure();
    this.words = file.take(this);
  }

  #measure(): Widths {
    const { elements, taps, rowTaps, groups, outputs, windowsX, windowsY, poolHeight, poolWidth } = this.#g;
    return {
      tap: bitsFor(taps),
      rowIndex: bitsFor(rowTaps - 1),
      inAddr: indexBits(elements),
      base: indexBits(elements),
      weightAddr: bitsFor(groups * taps - 1),
      group: bitsFor(groups - 1),
      subX: this.#layer.positionLanes === 1 ? bitsFor(poolWidth - 1) : 0,
      subY: this.#layer.positionLanes <= poolWidth ? bitsFor(poolHeight - 1) : 0,
      winX: bitsFor(windowsX - 1),
      winY: bitsFor(windowsY - 1),
      lastGroup: groups > 1 && outputs % this.#layer.outputLanes !== 0 ? 1 : 0,
    };
  }

  #address(winY: number, winX: number, subY: number, subX: number): number {
    const { poolHeight, poolWidth } = this.#g;
    return positionAddress(this.#layer, this.#g, winY * poolHeight + subY, winX * poolWidth + subX);
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
    this.#source.read(this.#inAddr);
    this.#committed = this.#lanes.combine(this);
    const waits = this.#state === IDLE && this.#source.ready;
    this.#image.look(waits, this.#source.image);
    if (this.#image.newImage) this.#lanes.announce();
    this.#starting = waits && !this.#image.dropping && this.#lanes.sinkFree;
    this.#capturing =
      this.#state === RUN && this.#tap === this.#g.taps && this.#lanes.left === 0 && this.#s1Capture === 0;
    if (this.#starting) this.#lanes.startSink(this.#source.last);
    if (this.#image.dropping) this.#source.release();
    if (this.#capturing && this.#lastPosition && this.#group === this.#g.groups - 1) this.#source.release();
  }

  get #lastPosition(): boolean {
    return (
      this.#winY === this.#g.windowsY - 1 &&
      this.#winX === this.#g.windowsX - 1 &&
      this.#subY === this.#subYs - 1 &&
      this.#subX === this.#subXs - 1
    );
  }

  update(): void {
    // Idle, it holds everything: the first tap's weights have been read by the time that it flushes.
    if (this.#state !== IDLE || this.#starting) this.#changed = true;
    if (this.#s1Accumulate === 1) this.#accumulate();
    this.#lanes.update(this.#s1Capture === 1 ? this.#captured() : 0);
    this.#weights.read(this.#weightAddr);
    this.#s1Accumulate = 0;
    this.#s1Bias = 0;
    this.#s1Capture = 0;
    this.#s1LastGroup = 0;
    if (this.#state === RUN) {
      if (this.#tap < this.#g.taps) this.#issueTap();
      else if (this.#capturing) this.#issueCapture();
    } else if (this.#starting) {
      this.#state = RUN;
      this.active = this.#source.active;
      this.work.begin(this.last, this.#timeLanes);
      this.last = this.#source.last;
      this.#image.tag = this.#source.image;
    } else if (this.#state === FLUSH && this.#committed) this.#state = IDLE;
  }

  #captured(): number {
    return (
      this.#layer.positionLanes * (this.#s1LastGroup === 1 ? lastGroupOutputs(this.#layer) : this.#layer.outputLanes)
    );
  }

  #accumulate(): void {
    for (let x = 0; x < this.#layer.positionLanes; x += 1) {
      if (this.#s1Bias === 1) this.#lanes.accumulate(x, this.#weights, this.#biasValues);
      else if (unpack(this.#source.data, x * this.#elementWords, this.#layer.valueBits, this.#values)) {
        this.#lanes.accumulate(x, this.#weights, this.#values);
      }
    }
  }

  #issueTap(): void {
    const { taps, biasTaps, rowTaps, groups, paddedWidth, channels } = this.#g;
    const isLast = this.#tap === taps - 1;
    this.work.group = this.#group;
    this.work.y = this.#winY * this.#g.poolHeight + this.#subY;
    this.work.x = this.#winX * this.#g.poolWidth + this.#subX;
    this.#s1Accumulate = 1;
    this.#s1Bias = this.#tap < biasTaps ? 1 : 0;
    if (this.#tap >= biasTaps) {
      if (this.#rowIndex === rowTaps - 1) {
        this.#rowIndex = 0;
        if (!isLast) this.#inAddr += paddedWidth * channels - rowTaps + 1;
      } else {
        this.#rowIndex += 1;
        this.#inAddr += 1;
      }
    }
    this.#weightAddr = isLast && this.#group === groups - 1 ? 0 : this.#weightAddr + 1;
    this.#tap += 1;
  }

  #issueCapture(): void {
    const isLastGroup = this.#group === this.#g.groups - 1;
    this.#s1Capture = 1;
    this.#s1LastGroup = isLastGroup ? this.#widths.lastGroup : 0;
    this.#tap = 0;
    if (isLastGroup) {
      this.#group = 0;
      if (this.#lastPosition) this.#state = FLUSH;
      this.#nextPosition();
    } else this.#group += 1;
    this.#inAddr = this.#base;
  }

  /** Moves to the next position, and after the last one back to the first. */
  #nextPosition(): void {
    this.#subX += 1;
    if (this.#subX === this.#subXs) {
      this.#subX = 0;
      this.#subY += 1;
    }
    if (this.#subY === this.#subYs) {
      this.#subY = 0;
      this.#winX += 1;
    }
    if (this.#winX === this.#g.windowsX) {
      this.#winX = 0;
      this.#winY += 1;
    }
    if (this.#winY === this.#g.windowsY) this.#winY = 0;
    this.#base = this.#address(this.#winY, this.#winX, this.#subY, this.#subX);
  }

  list(list: RegisterList): void {
    const w = this.#widths;
    list.word('state', 2);
    list.word('active_lanes', this.#timeLanes);
    list.word('last_pass', 1);
    this.#image.list(list);
    list.word('tap', w.tap);
    list.word('row_index', w.rowIndex);
    list.word('in_addr', w.inAddr);
    list.word('base', w.base);
    list.word('weight_addr', w.weightAddr);
    list.word('group', w.group);
    list.word('sub_x', w.subX);
    list.word('sub_y', w.subY);
    list.word('win_x', w.winX);
    list.word('win_y', w.winY);
    list.word('s1_accumulate', 1);
    list.word('s1_bias', 1);
    list.word('s1_capture', 1);
    list.word('s1_last_group', w.lastGroup);
  }

  refresh(): void {
    this.#lanes.refresh();
    if (!this.#changed) return;
    this.#changed = false;
    const { words } = this;
    let at = 0;
    words[at++] = this.#state;
    words[at++] = this.active;
    words[at++] = this.last;
    at = this.#image.sample(words, at);
    words[at++] = this.#tap;
    words[at++] = this.#rowIndex;
    words[at++] = this.#inAddr;
    words[at++] = this.#base;
    words[at++] = this.#weightAddr;
    words[at++] = this.#group;
    words[at++] = this.#subX;
    words[at++] = this.#subY;
    words[at++] = this.#winX;
    words[at++] = this.#winY;
    words[at++] = this.#s1Accumulate;
    words[at++] = this.#s1Bias;
    words[at++] = this.#s1Capture;
    words[at] = this.#s1LastGroup;
  }
}
