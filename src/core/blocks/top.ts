/** The core: blocks in a row, a double buffer between each two (docs/microarchitecture.md, "Top"). */
import {
  type Bool,
  bool,
  defineModule,
  type InstanceHandle,
  lit,
  type ModuleBuilder,
  type ModuleDefinition,
  mux,
  sint,
  type UInt,
  uint,
} from '../../hdl/index.ts';
import type { LayerPlan, Plan, StreamPlan } from '../../plan/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { deviceControl } from './device/stage.ts';
import { drawnEncoder } from './drawn-encoder.ts';
import { type Decision, decisionInputs, decisionWires, imageNumberBits } from './early-exit.ts';
import { bernoulliEncoder, directInput, pixelBits } from './encoder.ts';
import { exitReadout } from './exit-readout.ts';
import { type FrameGeometry, frameBuffer, paddedElements } from './frame-buffer.ts';
import { imageGuard } from './image-guard.ts';
import { readoutModule, resultBits } from './readout.ts';
import {
  type ConsumerWires,
  consumerWires,
  type FrameSource,
  flatGeometry,
  inputBuffer,
  inputGeometry,
  layerStage,
  type StageOutput,
  toNextLayer,
} from './stage.ts';
import { positionOffsets } from './window-engine.ts';

export function topModule(plan: Plan): ModuleDefinition {
  const { lanes: passSteps, max: maxTimeSteps } = plan.timeSteps;
  const [firstLayer] = plan.layers;
  if (firstLayer === undefined) throw new Error('a plan has at least one layer');

  return defineModule(plan.name, (m) => {
    m.doc(
      `Stochastic spiking core ${plan.name}: MTJ neurons, ${passSteps} time steps side by side, up to ${maxTimeSteps}.`,
    );
    m.clock('clk');
    m.reset('rst');
    const timeSteps = m.input('time_steps', uint(unsignedBits(maxTimeSteps)), {
      doc: 'time steps of the image that begins now',
    });
    const exitMargin =
      plan.earlyExit === 'margin'
        ? m.input('exit_margin', uint(plan.readout.scoreBits), {
            doc: 'answers an image when the best class leads by so much; all ones: never before its last time step',
          })
        : undefined;
    const { pixelLanes } = plan;
    const inData = m.input('s_axis_tdata', uint(pixelLanes * pixelBits), {
      doc: pixelLanes === 1 ? 'pixels, row by row' : `${pixelLanes} pixels, row by row, the first in the low bits`,
    });
    const inValid = m.input('s_axis_tvalid', bool());
    const inReady = m.output('s_axis_tready', bool());
    const inLast = m.input('s_axis_tlast', bool(), { doc: 'last pixel of the image' });
    const inUser = m.input('s_axis_tuser', bool(), { doc: 'with the last pixel: drop the image' });
    const outData = m.output('m_axis_tdata', sint(resultBits), { doc: 'scores of the classes, then the class' });
    const outValid = m.output('m_axis_tvalid', bool());
    const outReady = m.input('m_axis_tready', bool());
    const outLast = m.output('m_axis_tlast', bool(), { doc: 'the class' });
    const frameError = m.output('frame_error', bool(), { doc: 'an image did not end where it should, since reset' });
    const imageDropped = m.output('image_dropped', bool(), { doc: 'one clock for each image that was dropped' });
    const skipImage = m.input('skip_image', bool(), {
      doc: 'one clock, while the core is empty: the random streams go on to the next image',
    });

    const control = plan.neuron.kind === 'device' ? deviceControl(m, plan, plan.neuron) : undefined;

    if (plan.encoding.kind === 'direct' && !plan.layers.some(({ neuron }) => 'stream' in neuron))
      m.unused(skipImage, 'a core without chance');
    m.section('Image');
    const geometry = imageGeometry(plan, firstLayer);
    const imageAddress = m.wire('image_addr', uint(unsignedBits(paddedElements(geometry) - 1)));
    const imageRelease = m.wire('image_release', bool());
    const imageFree = m.wire('image_free', bool());
    const imageCommitted = m.wire('image_committed', bool());
    const answerValid = m.wire('answer_valid', bool());
    const answerLast = m.wire('answer_last', bool());
    const beatBits = pixelLanes * pixelBits;
    const guard = m.instance('image_guard', imageGuard({ core: plan.name, beatBits, layers: plan.layers.length }), {
      s_axis_tdata: inData,
      s_axis_tvalid: inValid,
      s_axis_tlast: inLast,
      s_axis_tuser: inUser,
      free: imageFree,
      committed: imageCommitted,
      answer_valid: answerValid,
      answer_last: answerLast,
      m_axis_tready: outReady,
    });
    const image = m.instance('image_buffer', imageBuffer(plan, firstLayer, geometry), {
      push: guard.bool('push'),
      push_data: guard.uint('push_data'),
      push_steps: clampSteps(timeSteps, maxTimeSteps),
      rd_addr: imageAddress,
      rd_done: imageRelease,
    });
    m.assign(imageFree, image.bool('free'));
    m.assign(imageCommitted, image.bool('committed'));
    m.assign(inReady, guard.bool('s_axis_tready'));
    m.assign(frameError, guard.bool('frame_error'));
    m.assign(imageDropped, guard.bool('image_dropped'));

    const decision = decisionWires(m, imageNumberBits(plan));
    const wires = { imageAddress, imageRelease, decision, skipImage };
    let source =
      plan.encoding.kind === 'direct'
        ? directSource(m, plan, firstLayer, image, wires)
        : encodedSource(m, plan, plan.encoding.stream, firstLayer, image, wires);
    for (const [index, layer] of plan.layers.entries()) {
      m.section(`Layer ${layer.name}`);
      const next = plan.layers[index + 1];
      const consumer = consumerWires(m, next?.name ?? 'readout');
      const output = layerStage(m, plan, layer, source, consumer, decision, skipImage, control?.bank(layer));
      if (next !== undefined) {
        source = inputBuffer(m, plan, next, toNextLayer(m, plan, layer, output), consumer);
        continue;
      }
      m.section('Readout');
      const readout = m.instance('readout', readoutOf(plan, layer), {
        ...readoutInputs(output),
        m_axis_tready: guard.bool('answer_ready'),
        ...(exitMargin ? { exit_margin: exitMargin } : {}),
      });
      if (decision) {
        m.assign(decision.decided, readout.bool('decided_out'));
        m.assign(decision.decidedImage, readout.uint('decided_image_out'));
      }
      m.assign(consumer.free, readout.bool('free'));
      m.assign(consumer.committed, readout.bool('committed'));
      m.assign(outData, readout.sint('m_axis_tdata'));
      m.assign(answerValid, readout.bool('m_axis_tvalid'));
      m.assign(answerLast, readout.bool('m_axis_tlast'));
      m.assign(outValid, guard.bool('m_axis_tvalid'));
      m.assign(outLast, answerLast);
    }
  });
}

