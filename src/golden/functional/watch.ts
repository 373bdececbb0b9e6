/** The network's potentials, seen from outside: for fitting numbers to the device, not for results. */
import type { Plan } from '../../plan/schema/index.ts';
import { checkPlan } from '../check/index.ts';
import { geometryOf, neuronAt, pixelsOf } from '../geometry.ts';
import { Network } from './network.ts';

/** Potentials of one layer in all time steps of some images. */
export interface WatchedLayer {
  /** Neurons in visiting order: how many, and of which output channel and place in the map each is. */
  readonly neurons: number;
  readonly channel: Int32Array;
  /** Index into the layer's output map, [y][x][channel]. */
  readonly place: Int32Array;
  /** [image][time step][neuron], in real units: v * 2^-fractionBits. */
  readonly potentials: Float32Array;
}

/** Runs images (`pixels`, image after image, 0..255) and keeps the potentials of layer number `index`. */
export function watchPotentials(plan: Plan, pixels: Uint8Array, timeSteps: number, index: number): WatchedLayer {
  checkPlan(plan);
  const layer = plan.layers[index]!;
  const geometry = geometryOf(layer);
  const { neurons, outputs } = geometry;
  const perImage = pixelsOf(plan);
  const images = pixels.length / perImage;
  const potentials = new Float32Array(images * timeSteps * neurons);
  const scale = 2 ** -layer.fractionBits;
  let at = 0;
  const network = new Network(plan, 0, {
    onStep: (which, _input, values) => {
      if (which !== index) return;
      for (let i = 0; i < neurons; i += 1) potentials[at + i] = values[i]! * scale;
      at += neurons;
    },
  });
  const scores = new Int32Array(timeSteps * plan.readout.classes);
  const classes = new Uint8Array(timeSteps);
  for (let image = 0; image < images; image += 1)
    network.run(pixels.subarray(image * perImage, (image + 1) * perImage), timeSteps, { scores, classes });
  const channel = new Int32Array(neurons);
  const place = new Int32Array(neurons);
  for (let i = 0; i < neurons; i += 1) {
    const where = neuronAt(geometry, i);
    channel[i] = where.channel;
    place[i] = (where.y * layer.output.width + where.x) * outputs + where.channel;
  }
  return { neurons, channel, place, potentials };
}
