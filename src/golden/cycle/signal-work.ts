/** Which image, time step and neuron a register holds or works on in the current cycle, for messages. */
import { type geometryOf, type NeuronCoordinates, neuronAt } from '../geometry.ts';
import type { Core } from './model.ts';
import type { Stage } from './stages.ts';
import type { Work } from './work.ts';

/** What a signal works on in this cycle: layer, image, neuron, time step. */
export interface SignalWork {
  /** The layer's name, `input` or `readout`. */
  readonly layer?: string;
  /** Position of the image since reset. */
  readonly image?: number;
  /** As a person reads it: `channel 3, y 4, x 5`. */
  readonly neuron?: string;
  /** One time step, or those of the pass: `4` or `4..7`. */
  readonly timeStep?: string;
}

const blockSuffixes = ['', '_buffer', '_neurons', '_carry', '_pool'];

/** `path` is one of the model's signals. */
export function workOf(core: Core, lanes: number, path: string): SignalWork {
  const dot = path.indexOf('.');
  const instance = dot < 0 ? '' : path.slice(0, dot);
  const register = path.slice(dot + 1);
  if (instance === 'readout') {
    return { layer: 'readout', image: core.readout.image, neuron: `class ${core.readout.channel}` };
  }
  const stage = core.stages.find(({ plan }) => blockSuffixes.some((suffix) => instance === plan.name + suffix));
  if (stage !== undefined) return stageWork(stage, instance, register, lanes);
  if (core.encoder !== undefined && instance === 'encoder') {
    const pixel = core.encoder.pixel;
    const { width, channels } = core.stages[0]!.plan.input;
    const coordinates = {
      y: Math.floor(pixel / channels / width),
      x: Math.floor(pixel / channels) % width,
      channel: pixel % channels,
    };
    return { layer: 'input', ...passWork(core.encoder.work, lanes, lane(register)), neuron: show(coordinates) };
  }
  return instance === '' ? {} : { layer: 'input' };
}

function stageWork(stage: Stage, instance: string, register: string, lanes: number): SignalWork {
  const { plan, engine } = stage;
  const layer = plan.name;
  const reads = /(?:^|\.)rd_/.test(register);
  // What is written into a layer's buffer belongs to the block before.
  if (instance === `${layer}_buffer` && !reads) return { layer };
  const work = passWork(engine.work, lanes, plan.timeLanes === 1 && instance === layer ? undefined : lane(register));
  const neuron = neuronOf(stage, instance, register);
  return { layer, ...work, ...(neuron === undefined ? {} : { neuron: show(neuron) }) };
}

function neuronOf(
  { plan, geometry, engine }: Stage,
  instance: string,
  register: string,
): NeuronCoordinates | undefined {
  const { drawn, work } = engine;
  const drain = /^lane\[(\d+)\].*\.drain$/.exec(register);
  if (drain !== null) return neuron(geometry, drawn + Number(drain[1]));
  const acc = /^lane\[(\d+)\].*\.(?:acc|sum)$/.exec(register);
  if (instance !== plan.name) {
    // Code, word and spike belong to the neuron that was drawn last, a lane's state to the next.
    return instance.endsWith('_neurons')
      ? neuron(geometry, /\.(?:noise|state)$/.test(register) ? drawn : drawn - 1)
      : undefined;
  }
  const entry = Number(acc?.[1] ?? 0);
  const x = Math.floor(entry / plan.outputLanes);
  return {
    channel: work.group * plan.outputLanes + (entry % plan.outputLanes),
    y: work.y + Math.floor(x / geometry.poolWidth),
    x: work.x + (x % geometry.poolWidth),
  };
}

function neuron(geometry: ReturnType<typeof geometryOf>, index: number): NeuronCoordinates {
  return neuronAt(geometry, Math.max(0, Math.min(geometry.neurons - 1, index)));
}

/** Time lane that a register belongs to: `lane[2].unit.step[3].acc`, `lane[3].word`. */
function lane(register: string): number | undefined {
  const found = /\.step\[(\d+)\]/.exec(register) ?? /^lane\[(\d+)\]/.exec(register);
  return found === null ? undefined : Number(found[1]);
}

function passWork(work: Work, lanes: number, timeLane: number | undefined): SignalWork {
  if (work.image < 0) return {};
  const { image, firstStep } = work;
  if (timeLane !== undefined) return { image, timeStep: `${firstStep + timeLane}` };
  return { image, timeStep: lanes === 1 ? `${firstStep}` : `${firstStep}..${firstStep + lanes - 1}` };
}

function show({ channel, y, x }: NeuronCoordinates): string {
  return `channel ${channel}, y ${y}, x ${x}`;
}
