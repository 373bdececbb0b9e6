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
    runs: tapRuns(layer, frameRow),
    windowsX: Math.floor(layer.output.width / pool.width),
    windowsY: Math.floor(layer.output.height / pool.height),
  };
}

/** Runs of taps that are walked over, each with its last tap's number in the walk, without bias rows; addresses from the window's first input. */
function tapRuns({ runs, kernelWidth, input }: LayerPlan, frameRow: number) {
  const rowInputs = kernelWidth * input.channels;
  const addressOf = (tap: number) => Math.floor(tap / rowInputs) * frameRow + (tap % rowInputs);
  let walked = 0;
  // A run of the plan may go on in the window's next row, where the addresses jump.
  const inRows = (runs ?? []).flatMap(({ tap, count }) => {
    const parts: { first: number; last: number }[] = [];
    for (let from = tap; from < tap + count; ) {
      const end = Math.min(tap + count, (Math.floor(from / rowInputs) + 1) * rowInputs);
      parts.push({ first: from, last: end - 1 });
      from = end;
    }
    return parts;
  });
  return inRows.map(({ first, last }) => {
    walked += last - first + 1;
    return { first: addressOf(first), last: addressOf(last), lastTap: walked - 1 };
  });
}

/** Address offset of each position lane: consecutive positions of the pool window, row by row. */
export function positionOffsets(layer: LayerPlan): number[] {
  const { stepX, stepY, pool } = windowGeometry(layer);
  return Array.from(
    { length: layer.positionLanes },
    (_, x) => Math.floor(x / pool.width) * stepY + (x % pool.width) * stepX,
  );
}
