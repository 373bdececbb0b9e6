/** Names of channels, so that they are found again wherever they are handed on to. */
import type { Shape } from '../../types.ts';
import type { DenseMap, WindowMap } from '../stages.ts';

/** A channel of a frame: place (y, x) shows place (y * strideY + offsetY, ...) of a channel of a row, 0 outside. A side of one place has no stride. */
export interface Key {
  /** 0 is the input, then the layers in order. */
  readonly row: number;
  readonly channel: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly offsetY: number;
  readonly offsetX: number;
}

export const text = ({ row, channel, strideY, strideX, offsetY, offsetX }: Key) =>
  [row, channel, strideY, strideX, offsetY, offsetX].join(' ');

/** What a row reads: for each input channel the keys whose weighted sum it is, or for each input element a place of a row. */
export type Reads =
  | { readonly kind: 'window'; readonly map: WindowMap; readonly channels: readonly (readonly Share[])[] }
  | { readonly kind: 'dense'; readonly map: DenseMap; readonly elements: readonly (readonly Place[])[] };

export interface Share {
  readonly key: Key;
  readonly factor: number;
}

export interface Place {
  readonly row: number;
  readonly channel: number;
  readonly y: number;
  readonly x: number;
  readonly factor: number;
}

/** Of an image with one place along a side there is no stride. */
export function sampled({ height, width }: Shape, key: Key): Key {
  return { ...key, strideY: height > 1 ? key.strideY : 0, strideX: width > 1 ? key.strideX : 0 };
}
