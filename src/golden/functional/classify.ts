/** Many images through the network without clocks, on all cores. */
import { badInput } from '../../errors/index.ts';
import { moduleBeside, runParallel } from '../../parallel/index.ts';
import type { Plan } from '../../plan/schema/index.ts';
import { checkPlan } from '../check/index.ts';
import { pixelsOf } from '../geometry.ts';
import { checkDevices, type LayerDevices } from '../variation.ts';
import { IntegerNetwork } from './integer.ts';
import { Network, type NetworkOptions } from './network.ts';
import { checkMemory, type LayerMemory } from './neurons/memory.ts';

/** Time steps, devices, random words, and how many workers there are. */
export interface ClassifyOptions {
  /** Time steps to run, 1..plan.timeSteps.max. */
  readonly timeSteps: number;
  /** Position since reset of the first image: it selects the words of the streams. 0 unless told otherwise. */
  readonly firstImage?: number;
  /** For each layer devices that differ from the plan's, from `layerDevices`; the layers' own when absent. */
  readonly devices?: readonly (LayerDevices | undefined)[];
  /** For each layer what its devices remember from one time step to the next; nothing when absent. Not together with `devices` of the same layer. */
  readonly memory?: readonly (LayerMemory | undefined)[];
  /** `chacha`: words of a strong generator (ChaCha20) instead of the plan's streams, to see what those cost. */
  readonly words?: 'lfsr' | 'chacha';
  /** Number of workers; by default one for each core. The result does not depend on it. */
  readonly workers?: number;
  /** Called with the number of images done so far. */
  readonly onProgress?: (done: number, images: number) => void;
}

/** Classes and scores of images after each time step. */
export interface Classification {
  readonly images: number;
  readonly timeSteps: number;
  readonly classCount: number;
  /** [image][step]: class after step + 1 time steps. */
  readonly classes: Uint8Array;
  /** [image][step][class]: scores after step + 1 time steps. */
  readonly scores: Int32Array;
  /** Spikes of all images in all time steps. */
  readonly spikes: {
    /** Of the encoder; 0 under direct encoding. */
    readonly input: number;
    /** Of each layer's neurons, before the pool; 0 where there are none. */
    readonly layers: readonly number[];
  };
}

/** A run of images for one worker. */
export interface BlockTask {
  readonly plan: Plan;
  /** Pixels of the block's images. */
  readonly pixels: Uint8Array;
  /** Position since reset of the block's first image. */
  readonly firstImage: number;
  readonly timeSteps: number;
  readonly options: NetworkOptions;
}

export interface BlockResult {
  readonly classes: Uint8Array;
  readonly scores: Int32Array;
  readonly spikes: Float64Array;
}

/** Images a block: small enough for a smooth progress bar, large enough to hide the set-up of a worker's tables. */
const BLOCK_IMAGES = 1250;
/** Below this many images times time steps a worker's start costs more than it saves. */
const SMALL_RUN = 4000;

/**
 * Classifies images (`pixels`: image after image, rows, columns, channels, 0..255) as the core does, for every number of
 * time steps from 1 to `timeSteps`: no time step depends on how many follow. Throws badInput when the plan contradicts
 * itself, the pixels are not whole images, or the number of time steps is out of range.
 */
export async function classifyImages(
  plan: Plan,
  pixels: Uint8Array,
  options: ClassifyOptions,
): Promise<Classification> {
  checkPlan(plan);
  const perImage = pixelsOf(plan);
  const images = pixels.length / perImage;
  const { timeSteps, firstImage = 0 } = options;
  checkRequest(plan, pixels, timeSteps, firstImage);
  const departures: NetworkOptions = {
    ...(options.devices === undefined ? {} : { devices: checkDevices(plan, options.devices) }),
    ...(options.memory === undefined ? {} : { memory: checkMemory(plan, options.memory, options.devices) }),
    ...(options.words === undefined ? {} : { words: options.words }),
  };
  const tasks: BlockTask[] = [];
  const size = blockSize(images, options.workers);
  for (let from = 0; from < images; from += size) {
    tasks.push({
      plan,
      pixels: pixels.slice(from * perImage, Math.min(images, from + size) * perImage),
      firstImage: firstImage + from,
      timeSteps,
      options: departures,
    });
  }
  const progress = (finished: number): void => options.onProgress?.(Math.min(images, finished * size), images);
  const results = await runTasks(tasks, images * timeSteps, options.workers, progress);
  return collect(plan, images, timeSteps, results);
}

