/** One layer in the row of blocks: input frames, engine, neurons, pool. */
import { type Bool, bool, type ModuleBuilder, type Signal, type UInt, uint } from '../../hdl/index.ts';
import type { LayerPlan, Plan, Seeding } from '../../plan/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { type BankWiring, deviceBankOf } from './device/stage.ts';
import { type Decision, decisionInputs, imageNumberBits } from './early-exit.ts';
import { eventBuffer } from './event-buffer.ts';
import { eventEngine } from './event-engine.ts';
import { type FrameGeometry, frameBuffer, paddedElements } from './frame-buffer.ts';
import { integerBits, integerNeurons } from './integer-neurons.ts';
import { neuronBank } from './neurons.ts';
import { poolModule } from './pool.ts';
import { inputLanesOf, wideElements, wideEngine } from './wide-engine.ts';
import { positionOffsets, windowEngine } from './window-engine.ts';

/** What a producer hands to its consumer, one element a clock. */
export interface Producer {
  readonly push: Bool;
  readonly data: UInt;
  readonly active: UInt;
  readonly last: Bool;
  /** Number of the pass's image, with early exit. */
  readonly image: UInt | undefined;
}

/** What a producer needs to know of its consumer. The consumer is made after it, so these are wires. */
export interface ConsumerWires {
  readonly free: Bool;
  readonly committed: Bool;
}

/** Frames that an engine reads: its inputs by port name, and the wires through which it answers. */
export interface FrameSource {
  readonly inputs: Readonly<Record<string, Signal>>;
  readonly last: Bool;
  readonly readAddress: UInt;
  readonly release: Bool;
}

/** What leaves an engine and its neurons. */
export interface StageOutput {
  readonly active: UInt;
  readonly last: Bool;
  readonly image: UInt | undefined;
  readonly draw: Bool;
  readonly potentials: Readonly<Record<string, Signal>>;
  /** Values of an integer core; absent on a layer without neurons. */
  readonly spikes: { readonly valid: Bool; readonly word: UInt } | undefined;
}

export function consumerWires(m: ModuleBuilder, name: string): ConsumerWires {
  return { free: m.wire(`to_${name}_free`, bool()), committed: m.wire(`to_${name}_committed`, bool()) };
}

/** A layer's input frame with its padding. */
export function inputGeometry(layer: LayerPlan): FrameGeometry {
  if (layer.engine.kind === 'wide') return flatGeometry(wideElements(layer));
  const { padTop, padLeft, padBottom, padRight } = layer;
  return { ...layer.input, padTop, padLeft, padBottom, padRight };
}

/** A frame of one row. */
export function flatGeometry(elements: number): FrameGeometry {
  return { height: 1, width: elements, channels: 1, padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 };
}

/** The double buffer in front of a layer, as its engine wants it: whole frames or lists of events. */
export function inputBuffer(
  m: ModuleBuilder,
  plan: Plan,
  layer: LayerPlan,
  producer: Producer,
  wires: ConsumerWires,
): FrameSource {
  const geometry = inputGeometry(layer);
  const passSteps = plan.timeSteps.lanes;
  const name = `${layer.name}_buffer`;
  const options = {
    name: `${plan.name}_${name}`,
    elementBits: inputLanesOf(layer) * passSteps * layer.valueBits,
    passSteps,
  };
  const release = m.wire(`${layer.name}_read_done`, bool());
  const readAddress = m.wire(`${layer.name}_read_addr`, uint(unsignedBits(paddedElements(geometry) - 1)));
  const common = {
    push: producer.push,
    push_data: producer.data,
    push_active: producer.active,
    rd_addr: readAddress,
    rd_done: release,
    ...(producer.image ? { push_image: producer.image } : {}),
  };
  const imageBits = imageNumberBits(plan);
  if (layer.engine.kind === 'event') {
    const doc = `Spikes for ${layer.name}: only the inputs that spiked, with their numbers.`;
    const module = eventBuffer({ ...options, doc, elements: paddedElements(geometry), imageBits });
    const buffer = m.instance(name, module, { ...common, push_last: producer.last });
    m.assign(wires.free, buffer.bool('free'));
    m.assign(wires.committed, buffer.bool('committed'));
    const inputs = {
      in_ready: buffer.bool('ready'),
      in_active: buffer.uint('active'),
      in_last: buffer.bool('last'),
      in_count: buffer.uint('count'),
      in_index: buffer.uint('event_index'),
      in_data: buffer.uint('event_data'),
      ...(imageBits === undefined ? {} : { in_image: buffer.uint('image') }),
    };
    return { inputs, last: inputs.in_last, readAddress, release };
  }
  const laneOffsets = positionOffsets(layer);
  const doc =
    plan.neuron.kind === 'integer'
      ? `Values for ${layer.name}.`
      : `Spikes for ${layer.name}: the time steps of a pass side by side.`;
  const module = frameBuffer({
    ...options,
    doc,
    geometry,
    meta: { active: passSteps, last: 1, ...(imageBits === undefined ? {} : { image: imageBits }) },
    laneOffsets,
    banks: layer.engine.kind === 'window' ? layer.engine.inputBanks : 2,
  });
  const buffer = m.instance(name, module, { ...common, push_last: producer.last.asUInt() });
  m.assign(wires.free, buffer.bool('free'));
  m.assign(wires.committed, buffer.bool('committed'));
  const last = buffer.uint('last').bit(0);
  const data = Object.fromEntries(laneOffsets.map((_, x) => [`in_data_${x}`, buffer.uint(`data_${x}`)]));
  return {
    inputs: {
      in_ready: buffer.bool('ready'),
      in_active: buffer.uint('active'),
      in_last: last,
      ...(imageBits === undefined ? {} : { in_image: buffer.uint('image') }),
      ...data,
    },
    last,
    readAddress,
    release,
  };
}

