/** The wide engine as a kind: several inputs a clock, through a tree of adders. */
import { flatGeometry, frameBuffer } from '../../buffers/frame.ts';
import type { EngineKind } from '../contract.ts';
import { rowsByGroup } from '../parts/weights.ts';
import { wideEngine } from './engine.ts';
import { inputLanesOf, wideElements } from './geometry.ts';

export const wideKind: EngineKind = {
  geometry: ({ layer }) => flatGeometry(wideElements(layer)),
  laneOffsets: () => [0],
  weightRows: (layer) => rowsByGroup(layer, inputLanesOf(layer)),
  place: (m, stage, { frames, check }) => {
    const { core, layer, passLanes } = stage;
    const engine = m.place(layer.name, wideEngine(stage), { frame: frames, check });
    if (frames) return { pass: undefined, ...engine };
    const options = {
      ...stage,
      name: `${core}_${layer.name}_buffer`,
      doc: `Spikes for ${layer.name}: the time steps of a pass side by side.`,
      geometry: wideKind.geometry(stage),
      elementBits: inputLanesOf(layer) * passLanes * layer.valueBits,
      banks: 2,
      laneOffsets: [0],
    } as const;
    const buffer = m.place(`${layer.name}_buffer`, frameBuffer(options), {});
    m.connect(buffer.frame, engine.frame);
    return { pass: buffer.pass, ...engine };
  },
};
