/** The engine that walks over every tap of every position. */
import type { LayerPlan, Plan } from '../../../../plan/schema/index.ts';
import { bitsFor, type Geometry, geometryOf, indexBits, positionAddress } from '../../../geometry.ts';
import type { Source } from '../../buffer.ts';
import type { Carry } from '../../carry.ts';
import type { Decision } from '../../early-exit.ts';
import { Lanes, lastGroupOutputs, type Sink, unpack, WeightMemory, weightAt } from '../../lanes.ts';
import type { CheckedMemory } from '../../monitors/check.ts';
import { wordsFor } from '../../packed.ts';
import { type RegisterFile, Registers } from '../../registers.ts';
import type { EngineWork } from '../../work.ts';
import type { Engine } from '../contract.ts';
import { PassControl } from '../pass-control.ts';

/** What it reads from, where its potentials go, who may end an image early, and who takes the inputs that it hands on. */
interface WindowLinks {
  readonly source: Source;
  readonly sink: Sink;
  readonly decision: Decision;
  readonly carry: Carry | undefined;
}

/** The inputs that the engine walks over, in order. */
function walkOf(layer: LayerPlan, { inputTaps, rowTaps, paddedWidth, channels }: Geometry) {
  const runs = layer.runs ?? [{ tap: 0, count: inputTaps }];
  return runs.flatMap(({ tap, count }) =>
    Array.from({ length: count }, (_, i) => {
      const number = tap + i;
      return { number, offset: Math.floor(number / rowTaps) * paddedWidth * channels + (number % rowTaps) };
    }),
  );
}

export class WindowEngine implements Engine {
  readonly registers: Registers;
  readonly #r;
  readonly #pass: PassControl;
  readonly #layer: LayerPlan;
  readonly #g: Geometry;
  readonly #source: Source;
  readonly #lanes: Lanes;
  readonly #weights: WeightMemory;
  readonly #lastGroupBits: number;
  readonly #values: Int32Array;
  readonly #biasValues: Int32Array;
  readonly #elementWords: number;
  readonly #positionsX: number;
  readonly #positionsY: number;
  readonly #carry: Carry | undefined;
  #capturing = false;
  #waits = false;
  /** [input tap that is walked over]: its number in the window, and its address from the window's first input. */
  readonly #walk: readonly { readonly number: number; readonly offset: number }[];

  constructor(file: RegisterFile, plan: Plan, layer: LayerPlan, { source, sink, decision, carry }: WindowLinks) {
    const g = geometryOf(layer);
    this.#carry = carry;
    this.#layer = layer;
    this.#g = g;
    this.#walk = walkOf(layer, g);
    this.#source = source;
    const registers = new Registers(file);
    this.registers = registers;
    this.#lanes = new Lanes(registers, layer, sink);
    this.#pass = new PassControl(registers, plan, { source, lanes: this.#lanes, decision });
    const groupOf = (row: number) => Math.floor(row / g.taps);
    this.#weights = new WeightMemory(registers, layer, g.groups * g.taps, {
      groupOf,
      weightOf: (row, lane) => weightAt(layer, groupOf(row), lane, this.#weightTap(row % g.taps)),
    });
    this.#values = new Int32Array(layer.timeLanes);
    this.#biasValues = new Int32Array(layer.timeLanes).fill(layer.biasValue);
    this.#elementWords = wordsFor(layer.timeLanes * layer.valueBits);
    this.#positionsX = layer.positionLanes === 1 ? g.poolWidth : 1;
    this.#positionsY = layer.positionLanes <= g.poolWidth ? g.poolHeight : 1;
    this.#lastGroupBits = g.groups > 1 && g.outputs % layer.outputLanes !== 0 ? 1 : 0;
    this.#r = {
      tap: registers.word('tap', bitsFor(g.taps)),
      rowIndex: registers.word('row_index', layer.runs ? 0 : bitsFor(g.rowTaps - 1)),
      inAddr: registers.word('frame_address', indexBits(g.elements), this.#walk[0]!.offset),
      base: registers.word('base', indexBits(g.elements), this.#walk[0]!.offset),
      weightAddr: registers.word('weight_addr', bitsFor(g.groups * g.taps - 1)),
      group: registers.word('group', bitsFor(g.groups - 1)),
      positionX: registers.word('position_x', bitsFor(g.poolWidth - 1)),
      positionY: registers.word('position_y', bitsFor(g.poolHeight - 1)),
      winX: registers.word('win_x', bitsFor(g.windowsX - 1)),
      winY: registers.word('win_y', bitsFor(g.windowsY - 1)),
      s1Accumulate: registers.word('s1_accumulate', 1),
      s1Bias: registers.word('s1_bias', 1),
      s1Capture: registers.word('s1_capture', 1),
      s1LastGroup: registers.word('s1_last_group', this.#lastGroupBits),
      s1Carry: registers.word('s1_carry', layer.carry ? 1 : 0),
    };
  }

  /** Number of a walked tap in the layer's bias rows and weights. */
  #weightTap(tap: number): number {
    const { biasTaps } = this.#g;
    return tap < biasTaps ? tap : biasTaps + this.#walk[tap - biasTaps]!.number;
  }

  get work(): EngineWork {
    return this.#pass.work;
  }

  #address(winY: number, winX: number, positionY: number, positionX: number): number {
    const { poolHeight, poolWidth } = this.#g;
    const y = winY * poolHeight + positionY;
    return positionAddress(this.#layer, this.#g, y, winX * poolWidth + positionX) + this.#walk[0]!.offset;
  }

  /** Neurons of this pass that have left the engine. */
  get drawn(): number {
    return this.#lanes.drawn;
  }

  get idle(): boolean {
    return this.#pass.idle;
  }

