/** What the layers of a graph read: channels and places of others. */
import { flatOnly, imageParts } from '../join.ts';
import { writtenOut } from '../maps.ts';
import type { PotentialStage, SourceStage } from '../stages.ts';
import { type Place, type Reads, type Share, sampled } from './keys.ts';
import type { Rows } from './rows.ts';

export function readsOf(rows: Rows, { source, map, where }: PotentialStage): Reads {
  const isArranged = source.kind === 'joined' && flatOnly(source.parts) !== undefined;
  if (map.kind === 'window' && !isArranged) {
    const channels = imageParts(source).flatMap(({ source: from, sampling }) => {
      const { row, height, width } = rows.find(from);
      return Array.from({ length: from.layout!.shape.channels }, (_, channel): Share[] =>
        windowPlaces(height, width).map(({ y, x }) => ({
          key: sampled(map.input, {
            ...{ row, channel, strideY: sampling.strideY * height, strideX: sampling.strideX * width },
            ...{ offsetY: sampling.offsetY * height + y, offsetX: sampling.offsetX * width + x },
          }),
          factor: 1 / (height * width),
        })),
      );
    });
    return { kind: 'window', map, channels };
  }
  const dense = writtenOut(map, source.layout, where);
  const elements = Array.from({ length: dense.inputs }, (_, element) => placesOf(rows, source, element));
  return { kind: 'dense', map: dense, elements };
}

/** Places of rows whose weighted sum an element of a stage is; none for one that is always 0. */
function placesOf(rows: Rows, source: SourceStage, element: number): readonly Place[] {
  if (source.kind === 'joined') return placesOfJoined(rows, source, element);
  const { row, height, width } = rows.find(source);
  const shape = height * width === 1 ? rows.output(row) : source.layout!.shape;
  const at = rows.placeOf(source.layout?.order, element);
  const channel = at % shape.channels;
  const place = Math.floor(at / shape.channels);
  const [top, left] = [Math.floor(place / shape.width) * height, (place % shape.width) * width];
  const factor = 1 / (height * width);
  return windowPlaces(height, width).map(({ y, x }) => ({ row, channel, y: top + y, x: left + x, factor }));
}

function placesOfJoined(
  rows: Rows,
  source: Extract<SourceStage, { kind: 'joined' }>,
  element: number,
): readonly Place[] {
  const flat = flatOnly(source.parts);
  if (flat) {
    let before = 0;
    for (const { source: from } of flat) {
      if (element < before + from.size) return placesOf(rows, from, element - before);
      before += from.size;
    }
    throw new Error('an element lies in one of the parts');
  }
  const { width, channels } = source.layout!.shape;
  const [y, x] = [Math.floor(element / channels / width), Math.floor(element / channels) % width];
  let channel = element % channels;
  for (const { source: from, sampling } of imageParts(source)) {
    const shape = from.layout!.shape;
    if (channel >= shape.channels) {
      channel -= shape.channels;
      continue;
    }
    const [row, column] = [y * sampling.strideY + sampling.offsetY, x * sampling.strideX + sampling.offsetX];
    const isInside = row >= 0 && row < shape.height && column >= 0 && column < shape.width;
    return isInside ? placesOf(rows, from, (row * shape.width + column) * shape.channels + channel) : [];
  }
  throw new Error('a channel lies in one of the parts');
}

function windowPlaces(height: number, width: number): { readonly y: number; readonly x: number }[] {
  return Array.from({ length: height * width }, (_, i) => ({ y: Math.floor(i / width), x: i % width }));
}
