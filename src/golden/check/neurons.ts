/** What the golden model demands of neurons, their streams and their devices. */

import type {
  DeviceNeuron,
  LayerPlan,
  Plan,
  SpikingNeuron,
  StreamPlan,
  VariationPlan,
} from '../../plan/schema/index.ts';
import { demand, isCount, isIn } from './rules.ts';

export function checkNeurons(layer: LayerPlan, neuron: SpikingNeuron, neurons: number): void {
  const where = `layer ${layer.name}`;
  const { stream, table } = neuron;
  checkStream(`${where}, stream`, stream, neurons);
  demand(
    table.length >= 1 && Number.isInteger(Math.log2(table.length)),
    where,
    `a table of ${table.length} codes`,
    'a power of two',
  );
  demand(
    table.every((code) => Number.isInteger(code) && code >= 0 && code <= 65535),
    where,
    'a bad code in the table',
    'codes 0..65535',
  );
  if (neuron.kind === 'telegraph') {
    const { flip, stay } = neuron;
    demand(
      flip.length === table.length &&
        stay.length === table.length &&
        flip.every((code, i) => isIn(code, 0, 65535) && isIn(stay[i]!, code, 65535)),
      where,
      `${flip.length} codes of silent and ${stay.length} of spiking junctions`,
      `${table.length} each, 0..65535, none that stays less likely than it flips`,
    );
  }
  if (neuron.kind === 'device') checkDeviceNeurons(layer, neuron, neurons);
}

function checkDeviceNeurons(layer: LayerPlan, { trim, variation, faultStream }: DeviceNeuron, neurons: number): void {
  const where = `layer ${layer.name}`;
  if (faultStream) checkStream(`${where}, faultStream`, faultStream, 2 * neurons);
  demand(
    trim === null || layer.accumulatorBits <= 30,
    where,
    `trim of ${layer.accumulatorBits} bits`,
    'accumulatorBits of at most 30',
  );
  if (trim) {
    const reach = 2 ** (layer.accumulatorBits + 1);
    demand(
      isIn(trim.gain, 0, 1023) && isIn(trim.offset, -reach, reach - 1),
      where,
      `trim ${trim.gain}, ${trim.offset}`,
      `gain 0..1023, offset ${-reach}..${reach - 1}`,
    );
  }
  if (variation) checkVariation(where, variation, neurons);
}

export function checkStream(where: string, stream: StreamPlan, words: number): void {
  const { taps, leap, seed } = stream;
  demand(
    Number.isInteger(leap) && leap >= 16 && leap <= 31,
    where,
    `leap ${leap}`,
    '16..31, so that words do not overlap and advance in one step',
  );
  demand(
    taps[0] === 0 &&
      taps.every((tap, i) => Number.isInteger(tap) && (i === 0 || tap > taps[i - 1]!) && tap <= 32 - leap),
    where,
    `taps ${taps.join(', ')}`,
    `ascending from 0 to at most ${32 - leap}`,
  );
  demand(isCount(seed) && seed < 2 ** 32, where, `seed ${seed}`, '1..2^32-1');
  demand(stream.wordsPerTimeStep === words, where, `wordsPerTimeStep ${stream.wordsPerTimeStep}`, `${words}`);
}

export function checkDevice(plan: Plan): void {
  if (plan.neuron.kind !== 'device') return;
  const { phases, faults } = plan.neuron;
  const drawing = plan.layers.flatMap(({ name, neuron }) => (neuron.kind === 'device' ? [{ name, neuron }] : []));
  for (const { name, neuron } of drawing) {
    demand(
      (neuron.faultStream !== null) === (faults !== null),
      `layer ${name}`,
      neuron.faultStream === null ? 'no faultStream' : 'a faultStream',
      'a faultStream exactly with faults',
    );
  }
  demand(drawing.length > 0, 'neuron', 'no neurons', 'a layer with neurons');
  if (phases) {
    const { writeClocks, readClocks, resetClocks } = phases;
    const lengths = [writeClocks, readClocks, resetClocks];
    demand(
      lengths.every((clocks) => isIn(clocks, 0, 255)),
      'neuron.phases',
      lengths.join(', '),
      '0..255 each',
    );
  }
  if (faults) {
    const codes = Object.values(faults);
    demand(
      codes.every((code) => isIn(code, 0, 65535)),
      'neuron.faults',
      codes.join(', '),
      'codes 0..65535',
    );
  }
}

function checkVariation(where: string, variation: VariationPlan, neurons: number): void {
  const { gain, offset, stuck, gainBits, offsetBits } = variation;
  const reach = 2 ** (offsetBits - 1);
  demand(
    gain.length === neurons && gain.every((value) => isIn(value, 0, 2 ** gainBits - 1)),
    `${where}, variation`,
    `${gain.length} gains`,
    `${neurons} of 0..${2 ** gainBits - 1}`,
  );
  demand(
    offset.length === neurons && offset.every((value) => isIn(value, -reach, reach - 1)),
    `${where}, variation`,
    `${offset.length} offsets`,
    `${neurons} of ${-reach}..${reach - 1}`,
  );
  demand(
    stuck.length === neurons && stuck.every((value) => isIn(value, 0, 2)),
    `${where}, variation`,
    `${stuck.length} flags`,
    `${neurons} of 0..2`,
  );
}
