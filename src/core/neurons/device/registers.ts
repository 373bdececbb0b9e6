/** What the register bus has for the neurons of a layer, and what they answer. */
import { bool, type EndOf, input, link, output, sint, uint, when } from '../../../hdl/index.ts';
import { type DeviceNeuron, type DevicePlan, type LayerPlan, unsignedBits, wordBits } from '../../../plan/index.ts';
import { counterBits, phaseBits, trimGainBits, trimmedBits } from '../../registers/table.ts';

type DeviceLayer = Pick<LayerPlan, 'accumulatorBits'> & { readonly neuron: DeviceNeuron };

/** Events that are counted, in the order of their addresses. */
export const eventNames = ['writes', 'reads', 'resets', 'spikes'] as const;

export function registersLink(device: DevicePlan, layer: DeviceLayer, passLanes: number, seeds: boolean) {
  const { neuron } = layer;
  const total = () => input(uint(counterBits), 'since the host cleared the counters');
  return link('registers', {
    phases: when(device.phases !== null, {
      fast: output(bool(), 'all phases in one clock'),
      writeClocks: output(uint(phaseBits), 'length of the phase'),
      readClocks: output(uint(phaseBits), 'length of the phase'),
      resetClocks: output(uint(phaseBits), 'length of the phase'),
    }),
    faults: when(device.faults !== null, {
      missed: output(uint(wordBits), 'probability, in 1/65536'),
      falseRead: output(uint(wordBits), 'probability, in 1/65536'),
      failed: output(uint(wordBits), 'probability, in 1/65536'),
    }),
    trim: when(neuron.trim !== null, {
      gain: output(uint(trimGainBits), 'in 1/256'),
      offset: output(sint(trimmedBits(layer)), 'in steps of the potential'),
    }),
    table: when(device.loadTable, {
      write: output(bool(), 'the host loads an entry'),
      index: output(uint(unsignedBits(neuron.table.length - 1)), 'of the entry'),
      code: output(uint(wordBits), 'probability, in 1/65536'),
    }),
    counters: when(device.counters, {
      clear: output(bool(), 'the host clears the counters'),
      ...{ writes: total(), reads: total(), resets: total(), spikes: total() },
    }),
    test: when(device.selfTest, {
      run: output(bool(), "the test is this layer's"),
      start: when(seeds, output(bool(), 'a pass of the test begins')),
      draw: output(bool(), "the potential is a neuron's"),
      drive: output(sint(32), 'the potential of the draw'),
      here: input(bool(), 'the neurons are claimed'),
      resting: input(bool(), 'a pass can begin'),
      ready: input(bool(), 'the next draw may come'),
      valid: input(bool(), 'spikes of the test'),
      spikes: input(uint(passLanes), 'of each time lane'),
    }),
  });
}

export type RegistersIn = EndOf<ReturnType<typeof registersLink>, 'from'>;
export type RegistersOut = EndOf<ReturnType<typeof registersLink>, 'to'>;
