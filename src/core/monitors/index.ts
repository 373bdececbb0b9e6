/** What watches over a core. */
export { monitorBlock } from './block.ts';
export type { CheckedMemory } from './check.ts';
export { checksumOf } from './checksum.ts';
export { lockupLink, watchShapes } from './links.ts';
export { mostWords, wordStride } from './load.ts';
export { memoriesToCheck } from './map.ts';
export { watched } from './watch.ts';
