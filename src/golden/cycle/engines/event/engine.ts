/** The engine of a dense layer that spends no cycle on inputs without a spike. */
import type { LayerPlan, Plan } from '../../../../plan/schema/index.ts';
import { bitsFor, type Geometry, geometryOf, indexBits } from '../../../geometry.ts';
import type { Decision } from '../../early-exit.ts';
import { Lanes, lastGroupOutputs, type Sink, unpack, WeightMemory, weightAt } from '../../lanes.ts';
import type { CheckedMemory } from '../../monitors/check.ts';
import { insert } from '../../packed.ts';
import { type RegisterFile, Registers } from '../../registers.ts';
import type { EngineWork } from '../../work.ts';
import type { Engine } from '../contract.ts';
import { PassControl } from '../pass-control.ts';
import type { EventBuffer } from './buffer.ts';

export class EventEngine implements Engine {
  readonly registers: Registers;
  readonly #r;
  readonly #pass: PassControl;
  readonly #layer: LayerPlan;
  readonly #g: Geometry;
  readonly #source: EventBuffer;
  readonly #lanes: Lanes;
  readonly #weights: WeightMemory;
  readonly #lastGroupBits: number;
  readonly #addressMask: number;
  readonly #values: Int32Array;
  /** The value 1 in every time lane, as a packed word. */
  readonly #ones: Uint32Array;
  #capturing = false;

  constructor(file: RegisterFile, plan: Plan, layer: LayerPlan, source: EventBuffer, sink: Sink, decision: Decision) {
    const g = geometryOf(layer);
    const inputs = g.inputTaps;
    this.#layer = layer;
    this.#g = g;
    this.#source = source;
    const registers = new Registers(file);
    this.registers = registers;
    this.#lanes = new Lanes(registers, layer, sink);
    this.#pass = new PassControl(registers, plan, { source, lanes: this.#lanes, decision });
    // Row (element or bias row) * groups + group; the bias rows follow the elements.
    this.#weights = new WeightMemory(registers, layer, g.taps * g.groups, {
      groupOf: (row) => row % g.groups,
      weightOf: (row, lane) => {
        const index = Math.floor(row / g.groups);
        const tap = index < inputs ? g.biasTaps + index : index - inputs;
        return weightAt(layer, row % g.groups, lane, tap);
      },
    });
    this.#lastGroupBits = g.groups > 1 && g.outputs % layer.outputLanes !== 0 ? 1 : 0;
    const addressBits = indexBits(g.elements);
    this.#addressMask = 2 ** addressBits - 1;
    this.#values = new Int32Array(layer.timeLanes);
    this.#r = {
      slot: registers.word('slot', bitsFor(g.biasTaps + g.elements)),
      eventAddr: registers.word('events_address', addressBits),
      group: registers.word('group', bitsFor(g.groups - 1)),
      s1Accumulate: registers.word('s1_accumulate', 1),
      s1Bias: registers.word('s1_bias', 1),
      s1BiasRow: registers.word('s1_bias_row', bitsFor(g.biasTaps - 1)),
      s1Capture: registers.word('s1_capture', 1),
      s1Group: registers.word('s1_group', bitsFor(g.groups - 1)),
      s2Accumulate: registers.word('s2_accumulate', 1),
      s2Capture: registers.word('s2_capture', 1),
      s2LastGroup: registers.word('s2_last_group', this.#lastGroupBits),
      s2Value: registers.wide('s2_value', layer.timeLanes * layer.valueBits),
    };
    this.#ones = new Uint32Array(this.#r.s2Value.length);
    for (let t = 0; t < layer.timeLanes; t += 1) insert(this.#ones, 0, t * layer.valueBits, layer.valueBits, 1);
  }

  get work(): EngineWork {
    return this.#pass.work;
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
    this.#source.read(r.eventAddr.now);
    this.#pass.combine();
    this.#capturing =
      this.#pass.running &&
      r.slot.now === this.#end &&
      this.#lanes.left === 0 &&
      r.s1Capture.now === 0 &&
      r.s2Capture.now === 0;
    if (this.#capturing && r.group.now === this.#g.groups - 1) this.#source.release();
  }

  get #end(): number {
    return this.#g.biasTaps + this.#source.count;
  }

  update(): void {
    if (this.#r.s2Accumulate.now === 1 && unpack(this.#r.s2Value, 0, this.#layer.valueBits, this.#values)) {
      this.#lanes.accumulate(0, this.#weights, this.#values);
    }
    this.#lanes.update(this.#r.s2Capture.now === 1 ? this.#captured() : 0);
    this.#secondStage();
    this.#firstStage();
  }

  #captured(): number {
    return this.#r.s2LastGroup.now === 1 ? lastGroupOutputs(this.#layer) : this.#layer.outputLanes;
  }

  #secondStage(): void {
    const r = this.#r;
    const index = r.s1Bias.now === 1 ? this.#g.inputTaps + r.s1BiasRow.now : this.#source.dataIndex;
    this.#weights.read(index * this.#g.groups + r.s1Group.now);
    if (r.s1Accumulate.now === 1) this.#pass.work.group = r.s1Group.now;
    r.s2Accumulate.now = r.s1Accumulate.now;
    r.s2Capture.now = r.s1Capture.now;
    r.s2LastGroup.now = r.s1Group.now === this.#g.groups - 1 ? this.#lastGroupBits : 0;
    if (r.s1Bias.now === 1) r.s2Value.set(this.#ones);
    else this.#takeWord();
  }

  /** The word below the index in the buffer's output. */
  #takeWord(): void {
    const words = this.#r.s2Value.length;
    const rest = (this.#layer.timeLanes * this.#layer.valueBits) & 31;
    for (let w = 0; w < words; w += 1) this.#r.s2Value[w] = this.#source.data[w]!;
    if (rest !== 0) this.#r.s2Value[words - 1]! &= 0xffffffff >>> (32 - rest);
  }

  #firstStage(): void {
    const r = this.#r;
    r.s1Accumulate.now = 0;
    r.s1Bias.now = 0;
    r.s1Capture.now = 0;
    if (this.#pass.running) {
      if (r.slot.now !== this.#end) this.#issueSlot();
      else if (this.#capturing) this.#issueCapture();
    } else this.#pass.update();
  }

  #issueSlot(): void {
    const r = this.#r;
    r.s1Accumulate.now = 1;
    r.s1Group.now = r.group.now;
    if (r.slot.now < this.#g.biasTaps) {
      r.s1Bias.now = 1;
      r.s1BiasRow.now = r.slot.now;
    } else {
      // Wraps by its width after the last event of a full frame.
      r.eventAddr.now = (r.eventAddr.now + 1) & this.#addressMask;
    }
    r.slot.now += 1;
  }

  #issueCapture(): void {
    const r = this.#r;
    r.s1Capture.now = 1;
    r.s1Group.now = r.group.now;
    r.slot.now = 0;
    r.eventAddr.now = 0;
    if (r.group.now === this.#g.groups - 1) {
      r.group.now = 0;
      this.#pass.flush();
    } else r.group.now += 1;
  }
}