  get check(): CheckedMemory {
    return this.#weights.check(() => this.#pass.idle);
  }

  combine(): void {
    const r = this.#r;
    this.#source.read(r.inAddr.now);
    if (r.s1Carry.now === 1) this.#carry?.handOn(this.#source.data, this.#pass);
    this.#pass.combine();
    this.#waits = this.#atCarried && this.#carry?.turn === false;
    this.#capturing =
      this.#pass.running && r.tap.now === this.#g.taps && this.#lanes.left === 0 && r.s1Capture.now === 0;
    if (this.#capturing && this.#lastPosition && r.group.now === this.#g.groups - 1) this.#source.release();
  }

  /** The tap that is next is one that the layer hands on. */
  get #atCarried(): boolean {
    const { carry } = this.#layer;
    if (carry === undefined || this.#r.group.now > 0) return false;
    const tap = this.#walk[this.#r.tap.now - this.#g.biasTaps];
    return tap !== undefined && tap.number >= carry.tap && tap.number < carry.tap + carry.count;
  }

  get #lastPosition(): boolean {
    const r = this.#r;
    return (
      r.winY.now === this.#g.windowsY - 1 &&
      r.winX.now === this.#g.windowsX - 1 &&
      r.positionY.now === this.#positionsY - 1 &&
      r.positionX.now === this.#positionsX - 1
    );
  }

  update(): void {
    const r = this.#r;
    if (r.s1Accumulate.now === 1) this.#accumulate();
    this.#lanes.update(r.s1Capture.now === 1 ? this.#captured() : 0);
    this.#weights.read(r.weightAddr.now);
    r.s1Accumulate.now = 0;
    r.s1Bias.now = 0;
    r.s1Capture.now = 0;
    r.s1LastGroup.now = 0;
    r.s1Carry.now = 0;
    if (this.#pass.running) {
      if (r.tap.now < this.#g.taps) {
        if (!this.#waits) this.#issueTap();
      } else if (this.#capturing) this.#issueCapture();
    } else this.#pass.update();
  }

  #captured(): number {
    return (
      this.#layer.positionLanes *
      (this.#r.s1LastGroup.now === 1 ? lastGroupOutputs(this.#layer) : this.#layer.outputLanes)
    );
  }

  #accumulate(): void {
    for (let lane = 0; lane < this.#layer.positionLanes; lane += 1) {
      if (this.#r.s1Bias.now === 1) this.#lanes.accumulate(lane, this.#weights, this.#biasValues);
      else if (unpack(this.#source.data, lane * this.#elementWords, this.#layer.valueBits, this.#values)) {
        this.#lanes.accumulate(lane, this.#weights, this.#values);
      }
    }
  }

  #issueTap(): void {
    const r = this.#r;
    const { taps, biasTaps, rowTaps, groups, paddedWidth, channels } = this.#g;
    const isLast = r.tap.now === taps - 1;
    this.#pass.work.group = r.group.now;
    this.#pass.work.y = r.winY.now * this.#g.poolHeight + r.positionY.now;
    this.#pass.work.x = r.winX.now * this.#g.poolWidth + r.positionX.now;
    r.s1Accumulate.now = 1;
    r.s1Bias.now = r.tap.now < biasTaps ? 1 : 0;
    r.s1Carry.now = this.#atCarried ? 1 : 0;
    if (this.#layer.runs) this.#stepRuns();
    else if (r.tap.now >= biasTaps) {
      const isRowEnd = r.rowIndex.now === rowTaps - 1;
      r.rowIndex.now = isRowEnd ? 0 : r.rowIndex.now + 1;
      const by = isRowEnd ? paddedWidth * channels - rowTaps + 1 : 1;
      // After the last tap the address may be past the frame: what is read there is not used.
      r.inAddr.now = (r.inAddr.now + by) % 2 ** indexBits(this.#g.elements);
    }
    r.weightAddr.now = isLast && r.group.now === groups - 1 ? 0 : r.weightAddr.now + 1;
    r.tap.now += 1;
  }

  /** To the next tap of the run, or to the next run; the last one's end is no step of its own. */
  #stepRuns(): void {
    const r = this.#r;
    const tap = r.tap.now - this.#g.biasTaps;
    if (tap < 0) return;
    const [here, next] = [this.#walk[tap]!.offset, this.#walk[tap + 1]?.offset];
    r.inAddr.now = (r.inAddr.now + (next === undefined ? 1 : next - here)) % 2 ** indexBits(this.#g.elements);
  }

  #issueCapture(): void {
    const r = this.#r;
    const isLastGroup = r.group.now === this.#g.groups - 1;
    r.s1Capture.now = 1;
    r.s1LastGroup.now = isLastGroup ? this.#lastGroupBits : 0;
    r.tap.now = 0;
    if (isLastGroup) {
      r.group.now = 0;
      if (this.#lastPosition) this.#pass.flush();
      this.#nextPosition();
    } else r.group.now += 1;
    r.inAddr.now = r.base.now;
  }

  /** Moves to the next position, and after the last one back to the first. */
  #nextPosition(): void {
    const r = this.#r;
    r.positionX.now += 1;
    if (r.positionX.now === this.#positionsX) {
      r.positionX.now = 0;
      r.positionY.now += 1;
    }
    if (r.positionY.now === this.#positionsY) {
      r.positionY.now = 0;
      r.winX.now += 1;
    }
    if (r.winX.now === this.#g.windowsX) {
      r.winX.now = 0;
      r.winY.now += 1;
    }
    if (r.winY.now === this.#g.windowsY) r.winY.now = 0;
    r.base.now = this.#address(r.winY.now, r.winX.now, r.positionY.now, r.positionX.now);
  }
}
