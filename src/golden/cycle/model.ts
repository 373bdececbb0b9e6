/** The whole core, cycle by cycle. */
import type { LayerPlan, Plan } from '../../plan/schema/index.ts';
import { checkPlan } from '../check/index.ts';
import { bitsFor, geometryOf, pixelsOf } from '../geometry.ts';
import type { Consumer, Source } from './buffer.ts';
import { Carry } from './carry.ts';
import { DirectInput, Encoder } from './encoder.ts';
import type { EventBuffer } from './engines/event/buffer.ts';
import { frameOf, layerBuffer, layerEngine, oneRow } from './engines/index.ts';
import { FrameBuffer } from './frame-buffer.ts';
import { ImageGuard } from './image-guard.ts';
import type { Sink } from './lanes.ts';
import { MonitorBlock } from './monitors/block.ts';
import { DeviceNeurons } from './neurons/device/bank.ts';
import { type BusInputs, DeviceControl, type DeviceLayer, idleBus } from './neurons/device/control.ts';
import { layerNeurons } from './neurons/index.ts';
import { wordsFor } from './packed.ts';
import { Pool } from './pool.ts';
import { Readout } from './readout.ts';
import { type RegisterFile, Registers } from './registers.ts';
import { ClockedStages, type Stage } from './stages.ts';
import { UnseededEncoder } from './unseeded-encoder.ts';

/** The top's input ports in one clock cycle. */
export interface CycleInputs {
  /** Number of time steps; clamped to 1..Tmax by the core. */
  readonly timeSteps: number;
  /** A beat: a pixel, 0..255, or several, 8 bits each, the first in the low bits; a BigInt where a number is too short. */
  readonly sAxisTdata: number | bigint;
  readonly sAxisTvalid: boolean;
  readonly sAxisTlast: boolean;
  /** With the last beat: the image is to be dropped; absent: no. */
  readonly sAxisTuser?: boolean;
  /** The random streams go on to the next image; only while the core is empty. Absent: no. */
  readonly skipImage?: boolean;
  readonly mAxisTready: boolean;
  /** With early exit: the margin that answers an image; absent: all ones, never. */
  readonly exitMargin?: number;
  /** The register bus of a core that has one; absent: no access. */
  readonly bus?: BusInputs;
}

/** The top's output ports in the current cycle; they depend on registers only. */
export interface CycleOutputs {
  readonly sAxisTready: boolean;
  readonly mAxisTvalid: boolean;
  /** Unsigned 32-bit image of the beat. */
  readonly mAxisTdata: number;
  readonly mAxisTlast: boolean;
  readonly frameError: boolean;
  /** One clock for each image that was dropped. */
  readonly imageDropped: boolean;
  /** Something abnormal has been seen; false on a core that does not watch over itself. */
  readonly alarm: boolean;
  /** No image is taken: the host has the memories, or they are checked. */
  readonly closed: boolean;
  /** Of the register bus; false and 0 without one. */
  readonly busAck: boolean;
  readonly busData: number;
}

/** What a stage reads from and pushes into, and the first word of its registers. */
interface StageLinks {
  readonly source: Source | EventBuffer;
  readonly buffer: Stage['buffer'];
  readonly consumer: Consumer;
  readonly from: number;
}

/** All registers of a core and the one clock that moves them. */
export class Core {
  readonly #registers: Registers;
  readonly #ports;
  readonly guard: ImageGuard;
  readonly image: FrameBuffer;
  readonly encoder: Encoder | UnseededEncoder | undefined;
  readonly direct: DirectInput | undefined;
  readonly stages: readonly Stage[];
  readonly readout: Readout;
  readonly control: DeviceControl | undefined;
  readonly monitor: MonitorBlock | undefined;
  readonly #banks: readonly DeviceLayer[];
  readonly #clocked: ClockedStages;
  readonly #plan: Plan;
  readonly #file: RegisterFile;
  readonly #beat: Uint32Array;
  #outputs: CycleOutputs;

