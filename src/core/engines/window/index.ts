/** The window engine as a kind: a kernel walks over a frame. */
import { frameBuffer } from '../../buffers/frame.ts';
import type { EngineKind } from '../contract.ts';
import { rowsByGroup } from '../parts/weights.ts';
import { describeWindow, windowEngine } from './engine.ts';
import { positionOffsets } from './geometry.ts';

export const windowKind: EngineKind = {
  geometry: ({ layer }) => {
    const { padTop, padLeft, padBottom, padRight } = layer;
    return { ...layer.input, padTop, padLeft, padBottom, padRight };
  },
  laneOffsets: ({ layer }) => positionOffsets(layer),
  weightRows: (layer) => rowsByGroup(layer, 1),
  place: (m, stage, { frames, check }) => {
    const { core, layer, passLanes, neuron } = stage;
    const engine = m.place(layer.name, windowEngine(stage), { frame: frames, check }, { doc: describeWindow(layer) });
    if (frames) return { pass: undefined, ...engine };
    const what = neuron.kind === 'integer' ? 'Values' : 'Spikes';
    const options = {
      ...stage,
      name: `${core}_${layer.name}_buffer`,
      doc: `${what} for a layer, frame by frame: the time steps of a pass side by side.`,
      geometry: windowKind.geometry(stage),
      elementBits: passLanes * layer.valueBits,
      banks: layer.engine.kind === 'window' ? layer.engine.inputBanks : 2,
      laneOffsets: positionOffsets(layer),
    } as const;
    const buffer = m.place(`${layer.name}_buffer`, frameBuffer(options), {});
    m.connect(buffer.frame, engine.frame);
    return { pass: buffer.pass, ...engine };
  },
};
