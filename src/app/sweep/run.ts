/** Runs what is not finished yet of a sweep, on all cores. */
import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { type DeviceSet, decodeText, logisticCurve, readDeviceSet, type SwitchingCurve } from '../../device/index.ts';
import { badInput } from '../../errors/index.ts';
import { type FloatNetwork, openModel } from '../../network/index.ts';
import { moduleBeside, runParallel } from '../../parallel/index.ts';
import { type Device, readDevice } from '../device-file.ts';
import { readInput } from '../files.ts';
import { type ImageTarget, loadImages } from '../images.ts';
import { inputOptionsOf } from '../input.ts';
import type { Sweep, SweepPoint } from './file.ts';
import { modelDigest } from './model-digest.ts';
import { idealCurve, type PreparedPoint, preparePoint } from './point.ts';
import type { Results } from './results.ts';
import { type Row, rowOf } from './summary.ts';
import runTask, { type SweepTask } from './worker.ts';

/** A sweep, where its results are, and which part of it is run. */
export interface SweepRun {
  readonly sweep: Sweep;
  /** The sweep file; its paths are relative to its folder. */
  readonly file: string;
  readonly results: Results;
  /** Take only every `of`-th run, from number `index` (1..of). */
  readonly task?: { readonly index: number; readonly of: number } | undefined;
  readonly workers?: number | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Points that are finished, and how much is left. */
export interface SweepOutcome {
  /** Points whose seeds are all finished. */
  readonly rows: readonly Row[];
  readonly images: number;
  /** Runs (point and seed) of the whole sweep, those finished now, and those of them that were made just now. */
  readonly runs: number;
  readonly finished: number;
  readonly fresh: number;
}

/** Below this many images times time steps the start of workers takes longer than the work. */
const smallSweep = 10_000;

interface Run {
  readonly point: SweepPoint;
  readonly prepared: PreparedPoint;
  readonly key: string;
  readonly seed: number;
  readonly timeSteps: number;
}

/** Runs what is not finished yet of a sweep, on all cores; results are written down as they come. */
export async function runSweep(request: SweepRun): Promise<SweepOutcome> {
  const { sweep, results } = request;
  const inputs = new Inputs(sweep, request.file, await networksOf(sweep, dirname(request.file)));
  const data = inputs.images();
  const prepared = new Map<string, PreparedPoint>();
  const runs = new Map<string, Run>();
  for (const { points, timeSteps, seeds } of sweep.grids) {
    for (const point of points) {
      const name = JSON.stringify(point);
      const ready = prepared.get(name) ?? preparePoint(point, inputs.of(point));
      prepared.set(name, ready);
      for (const seed of seeds) {
        // Grids may share points: the longest run serves them all.
        const key = `${ready.digest}-${data.digest}`;
        const steps = Math.max(timeSteps.at(-1)!, runs.get(`${key} ${seed}`)?.timeSteps ?? 0);
        runs.set(`${key} ${seed}`, { point, prepared: ready, key, seed, timeSteps: steps });
      }
    }
  }
  const all = [...runs.values()];
  const { index, of } = request.task ?? { index: 1, of: 1 };
  const missing = all
    .filter((_, number) => number % of === index - 1)
    .filter((run) => results.find(run.key, run.seed, run.timeSteps) === undefined);
  await runMissing(missing, data, request);
  const done = (run: Run) => results.find(run.key, run.seed, run.timeSteps) !== undefined;
  const rows = sweep.grids.flatMap((grid) =>
    grid.points.flatMap((point) => {
      const key = `${prepared.get(JSON.stringify(point))!.digest}-${data.digest}`;
      return grid.timeSteps.flatMap((steps) => {
        const found = grid.seeds.map((seed) => results.find(key, seed, steps));
        if (found.includes(undefined)) return [];
        return [
          rowOf(
            grid.name,
            point,
            steps,
            found.map((run) => run!.correct[steps - 1]! / data.count),
          ),
        ];
      });
    }),
  );
  return { rows, images: data.count, runs: all.length, finished: all.filter(done).length, fresh: missing.length };
}

async function runMissing(missing: readonly Run[], data: SharedImages, request: SweepRun): Promise<void> {
  if (missing.length === 0) return;
  // Each when its turn comes: thousands of plans have no room side by side.
  const tasks = missing.map(({ point, prepared, seed, timeSteps }) => (): SweepTask => {
    const { law, planFor } = prepared;
    return { plan: planFor(seed), law, words: point.words, seed, pixels: data.pixels, labels: data.labels, timeSteps };
  });
  const keep = (correct: readonly number[], number: number) => {
    const { key, seed, point } = missing[number]!;
    request.results.add({ key, seed, images: data.count, correct }, { point });
  };
  const onProgress = (done: number, total: number) => request.onProgress?.(done, total);
  onProgress(0, tasks.length);
  const work = missing.reduce((sum, { timeSteps }) => sum + data.count * timeSteps, 0);
  if (request.workers === undefined && work < smallSweep) {
    for (const [number, task] of tasks.entries()) {
      keep(await runTask(task()), number);
      onProgress(number + 1, tasks.length);
    }
    return;
  }
  await runParallel<SweepTask, number[]>(moduleBeside(import.meta.url, './worker'), tasks, {
    ...(request.workers === undefined ? {} : { workers: request.workers }),
    onProgress,
    onResult: keep,
  });
}

interface SharedImages {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  readonly count: number;
  readonly digest: string;
}

/** The files that the sweep names, each read once. */
class Inputs {
  readonly #sweep: Sweep;
  readonly #folder: string;
  readonly #networks: ReadonlyMap<string, FloatNetwork>;
  readonly #curves = new Map<string, SwitchingCurve>();
  readonly #sets = new Map<string, DeviceSet>();