function checkRequest(plan: Plan, pixels: Uint8Array, timeSteps: number, firstImage: number): void {
  const perImage = pixelsOf(plan);
  if (pixels.length % perImage !== 0) {
    throw badInput('The pixels are not whole images', {
      found: `${pixels.length} pixels`,
      expected: `a multiple of ${perImage}`,
    });
  }
  if (!Number.isInteger(timeSteps) || timeSteps < 1 || timeSteps > plan.timeSteps.max) {
    throw badInput('The number of time steps is out of range', {
      found: `${timeSteps}`,
      expected: `1..${plan.timeSteps.max}`,
      help: 'build the core with a larger maximum to run more time steps',
    });
  }
  if (!Number.isSafeInteger(firstImage) || firstImage < 0) {
    throw badInput('The first image has no such position', { found: `${firstImage}`, expected: '0 or more' });
  }
  if (plan.readout.classes > 256) {
    throw badInput('Too many classes', { found: `${plan.readout.classes}`, expected: 'at most 256' });
  }
}

function blockSize(images: number, workers: number | undefined): number {
  return Math.max(1, Math.min(BLOCK_IMAGES, Math.ceil(images / Math.max(2, workers ?? 2))));
}

async function runTasks(
  tasks: readonly BlockTask[],
  work: number,
  workers: number | undefined,
  progress: (finished: number) => void,
): Promise<BlockResult[]> {
  if (workers === undefined ? work > SMALL_RUN : workers > 1) {
    const module = moduleBeside(import.meta.url, './worker');
    return runParallel(module, tasks, { ...(workers === undefined ? {} : { workers }), onProgress: progress });
  }
  return tasks.map((task, index) => {
    const result = classifyBlock(task);
    progress(index + 1);
    return result;
  });
}

/** The work of one worker. */
export function classifyBlock({ plan, pixels, firstImage, timeSteps, options }: BlockTask): BlockResult {
  const perImage = pixelsOf(plan);
  const images = pixels.length / perImage;
  const classCount = plan.readout.classes;
  const network = plan.neuron.kind === 'integer' ? new IntegerNetwork(plan) : new Network(plan, firstImage, options);
  const classes = new Uint8Array(images * timeSteps);
  const scores = new Int32Array(images * timeSteps * classCount);
  for (let image = 0; image < images; image += 1) {
    network.run(pixels.subarray(image * perImage, (image + 1) * perImage), timeSteps, {
      scores: scores.subarray(image * timeSteps * classCount, (image + 1) * timeSteps * classCount),
      classes: classes.subarray(image * timeSteps, (image + 1) * timeSteps),
    });
  }
  return { classes, scores, spikes: network.spikes };
}

function collect(plan: Plan, images: number, timeSteps: number, results: readonly BlockResult[]): Classification {
  const classCount = plan.readout.classes;
  const classes = new Uint8Array(images * timeSteps);
  const scores = new Int32Array(images * timeSteps * classCount);
  const spikes = new Float64Array(plan.layers.length + 1);
  let at = 0;
  for (const result of results) {
    classes.set(result.classes, at);
    scores.set(result.scores, at * classCount);
    result.spikes.forEach((count, index) => {
      spikes[index]! += count;
    });
    at += result.classes.length;
  }
  const [input = 0, ...layers] = spikes;
  return { images, timeSteps, classCount, classes, scores, spikes: { input, layers } };
}
