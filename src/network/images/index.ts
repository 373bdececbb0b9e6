/** Images, and vectors of numbers, from files of many formats, as the pixels that a core takes. */
export { type FitOptions, type FittedImages, fitImages, type ImageInput } from './fit.ts';
export {
  type IdxData,
  type IdxImages,
  type LabelOptions,
  readIdxFiles,
  readIdxImages,
  readIdxLabels,
} from './idx-files.ts';
export { readRawImages, readRawLabels } from './read.ts';
export type { RawImages, RawLabels, ReadOptions } from './types.ts';