  /** Its registers live in `file`. Throws badInput when the plan contradicts itself. */
  constructor(plan: Plan, file: RegisterFile) {
    checkPlan(plan);
    this.#plan = plan;
    this.#file = file;
    this.#beat = new Uint32Array(wordsFor(8 * plan.pixelLanes));
    const ports = new Registers(file);
    this.#registers = ports;
    const hasBus = plan.neuron.kind === 'device' || plan.monitors !== undefined;
    this.#ports = {
      sAxisTready: ports.flag('s_axis_tready'),
      mAxisTdata: ports.word('m_axis_tdata', 32),
      mAxisTvalid: ports.flag('m_axis_tvalid'),
      mAxisTlast: ports.flag('m_axis_tlast'),
      frameError: ports.flag('frame_error'),
      imageDropped: ports.flag('image_dropped'),
      busData: ports.word('wb_dat_r', hasBus ? 32 : 0),
      busAck: ports.flag('wb_ack', hasBus),
      alarm: ports.flag('alarm', plan.monitors !== undefined),
      closed: ports.flag('closed', plan.monitors?.load === true),
    };
    this.readout = new Readout(file, plan);
    this.guard = new ImageGuard(file, plan);
    if (plan.monitors) this.monitor = new MonitorBlock(file, plan, plan.monitors);
    this.image = imageBuffer(file, plan);
    const stages: Stage[] = [];
    let consumer: Consumer = this.readout;
    for (let index = plan.layers.length - 1; index > 0; index -= 1) {
      const layer = plan.layers[index]!;
      const from = file.taken;
      const buffer = layerBuffer(file, plan, layer);
      stages.unshift(this.#stage(layer, { source: buffer, buffer, consumer, from }));
      consumer = buffer;
    }
    const first = plan.layers[0]!;
    const from = file.taken;
    if (plan.encoding.kind === 'direct') {
      this.direct = new DirectInput(file, plan, this.image, this.readout);
      stages.unshift(this.#stage(first, { source: this.direct, buffer: undefined, consumer, from }));
    } else {
      const buffer = layerBuffer(file, plan, first);
      const EncoderOfPlan = plan.seeding === 'none' ? UnseededEncoder : Encoder;
      const spikes = this.monitor?.watchInput(buffer) ?? buffer;
      this.encoder = new EncoderOfPlan(file, plan, plan.encoding.stream, this.image, spikes, this.readout);
      stages.unshift(this.#stage(first, { source: buffer, buffer, consumer, from }));
    }
    this.stages = stages;
    const memories = stages.flatMap(({ engine, neurons }) => [engine.check, neurons?.check]);
    this.monitor?.watchMemories(memories.filter((memory) => memory !== undefined));
    this.#banks = deviceLayers(stages);
    if (plan.neuron.kind === 'device') this.control = new DeviceControl(file, plan, plan.neuron, this.#banks);
    // A host or a check may reach into any stage in any clock.
    this.#clocked = new ClockedStages(stages, this.control === undefined && this.monitor === undefined);
    this.#outputs = this.#portsNow();
    this.#showPorts();
  }

  #stage(layer: LayerPlan, { source, buffer, consumer, from }: StageLinks): Stage {
    const plan = this.#plan;
    const isPooled = layer.pool !== null && layer.pool.height * layer.pool.width > 1;
    const pool = isPooled ? new Pool(this.#file, plan, layer, consumer) : undefined;
    const carry = layer.carry ? new Carry(this.#file, plan, layer, pool ?? consumer) : undefined;
    const behind = carry ?? pool ?? consumer;
    const taker = this.monitor?.watchLayer(layer.name, behind) ?? behind;
    const neurons = layerNeurons(this.#file, plan, layer, taker);
    const sink: Sink =
      neurons === undefined
        ? { kind: 'readout', readout: this.readout }
        : { kind: 'neurons', neurons, consumer: taker };
    const engine = layerEngine(this.#file, plan, layer, { source, sink, decision: this.readout, carry });
    const registers = this.#file.since(from);
    return { plan: layer, geometry: geometryOf(layer), buffer, engine, neurons, carry, pool, registers };
  }

  /** Of the current cycle. */
  get outputs(): CycleOutputs {
    return this.#outputs;
  }

  /** One rising edge: first every block looks at registers, then every block changes its own. */
  step(inputs: CycleInputs): void {
    this.#takePixel(inputs);
    this.#takeAccess(inputs);
    this.encoder?.combine();
    const clocked = this.#clocked;
    for (const stage of clocked.awake) stage.engine.combine();
    const taken = inputs.mAxisTready || this.guard.hides;
    if (this.readout.valid && this.readout.tlast && taken) this.guard.leave();
    this.#observe(taken);
    if (inputs.skipImage) this.#skipImage();
    this.readout.combine(taken, inputs.exitMargin);
    this.control?.observe();
    clocked.wake();

    this.readout.update();
    // Neurons read the drain's head, engines the buffers' outputs: in this order each sees its value before the edge.
    for (const stage of clocked.awake) {
      stage.pool?.update();
      stage.carry?.update();
      stage.neurons?.update();
      stage.engine.update();
    }
    this.encoder?.update();
    this.direct?.update();
    for (const stage of clocked.awake) stage.buffer?.update();
    clocked.rest();
    this.image.update();
    this.guard.update();
    this.control?.update();
    if (this.monitor) {
      this.monitor.update();
      this.readout.abstainBelow = this.monitor.abstainBelow;
    }
    this.#showPorts();
  }

  /** What the monitors see of this clock. */
  #observe(taken: boolean): void {
    const { readout, guard } = this;
    const leaves = readout.valid && taken;
    this.monitor?.observe({
      busy: guard.busy,
      moves: guard.takes || leaves,
      abstained: leaves && readout.tlast && readout.abstains && !guard.hides,
    });
  }

  /** The banks see the registers as they are before the edge. */
  #takeAccess(inputs: CycleInputs): void {
    const { control } = this;
    const given = inputs.bus ?? idleBus;
    const access = this.monitor?.combine(given) ?? given;
    if (control === undefined) return;
    control.combine(access);
    this.#banks.forEach(({ bank }, index) => {
      bank.control = control.control(index);
    });
  }

  #takePixel(inputs: CycleInputs): void {
    const beat = { valid: inputs.sAxisTvalid, last: inputs.sAxisTlast, user: inputs.sAxisTuser ?? false };
    const what = this.guard.push(beat, this.image.free, this.#closed);
    if (what === undefined) return;
    if (what === 'zeros') this.#beat.fill(0);
    else unpackBeat(inputs.sAxisTdata, 8 * this.#plan.pixelLanes, this.#beat);
    const steps = Math.max(1, Math.min(this.#plan.timeSteps.max, inputs.timeSteps));
    if (this.image.push(this.#beat, steps, 0, 0)) this.guard.commit();
  }

  get #closed(): boolean {
    return this.monitor?.closed ?? false;
  }

  get #dropped(): boolean {
    return this.guard.hides && this.readout.valid && this.readout.tlast;
  }

  /** Every stream goes on by an image. */
  #skipImage(): void {
    this.encoder?.skipImage();
    this.#clocked.wakeAll();
    for (const { neurons } of this.stages) neurons?.skipImage();
  }

  #portsNow(): CycleOutputs {
    return {
      sAxisTready: this.guard.accepts(this.image.free, this.#closed),
      mAxisTvalid: this.readout.valid && !this.guard.hides,
      mAxisTdata: this.readout.data,
      mAxisTlast: this.readout.tlast,
      frameError: this.guard.frameError,
      imageDropped: this.#dropped,
      alarm: this.monitor?.alarm ?? false,
      closed: this.#closed,
      busAck: (this.control?.ack ?? false) || (this.monitor?.ack ?? false),
      busData: (this.monitor?.answersOwn ? this.monitor.data : this.control?.data) ?? 0,
    };
  }

  #showPorts(): void {
    const ports = this.#ports;
    const outputs = this.#portsNow();
    this.#outputs = outputs;
    ports.sAxisTready.now = outputs.sAxisTready;
    ports.mAxisTdata.now = outputs.mAxisTdata;
    ports.mAxisTvalid.now = outputs.mAxisTvalid;
    ports.mAxisTlast.now = outputs.mAxisTlast;
    ports.frameError.now = outputs.frameError;
    ports.imageDropped.now = outputs.imageDropped;
    ports.busData.now = outputs.busData;
    ports.busAck.now = outputs.busAck;
    ports.alarm.now = outputs.alarm;
    ports.closed.now = outputs.closed;
  }

  /** All registers with the name of their instance; the top itself has none. */
  registers(): { readonly name: string; readonly registers: Registers }[] {
    const named = [
      { name: '', registers: this.#registers },
      { name: 'image_guard', registers: this.guard.registers },
      { name: 'image_buffer', registers: this.image.registers },
      { name: 'encoder', registers: this.encoder?.registers },
      { name: 'direct', registers: this.direct?.registers },
      ...this.stages.flatMap(({ plan, buffer, engine, neurons, carry, pool }) => [
        { name: `${plan.name}_buffer`, registers: buffer?.registers },
        { name: plan.name, registers: engine.registers },
        { name: `${plan.name}_neurons`, registers: neurons?.registers },
        ...(neurons?.parts ?? []).map(({ name, registers }) => ({ name: `${plan.name}_neurons.${name}`, registers })),
        { name: `${plan.name}_carry`, registers: carry?.registers },
        { name: `${plan.name}_pool`, registers: pool?.registers },
      ]),
      { name: 'readout', registers: this.readout.registers },
      { name: 'device_control', registers: this.control?.registers },
      { name: 'monitor', registers: this.monitor?.registers },
      { name: 'monitor', registers: this.monitor?.check?.registers },
      { name: 'monitor', registers: this.monitor?.check?.host?.registers },
      ...(this.monitor?.watches ?? []).map(({ name, watch }) => ({ name, registers: watch.registers })),
    ];
    return named.flatMap(({ name, registers }) => (registers === undefined ? [] : [{ name, registers }]));
  }
}

function deviceLayers(stages: readonly Stage[]): DeviceLayer[] {
  return stages.flatMap(({ plan, neurons: bank }) =>
    bank instanceof DeviceNeurons && plan.neuron.kind === 'device' ? [{ plan, neuron: plan.neuron, bank }] : [],
  );
}

function imageBuffer(file: RegisterFile, plan: Plan): FrameBuffer {
  const shared = {
    metaName: 'steps',
    metaBits: bitsFor(plan.timeSteps.max),
    elementBits: 8 * plan.pixelLanes,
    banks: plan.imageBanks,
    imageBits: 0,
  } as const;
  if (plan.encoding.kind === 'direct') return new FrameBuffer(file, { ...shared, ...frameOf(plan.layers[0]!) });
  return new FrameBuffer(file, { ...shared, ...oneRow(pixelsOf(plan) / plan.pixelLanes), readEarly: true });
}

/** The bits of a beat in words, low first. */
function unpackBeat(beat: number | bigint, bits: number, into: Uint32Array): void {
  if (typeof beat === 'number' && bits <= 32) {
    into[0] = beat & (0xffffffff >>> (32 - bits));
    return;
  }
  let rest = BigInt.asUintN(bits, BigInt(beat));
  for (let w = 0; w < into.length; w += 1) {
    into[w] = Number(rest & 0xffffffffn);
    rest >>= 32n;
  }
}
