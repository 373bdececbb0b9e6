import type { ImageFormat } from './types.ts';

/** Bytes without any header: as many images of the network's size as fit. */
export const rawFormat: ImageFormat = {
  name: 'raw bytes',
  matches: (path, bytes) => bytes !== undefined && /\.(raw|bin|bytes)$/i.test(path),
  read: ({ bytes }) => ({
    count: 1,
    dims: [bytes.length],
    kind: 'bytes',
    data: bytes,
    notes: ['raw bytes, cut into images of the size that the network takes'],
  }),
};
