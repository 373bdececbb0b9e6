/** What watches over a core. */
export type { CheckedMemory } from './check.ts';
export { checksumOf } from './checksum.ts';
export { lockupLink } from './links.ts';
export { memoriesToCheck, wordStride } from './map.ts';
export { placeMonitors } from './place.ts';
export { watched } from './watch.ts';
