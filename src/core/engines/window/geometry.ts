/** Addresses of a layer's windows in its padded input frame. */
import type { LayerPlan } from '../../../plan/index.ts';

export function windowGeometry(layer: LayerPlan) {
  const { channels } = layer.input;
  const frameRow = (layer.input.width + layer.padLeft + layer.padRight) * channels;
  const pool = layer.pool ?? { height: 1, width: 1 };
  const rowInputs = layer.kernelWidth * channels;
  return {
    /** Address distance of neighbouring output positions. */
    stepX: layer.strideX * channels,
    stepY: layer.strideY * frameRow,
    /** Inputs in one row of a window, and the distance from one row's end to the next row's start. */
    rowInputs,
    rowJump: frameRow - rowInputs + 1,
    pool,
    windowsX: Math.floor(layer.output.width / pool.width),
    windowsY: Math.floor(layer.output.height / pool.height),
  };
}

/** Address offset of each position lane: consecutive positions of the pool window, row by row. */
export function positionOffsets(layer: LayerPlan): number[] {
  const { stepX, stepY, pool } = windowGeometry(layer);
  return Array.from(
    { length: layer.positionLanes },
    (_, x) => Math.floor(x / pool.width) * stepY + (x % pool.width) * stepX,
  );
}
