/** The core: blocks in a row, a double buffer between each two (docs/microarchitecture.md, "Top"). */
import {
  axiStream,
  type Bool,
  bool,
  component,
  flip,
  type Inside,
  input,
  lit,
  type ModuleBuilder,
  mux,
  output,
  sint,
  type UInt,
  uint,
  when,
  wishbone,
} from '../hdl/index.ts';
import { type Plan, unsignedBits } from '../plan/index.ts';
import { type FrameGeometry, flatGeometry } from './buffers/frame.ts';
import { type ImageBufferOptions, imageBuffer } from './buffers/image.ts';
import { withCarried } from './carry.ts';
import { encoder } from './encoding/bernoulli.ts';
import { directInput } from './encoding/direct.ts';
import { pixelBits } from './encoding/passes.ts';
import type { PlacedEngine } from './engines/contract.ts';
import { engineKindOf } from './engines/index.ts';
import { imageGuard } from './image-guard.ts';
import { clocked, type FrameIn, type ImageIn, type PassIn } from './links/index.ts';
import { checkedMemories } from './memories.ts';
import { monitorBlock, watched, watchShapes } from './monitors/index.ts';
import { neuronKindOf } from './neurons/index.ts';
import { pooled } from './pool.ts';
import { readout, resultBits } from './readout/index.ts';
import { deviceControl } from './registers/control.ts';
import { busAddressBits, hasBus } from './registers/map.ts';
import { coreShape, type Stage, stageOf } from './stage.ts';

/** Ports of a core: clock and reset, images in, answers out, settings, and a register bus where neurons are devices. */
export function corePorts(plan: Plan) {
  const { pixelLanes, timeSteps } = plan;
  const pixels =
    pixelLanes === 1 ? 'pixels, row by row' : `${pixelLanes} pixels, row by row, the first in the low bits`;
  const margin = 'answers an image when the best class leads by so much; all ones: never before its last time step';
  return {
    ...clocked,
    timeSteps: input(uint(unsignedBits(timeSteps.max)), 'time steps of the image that begins now'),
    exitMargin: when(plan.earlyExit === 'margin', input(uint(plan.readout.scoreBits), margin)),
    sAxis: flip(
      axiStream(uint(pixelLanes * pixelBits), {
        data: pixels,
        last: 'last pixel of the image',
        user: 'with the last pixel: drop the image',
      }),
    ),
    mAxis: axiStream(sint(resultBits), { data: 'scores of the classes, then the class', last: 'the class' }),
    frameError: output(bool(), 'an image did not end where it should, since reset'),
    imageDropped: output(bool(), 'one clock for each image that was dropped'),
    skipImage: input(bool(), 'one clock, while the core is empty: the random streams go on to the next image'),
    wb: when(hasBus(plan), flip(wishbone(busAddressBits(plan)))),
    alarm: when(plan.monitors !== undefined, output(bool(), 'something abnormal has been seen; STATUS tells what')),
    closed: when(loads(plan), output(bool(), 'no image is taken: memories are loaded or checked; LOAD tells')),
  };
}
type CoreIo = Inside<ReturnType<typeof corePorts>>;

const loads = ({ monitors }: Plan): boolean => monitors?.load === true;

/** guard >> image >> encoder >> (buffer >> engine >> neurons >> pool) of each layer >> readout */
export function topModule(plan: Plan) {
  const { lanes, max } = plan.timeSteps;
  return component(plan.name, corePorts(plan), (m, io) => {
    m.doc(`Stochastic spiking core ${plan.name}: MTJ neurons, ${lanes} time steps side by side, up to ${max}.`);
    const monitors = placeMonitors(m, plan, io);
    const bus = monitors?.device ?? io.wb;
    const control = bus && placeControl(m, plan, bus);
    const stages = plan.layers.map((layer) => stageOf(plan, layer));
    m.section('Image');
    const guard = placeGuard(m, plan, io, monitors);
    if (io.closed && monitors?.closed) m.assign(io.closed, monitors.closed);
    if (monitors?.drops) m.assign(monitors.drops.dropped, guard.imageDropped);
    const steps = clampSteps(io.timeSteps, max);
    const image = m.place('image_buffer', imageBuffer(imageOptions(plan, stages[0]!)), { pixels: guard.pixels, steps });
    const source = encodedImage(m, plan, stages[0]!, {
      ...{ image: image.image, skipImage: io.skipImage, monitors },
    });
    const decisions = [source.decision];
    let passes = source.pass;
    let potentials: PlacedEngine['potentials'] | undefined;
    for (const [index, stage] of stages.entries()) {
      m.section(`Layer ${stage.layer.name}`);
      const engine = engineKindOf(stage.layer).place(m, stage, {
        frames: index === 0 ? source.frame : undefined,
        check: monitors?.checks[`${stage.layer.name}_weights`],
      });
      if (passes && engine.pass) m.connect(passes, engine.pass);
      decisions.push(engine.decision);
      const neurons = neuronKindOf(stage.layer);
      passes = neurons?.place(m, stage, engine.potentials, {
        skipImage: io.skipImage,
        registers: control?.[stage.layer.name],
        lockup: monitors?.streams[stage.layer.name],
        check: monitors?.checks[`${stage.layer.name}_table`],
      });
      if (passes) passes = watched(m, watchOptions(stage), passes, watchOf(monitors, stage.layer.name));
      potentials = passes ? undefined : engine.potentials;
      if (!neurons || !passes || index === stages.length - 1) continue;
      const own = { pass: passes, largest: 2 ** neurons.outputBits - 1 };
      passes = pooled(m, stage, withCarried(m, stage, own, engine.carried));
    }
    m.section('Readout');
    const last = stages.at(-1)!;
    const abstains = monitors?.abstain !== undefined;
    const answer = m.place('readout', readout({ ...last, readout: plan.readout, abstains }), {
      ...{ spikes: passes, potentials, exitMargin: io.exitMargin, mAxis: guard.answers, abstain: monitors?.abstain },
    });
    if (!hasChance(plan)) m.unused(io.skipImage, 'a core without chance');
    for (const block of decisions) if (block && answer.decision) m.connect(answer.decision, block);
  });
}

