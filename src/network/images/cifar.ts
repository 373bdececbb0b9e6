import type { ImageFormat } from './types.ts';

const side = 32;
const pixels = 3 * side * side;

/** Bytes of a record: one label (CIFAR-10) or two, the coarse and the fine one (CIFAR-100), then red, green and blue planes. */
function labelBytes(path: string, { length }: Uint8Array): 1 | 2 | undefined {
  if (!/\.bin$/i.test(path) || length === 0) return undefined;
  const [ten, hundred] = [length % (1 + pixels) === 0, length % (2 + pixels) === 0];
  return ten && !hundred ? 1 : hundred && !ten ? 2 : undefined;
}

/** The binary version of CIFAR-10 and CIFAR-100, as A. Krizhevsky publishes it. */
export const cifarFormat: ImageFormat = {
  name: 'CIFAR binary',
  matches: (path, bytes) => bytes !== undefined && labelBytes(path, bytes) !== undefined,
  read: ({ path, bytes }) => {
    const ahead = labelBytes(path, bytes)!;
    const record = ahead + pixels;
    const count = bytes.length / record;
    const data = new Uint8Array(count * pixels);
    const labels: number[] = [];
    for (let image = 0; image < count; image += 1) {
      labels.push(bytes[image * record + ahead - 1]!);
      data.set(bytes.subarray(image * record + ahead, (image + 1) * record), image * pixels);
    }
    return { count, dims: [3, side, side], order: 'chw', kind: 'bytes', data, labels };
  },
};
