/** `--monitors`: what watches over a core, and limits of spike rates from images. */
import { z } from 'zod';
import { badInput, ownValue } from '../errors/index.ts';
import { countEvents } from '../golden/index.ts';
import type { MonitorOptions, Plan } from '../plan/index.ts';
import { readOptionFile } from './option-file.ts';

const whole = z.int().min(0);
const limits = z.array(z.strictObject({ low: whole, high: whole }));
/** `defineCore`'s `monitors`. */
export const monitorsShape: z.ZodType<MonitorOptions> = z.strictObject({
  abstain: whole.exactOptional(),
  rates: z.union([limits, z.literal('free')]).exactOptional(),
  lockup: z.boolean().exactOptional(),
  stallClocks: z.int().min(9).exactOptional(),
  activity: z.boolean().exactOptional(),
  checksum: z.boolean().exactOptional(),
  load: z.boolean().exactOptional(),
});

/** A third of a second at 48 MHz. */
const usualStallClocks = 2 ** 24 - 1;

const parts: Readonly<Record<string, MonitorOptions>> = {
  abstain: { abstain: 0 },
  rate: { rates: 'free' },
  lockup: { lockup: true },
  stall: { stallClocks: usualStallClocks },
  activity: { activity: true },
  checksum: { checksum: true },
  load: { checksum: true, load: true },
};

/** What watches; `load` is a way in. */
const watching = Object.keys(parts).filter((name) => name !== 'load');

/** `abstain=200,rate,stall=100000`, `all` that watch (`all,load` too), or a JSON file in the form of defineCore's `monitors`. */
export function readMonitors(value: string, cwd: string): MonitorOptions {
  if (value.endsWith('.json'))
    return readOptionFile(value, cwd, monitorsShape, { what: 'monitors', page: 'docs/monitors.md' });
  const names = value.split(',').flatMap((name) => (name === 'all' ? watching : [name]));
  return Object.assign({}, ...names.map(readPart)) as MonitorOptions;
}

function readPart(word: string): MonitorOptions {
  const [name = '', number, ...more] = word.split('=');
  const part = ownValue(parts, name);
  const value = Number(number);
  const isNumber = number !== undefined && /^\d+$/.test(number) && more.length === 0;
  if (part && number === undefined) return part;
  if (name === 'abstain' && isNumber) return { abstain: value };
  if (name === 'stall' && isNumber) return { stallClocks: value };
  throw badInput('--monitors has a wrong value', {
    found: word,
    expected: `all, or some of ${Object.keys(parts).join(',')}, or a .json file`,
    help: 'abstain=MARGIN and stall=CLOCKS have a number; docs/monitors.md tells what each costs',
  });
}

/**
 * The plan with limits of spike rates from images that are as they should be: the lowest and the highest mean of each layer over all
 * images, and beyond these a quarter of their distance, at least four standard deviations of what chance does to a mean, at least one spike.
 *
 * @throws badInput when nobody watches rates
 */
export function withRateLimits(plan: Plan, pixels: Uint8Array): Plan {
  if (!plan.monitors?.rates)
    throw badInput('limits of spike rates are asked for, and nobody watches them', {
      found: 'no watch over spike rates',
      help: 'add rate to --monitors',
    });
  const { height, width, channels } = plan.input;
  const size = height * width * channels;
  const timeSteps = plan.timeSteps.default;
  const means = Array.from({ length: pixels.length / size }, (_, image) =>
    countEvents(plan, pixels.subarray(image * size, (image + 1) * size), { timeSteps })
      .layers.filter((_layer, index) => 'stream' in plan.layers[index]!.neuron)
      .map(({ spikes }) => spikes / timeSteps),
  );
  const spiking = plan.layers.flatMap(({ neuron }) => ('stream' in neuron ? [neuron.stream.wordsPerTimeStep] : []));
  const rates = spiking.map((most, layer) => {
    const seen = means.map((mean) => mean[layer]!);
    const [low, high] = [Math.min(...seen), Math.max(...seen)];
    const noise = (mean: number) => 4 * Math.sqrt((mean * (1 - mean / most)) / timeSteps);
    const beyond = (mean: number) => Math.max(1, (high - low) / 4, noise(mean));
    return { low: Math.max(0, Math.floor(low - beyond(low))), high: Math.min(most, Math.ceil(high + beyond(high))) };
  });
  return { ...plan, monitors: { ...plan.monitors, rates } };
}