/** Under direct encoding the first layer reads the image itself, so the image carries that layer's padding. */
function imageGeometry(plan: Plan, firstLayer: LayerPlan): FrameGeometry {
  if (plan.encoding.kind === 'direct') return inputGeometry(firstLayer);
  const { height, width, channels } = plan.input;
  if (plan.pixelLanes > 1) return flatGeometry((height * width * channels) / plan.pixelLanes);
  return { ...plan.input, padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 };
}

function imageBuffer(plan: Plan, firstLayer: LayerPlan, geometry: FrameGeometry): ModuleDefinition {
  return frameBuffer({
    name: `${plan.name}_image_buffer`,
    doc: plan.imageBanks === 1 ? 'One image.' : 'Two images: one arrives while the other is worked on.',
    banks: plan.imageBanks,
    geometry,
    elementBits: plan.pixelLanes * pixelBits,
    meta: { steps: unsignedBits(plan.timeSteps.max) },
    metaFirst: true,
    readEarly: plan.encoding.kind === 'bernoulli',
    laneOffsets: plan.encoding.kind === 'direct' ? positionOffsets(firstLayer) : [0],
  });
}

interface ImageWires {
  readonly imageAddress: UInt;
  readonly imageRelease: ConsumerWires['free'];
  readonly decision: Decision | undefined;
  readonly skipImage: Bool;
}

