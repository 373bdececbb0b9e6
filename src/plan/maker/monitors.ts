/** What watches over a core. */
import { badInput } from '../../errors/index.ts';
import type { LayerPlan, MonitorPlan, Plan } from '../schema/index.ts';
import type { MonitorOptions } from './options.ts';
import { checkRange } from './ranges.ts';

/** Nothing where nothing is asked for: the plan is that of a core without monitors. */
export function planMonitors(
  options: MonitorOptions | undefined,
  layers: readonly LayerPlan[],
  scoreBits: number,
): Pick<Plan, 'monitors'> {
  const { abstain, rates, lockup = false, stallClocks, activity = false } = options ?? {};
  const { checksum = false, load = false } = options ?? {};
  if (abstain !== undefined) checkRange('margin of abstaining', abstain, 0, 2 ** scoreBits - 1);
  if (stallClocks !== undefined) checkRange('clocks without progress', stallClocks, 9, 2 ** 32 - 1);
  const monitors: MonitorPlan = {
    abstain: abstain === undefined ? null : { below: abstain },
    rates: rates === undefined ? null : planRates(rates, layers),
    stall: stallClocks === undefined ? null : { bits: Math.ceil(Math.log2(stallClocks + 1)) },
    ...{ lockup, activity, ...(checksum || load ? { checksum: true } : {}), ...(load ? { load } : {}) },
  };
  return Object.values(monitors).some(Boolean) ? { monitors } : {};
}

function planRates(
  rates: NonNullable<MonitorOptions['rates']>,
  layers: readonly LayerPlan[],
): NonNullable<MonitorPlan['rates']> {
  const spiking = layers.flatMap(({ name, neuron }) => ('stream' in neuron ? [{ name, neuron }] : []));
  if (spiking.length > 12)
    throw badInput('too many layers to watch', { found: `${spiking.length}`, expected: 'at most 12' });
  if (rates === 'free') return spiking.map(({ neuron }) => ({ low: 0, high: neuron.stream.wordsPerTimeStep }));
  if (rates.length !== spiking.length)
    throw badInput('a watch over spike rates wants limits for each layer of neurons', {
      found: `${rates.length}`,
      expected: `${spiking.length}: ${spiking.map(({ name }) => name).join(', ')}`,
    });
  return rates.map(({ low, high }, index) => {
    const { name, neuron } = spiking[index]!;
    checkRange(`fewest spikes of layer ${name}`, low, 0, high);
    checkRange(`most spikes of layer ${name}`, high, low, neuron.stream.wordsPerTimeStep);
    return { low, high };
  });
}