/** What the engine must know of its neurons, which are made after it. */
function neuronWires(m: ModuleBuilder, layer: LayerPlan, seeding: Seeding) {
  const resting = m.wire(`${layer.name}_seeder_resting`, bool());
  if (seeding === 'draw') return { seeder_resting: resting };
  return { seeder_resting: resting, seeder_loading: m.wire(`${layer.name}_seeder_loading`, bool()) };
}

const engines = { window: windowEngine, event: eventEngine, wide: wideEngine } as const;

/** A layer's engine and its neurons, between its input frames and its consumer. */
export function layerStage(
  m: ModuleBuilder,
  plan: Plan,
  layer: LayerPlan,
  source: FrameSource,
  consumer: ConsumerWires,
  decision: Decision | undefined,
  skipImage: Bool,
  wiring?: BankWiring,
): StageOutput {
  const { name: core } = plan;
  const { neuron } = layer;
  const { seeding } = plan;
  const { lanes: passSteps, max: maxTimeSteps } = plan.timeSteps;
  const neuronsWait = plan.neuron.kind === 'device' && (plan.neuron.phases !== null || plan.neuron.selfTest);
  const seederWires = 'stream' in neuron ? neuronWires(m, layer, seeding) : undefined;
  const busy = seederWires && neuronsWait ? m.wire(`${layer.name}_neurons_wait`, bool()) : undefined;
  const engine = m.instance(
    layer.name,
    engines[layer.engine.kind]({ core, layer, passSteps, seeding, imageBits: imageNumberBits(plan), neuronsWait }),
    {
      ...source.inputs,
      out_free: consumer.free,
      out_committed: consumer.committed,
      ...seederWires,
      ...(busy ? { neurons_busy: busy } : {}),
      ...decisionInputs(decision),
    },
  );
  m.assign(source.release, engine.bool('in_release'));
  m.assign(source.readAddress, engine.uint('rd_addr'));
  const output = {
    active: engine.uint('active'),
    last: engine.bool('last'),
    image: plan.earlyExit === 'margin' ? engine.uint('image') : undefined,
    draw: engine.bool('draw'),
    potentials: Object.fromEntries(
      Array.from({ length: layer.timeLanes }, (_, t) => [`potential_${t}`, engine.sint(`potential_${t}`)]),
    ),
  };
  if (neuron.kind === 'integer') {
    const values = m.instance(`${layer.name}_neurons`, integerNeurons(core, layer, neuron), {
      draw: output.draw,
      ...output.potentials,
    });
    return { ...output, spikes: { valid: values.bool('valid'), word: values.uint('value') } };
  }
  if (neuron.kind === 'none' || seederWires === undefined) return { ...output, spikes: undefined };
  const startLast = layer.engine.kind === 'wide' && seeding !== 'draw' ? engine.bool('start_last') : source.last;
  const bank =
    neuron.kind === 'device' && wiring
      ? deviceBankOf(
          m,
          plan,
          layer,
          neuron,
          {
            ...{ output, skip: skipImage },
            start: seeding === 'draw' ? undefined : { start: engine.bool('start'), last: startLast },
          },
          wiring,
        )
      : m.instance(
          `${layer.name}_neurons`,
          neuronBank({
            core,
            layer,
            neurons: { ...neuron, kind: 'ideal' },
            passSteps,
            maxTimeSteps,
            seeding,
            earlyExit: plan.earlyExit === 'margin',
          }),
          {
            ...(seeding === 'draw' ? { last: output.last } : { start: engine.bool('start'), start_last: startLast }),
            ...(plan.earlyExit === 'margin' ? { new_image: engine.bool('new_image') } : {}),
            skip_image: skipImage,
            draw: output.draw,
            active: output.active,
            ...output.potentials,
          },
        );
  if (busy) m.assign(busy, bank.bool('busy'));
  m.assign(seederWires.seeder_resting, bank.bool('resting'));
  if (seederWires.seeder_loading) m.assign(seederWires.seeder_loading, bank.bool('loading'));
  return { ...output, spikes: { valid: bank.bool('valid'), word: bank.uint('spikes') } };
}

/** The spikes of a hidden layer on their way to the next one, pooled where the plan says so. */
export function toNextLayer(m: ModuleBuilder, plan: Plan, layer: LayerPlan, output: StageOutput): Producer {
  const { spikes, active, last, image } = output;
  if (spikes === undefined) throw new Error(`hidden layer ${layer.name} has no neurons`);
  if (layer.pool === null) return { push: spikes.valid, data: spikes.word, active, last, image };
  const isInteger = layer.neuron.kind === 'integer';
  const valueBits = isInteger ? integerBits : 1;
  const pool = m.instance(`${layer.name}_pool`, poolModule(plan.name, layer, plan.timeSteps.lanes, valueBits), {
    valid: spikes.valid,
    [isInteger ? 'values' : 'spikes']: spikes.word,
  });
  return { push: pool.bool('push'), data: pool.uint('counts'), active, last, image };
}