  constructor(sweep: Sweep, file: string, networks: ReadonlyMap<string, FloatNetwork>) {
    this.#networks = networks;
    this.#sweep = sweep;
    this.#folder = dirname(file);
  }

  of(point: SweepPoint) {
    const device = this.#sweep.devices[point.device];
    const { calibratedAt = '0', curves, pulses } = device ?? {};
    const curve = (path: string | undefined) => (device === undefined ? idealCurve : this.#curve(point.device, path!));
    const reference = curves?.[calibratedAt];
    const ofTemperature = point.temperatureK === 0 ? reference : curves?.[String(point.temperatureK)];
    return {
      network: this.#networks.get(point.model)!,
      curve: curve(point.pulse === '' ? ofTemperature : pulses?.[point.pulse]),
      reference: curve(reference),
      ...(device?.set === undefined
        ? {}
        : { set: { devices: this.#set(point.device), options: device.setOptions ?? {} } }),
    };
  }

  images(): SharedImages {
    const { images, labels, limit, input } = this.#sweep;
    const models = [...this.#networks.keys()];
    const shapes = [...this.#networks.values()].map(targetOf);
    const data = loadImages({ ...input, images, labels, limit }, shapes[0]!, { cwd: this.#folder });
    for (const shape of shapes) {
      if (JSON.stringify(shape) === JSON.stringify(shapes[0])) continue;
      throw badInput('the networks of one sweep want different images', { found: models.join(', ') });
    }
    if (data.labels === undefined) throw badInput('a sweep needs labels', { help: 'give "labels" in the sweep file' });
    const hash = createHash('sha256').update(modelDigest()).update(data.pixels).update(data.labels);
    return {
      pixels: shared(data.pixels),
      labels: shared(data.labels),
      count: data.count,
      digest: hash.digest('hex').slice(0, 8),
    };
  }

  #curve(name: string, path: string): SwitchingCurve {
    const { where, negate, set } = this.#sweep.devices[name]!;
    if (path === set) {
      const { i50A, slopeA, unit, source } = this.#set(name);
      return { ...logisticCurve(i50A, slopeA, { name, unit }), source: `median of ${source}` };
    }
    const key = `${name} ${path}`;
    const curve =
      this.#curves.get(key) ??
      this.#measured(
        path,
        readDevice(
          path,
          { ...(where === undefined ? {} : { where }), ...(negate === undefined ? {} : { negate }) },
          { cwd: this.#folder },
        ),
      );
    this.#curves.set(key, curve);
    return curve;
  }

  #set(name: string): DeviceSet {
    const { set, where, negate } = this.#sweep.devices[name]!;
    const known = this.#sets.get(name);
    if (known !== undefined) return known;
    const text = decodeText(readInput(resolve(this.#folder, set!)));
    const read = readDeviceSet(text, set!, {
      ...(where === undefined ? {} : { where }),
      ...(negate === undefined ? {} : { negate }),
    });
    this.#sets.set(name, read);
    return read;
  }

  #measured(path: string, device: Device): SwitchingCurve {
    if (device.kind === 'measured') return device.curve;
    throw badInput('a sweep wants curves, not parameters', {
      where: path,
      help: `compute the curve first: spinfire calibrate --device ${path} --csv FILE.csv`,
    });
  }
}

/** By the names that the sweep has for them. */
async function networksOf({ grids, input }: Sweep, folder: string): Promise<ReadonlyMap<string, FloatNetwork>> {
  const models = new Set(grids.flatMap(({ points }) => points.map(({ model }) => model)));
  const options = inputOptionsOf(input, folder);
  const networks = new Map<string, FloatNetwork>();
  for (const model of models) networks.set(model, (await openModel(resolve(folder, model), model, options)).network);
  return networks;
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** What the images of a sweep must fit to; labels of any number. */
function targetOf({ input, inputRange, inputOnes }: FloatNetwork): ImageTarget {
  const { low, high } = inputRange ?? { low: [0], high: [1] };
  const plain = inputRange === undefined && inputOnes === undefined;
  return {
    input,
    readout: { classes: 256 },
    ...(plain ? {} : { inputValues: { low, high, ones: inputOnes === true } }),
  };
}