/** Bernoulli encoding: the encoder fills the first layer's buffer once a pass. */
function encodedSource(
  m: ModuleBuilder,
  plan: Plan,
  stream: StreamPlan,
  firstLayer: LayerPlan,
  image: InstanceHandle,
  wires: ImageWires,
): FrameSource {
  m.section('Encoder');
  const { lanes: timeLanes, max: maxTimeSteps } = plan.timeSteps;
  const pixels = plan.input.height * plan.input.width * plan.input.channels;
  const consumer = consumerWires(m, firstLayer.name);
  const encoderModule = plan.seeding === 'draw' ? drawnEncoder : bernoulliEncoder;
  const encoder = m.instance(
    'encoder',
    encoderModule({
      core: plan.name,
      pixels,
      pixelLanes: plan.pixelLanes,
      stream,
      timeLanes,
      maxTimeSteps,
      imageBits: imageNumberBits(plan),
    }),
    {
      image_ready: image.bool('ready'),
      pixel_written: image.bool('written'),
      steps: image.uint('steps'),
      pixel: image.uint('data_0'),
      out_free: consumer.free,
      out_committed: consumer.committed,
      skip_image: wires.skipImage,
      ...decisionInputs(wires.decision),
    },
  );
  m.assign(wires.imageAddress, encoder.uint('pixel_addr'));
  m.assign(wires.imageRelease, encoder.bool('image_release'));
  const producer = {
    push: encoder.bool('push'),
    data: encoder.uint('spikes'),
    active: encoder.uint('active'),
    last: encoder.bool('last'),
    image: plan.earlyExit === 'margin' ? encoder.uint('image_number') : undefined,
  };
  return inputBuffer(m, plan, firstLayer, producer, consumer);
}

/** Direct encoding: the image is the first layer's frame. */
function directSource(
  m: ModuleBuilder,
  plan: Plan,
  firstLayer: LayerPlan,
  image: InstanceHandle,
  wires: ImageWires,
): FrameSource {
  m.section('Direct input');
  const release = m.wire(`${firstLayer.name}_read_done`, bool());
  const { lanes: timeLanes, max: maxTimeSteps } = plan.timeSteps;
  const direct = m.instance(
    'direct',
    directInput({ core: plan.name, timeLanes, maxTimeSteps, imageBits: imageNumberBits(plan) }),
    {
      image_ready: image.bool('ready'),
      steps: image.uint('steps'),
      rd_done: release,
      ...decisionInputs(wires.decision),
    },
  );
  m.assign(wires.imageRelease, direct.bool('image_release'));
  const last = direct.bool('last');
  const data = positionOffsets(firstLayer).map((_, x) => [`in_data_${x}`, image.uint(`data_${x}`)] as const);
  return {
    inputs: {
      in_ready: direct.bool('ready'),
      in_active: direct.uint('active'),
      in_last: last,
      ...(plan.earlyExit === 'margin' ? { in_image: direct.uint('image_number') } : {}),
      ...Object.fromEntries(data),
    },
    last,
    readAddress: wires.imageAddress,
    release,
  };
}

function readoutOf(plan: Plan, layer: LayerPlan): ModuleDefinition {
  const options = {
    core: plan.name,
    ...plan.readout,
    passSteps: plan.timeSteps.lanes,
    potentialBits: layer.accumulatorBits,
    potentialLanes: layer.timeLanes,
  };
  const imageBits = imageNumberBits(plan);
  if (imageBits === undefined) return readoutModule(options);
  return exitReadout({ ...options, imageBits, maxTimeSteps: plan.timeSteps.max });
}

/** Spikes where the last layer has neurons (count readout), its potentials otherwise. */
function readoutInputs(output: StageOutput) {
  const { spikes, last } = output;
  const exit = output.image ? { image: output.image, active: output.active } : {};
  return spikes
    ? { last, valid: spikes.valid, spikes: spikes.word, ...exit }
    : { last, valid: output.draw, active: output.active, ...output.potentials, ...exit };
}

/** Run-time number of time steps, kept within 1..max. */
function clampSteps(steps: UInt, max: number): UInt {
  const low = mux(steps.equals(0), lit(1, steps.type), steps);
  return max === 2 ** steps.width - 1 ? low : mux(steps.greaterThan(max), lit(max, steps.type), low);
}
