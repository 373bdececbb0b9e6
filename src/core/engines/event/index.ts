/** The event engine as a kind: only inputs that spiked cost a clock. */
import { eventBuffer } from '../../buffers/events.ts';
import { paddedElements } from '../../buffers/frame.ts';
import type { EngineKind } from '../contract.ts';
import { rowsByInput } from '../parts/weights.ts';
import { windowKind } from '../window/index.ts';
import { eventEngine } from './engine.ts';

export const eventKind: EngineKind = {
  geometry: windowKind.geometry,
  laneOffsets: () => [0],
  weightRows: (layer) => rowsByInput(layer),
  place: (m, stage, { check }) => {
    const { core, layer, passLanes } = stage;
    const options = {
      ...stage,
      name: `${core}_${layer.name}_buffer`,
      doc: `Spikes for ${layer.name}: only the inputs that spiked, with their numbers.`,
      elements: paddedElements(eventKind.geometry(stage)),
      elementBits: passLanes * layer.valueBits,
    };
    const buffer = m.place(`${layer.name}_buffer`, eventBuffer(options), {});
    const engine = m.place(layer.name, eventEngine(stage), { events: buffer.events, check });
    return { pass: buffer.pass, ...engine };
  },
};