/** What watches over the core, and who is watched. */
function placeMonitors(m: ModuleBuilder, plan: Plan, { wb, alarm }: CoreIo) {
  if (!plan.monitors || !wb || !alarm) return undefined;
  m.section('Monitors');
  const block = m.place('monitor', monitorBlock(plan, plan.monitors, checkedMemories(plan)), { wb });
  m.assign(alarm, block.alarm);
  return { ...block, shapes: watchShapes(plan, plan.monitors) };
}
type Monitors = ReturnType<typeof placeMonitors>;

const watchOptions = (stage: Stage) => ({ ...stage, name: stage.layer.name, spikeBits: stage.passLanes });

function watchOf(monitors: Monitors, name: string) {
  const shape = monitors?.shapes[name];
  const link = monitors?.passes[name];
  return shape && link && { shape, link };
}

/** The register block; for each layer of devices the end of its registers. */
function placeControl(m: ModuleBuilder, plan: Plan, wb: NonNullable<CoreIo['wb']>) {
  if (plan.neuron.kind !== 'device') return undefined;
  m.section('Register bus');
  return m.place('device_control', deviceControl(plan, plan.neuron), { wb }).banks;
}

/** The way of the pixels in and of the answers out. */
function placeGuard(
  m: ModuleBuilder,
  plan: Plan,
  { sAxis, mAxis, imageDropped, frameError }: CoreIo,
  monitors: Monitors,
) {
  const beatBits = plan.pixelLanes * pixelBits;
  const { progress, closed } = monitors ?? {};
  const watching = { watched: progress !== undefined, closes: closed !== undefined };
  const options = { core: plan.name, beatBits, layers: plan.layers.length, ...watching };
  const guard = m.place('image_guard', imageGuard(options), { sAxis, mAxis, progress, closed });
  m.assign(imageDropped, guard.imageDropped);
  m.assign(frameError, guard.frameError);
  return guard;
}

/** Under direct encoding the first layer reads the image itself, so the image carries that layer's padding. */
function imageOptions(plan: Plan, first: Stage): ImageBufferOptions {
  const isDirect = plan.encoding.kind === 'direct';
  const engine = engineKindOf(first.layer);
  return {
    core: plan.name,
    banks: plan.imageBanks,
    geometry: isDirect ? engine.geometry(first) : pixelGeometry(plan),
    elementBits: plan.pixelLanes * pixelBits,
    stepBits: unsignedBits(plan.timeSteps.max),
    early: !isDirect,
    laneOffsets: isDirect ? engine.laneOffsets(first) : [0],
  };
}

function pixelGeometry({ input: image, pixelLanes }: Plan): FrameGeometry {
  if (pixelLanes > 1) return flatGeometry((image.height * image.width * image.channels) / pixelLanes);
  return { ...image, padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 };
}

interface Encoded {
  /** Passes of spikes for the first layer's buffer, or the image itself as frames for its engine. */
  readonly pass: PassIn | undefined;
  readonly frame: FrameIn | undefined;
  readonly decision: PlacedEngine['decision'];
}

function encodedImage(
  m: ModuleBuilder,
  plan: Plan,
  first: Stage,
  given: { readonly image: ImageIn; readonly skipImage: Bool; readonly monitors: Monitors },
): Encoded {
  const shape = coreShape(plan);
  if (plan.encoding.kind === 'direct') {
    m.section('Direct input');
    const { geometry, elementBits, laneOffsets } = imageOptions(plan, first);
    const options = { ...shape, geometry, elementBits, lanes: laneOffsets.length };
    return { pass: undefined, ...m.place('direct', directInput(options), { image: given.image }) };
  }
  m.section('Encoder');
  const { pixelLanes, seeding, encoding } = plan;
  const pixels = plan.input.height * plan.input.width * plan.input.channels;
  const options = { ...shape, pixels, pixelLanes, stream: encoding.stream };
  const { image, skipImage, monitors } = given;
  const placed = { image, skipImage, lockup: monitors?.streams.input };
  const { pass, decision } = m.place('encoder', encoder(seeding, options), placed);
  const spikes = { ...shape, name: 'input', spikeBits: pixelLanes * shape.passLanes };
  return { pass: watched(m, spikes, pass, watchOf(monitors, 'input')), decision, frame: undefined };
}

function hasChance({ encoding, layers }: Plan): boolean {
  return encoding.kind === 'bernoulli' || layers.some((layer) => neuronKindOf(layer)?.isRandom);
}

/** Run-time number of time steps, kept within 1..max. */
function clampSteps(steps: UInt, max: number): UInt {
  const low = mux(steps.equals(0), 1, steps);
  return max === 2 ** steps.width - 1 ? low : mux(steps.greaterThan(max), lit(max, steps.type), low);
}
