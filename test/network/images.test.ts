import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, it } from 'vitest';
import { fitImages, readRawImages, readRawLabels } from '../../src/network/index.ts';
import { networkInputs } from './image-inputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'spinfire-images-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

const read = (path: string, options = {}) => readRawImages(path, 'shown', options);

function npy(descr: string, shape: string, data: Uint8Array, fortran = 'False'): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }\n`;
  return Uint8Array.from([
    0x93,
    ...Buffer.from('NUMPY'),
    1,
    0,
    header.length & 255,
    header.length >> 8,
    ...Buffer.from(header),
    ...data,
  ]);
}

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer);

/** A picture whose red is the column, green the row, blue 9. */
function png(width: number, height: number, grey = false): Buffer {
  const picture = new PNG({ width, height });
  for (let i = 0; i < width * height; i += 1) {
    const [x, y] = [i % width, Math.floor(i / width)];
    picture.data.set(grey ? [x, x, x, 255] : [x, y, 9, 255], i * 4);
  }
  return PNG.sync.write(picture);
}

describe('formats of images', () => {
  it('IDX of any rank and type', () => {
    const floats = Uint8Array.from([0, 0, 0x0d, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0x3f, 0x80, 0, 0, 0xbf, 0, 0, 0]);
    expect(read(file('f.idx', floats))).toMatchObject({ count: 1, dims: [2], kind: 'numbers' });
    expect([...read(file('f.idx', gzipSync(floats))).data]).toEqual([1, -0.5]);
    const colours = Uint8Array.from([0, 0, 8, 4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]);
    expect(read(file('c.idx', colours))).toMatchObject({ count: 1, dims: [1, 2, 3], kind: 'bytes' });
    expect(() => read(file('t.idx', colours.subarray(0, 24)))).toThrow('the file is truncated');
    const huge = Uint8Array.from([0, 0, 8, 4, ...new Array(16).fill(255)]);
    expect(() => read(file('h.idx', huge))).toThrow('the file is truncated');
  });

  it('NumPy arrays, in both orders, and archives', () => {
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    expect([...read(file('a.npy', npy('<f4', '1, 2, 3', bytesOf(values)))).data]).toEqual([1, 2, 3, 4, 5, 6]);
    // Fortran: [[1, 3, 5], [2, 4, 6]].
    expect([...read(file('b.npy', npy('<f4', '2, 3', bytesOf(values), 'True'))).data]).toEqual([1, 3, 5, 2, 4, 6]);
    const zip = zipSync({
      'x.npy': npy('|u1', '2, 2', Uint8Array.of(1, 2, 3, 4)),
      'y.npy': npy('|u1', '2,', Uint8Array.of(7, 8)),
    });
    expect(read(file('z.npz', zip))).toMatchObject({ count: 2, dims: [2], kind: 'bytes', labels: [7, 8] });
    expect(readRawLabels(`${file('z.npz', zip)}:y`, 'z').labels).toEqual([7, 8]);
    const other = zipSync({
      'one.npy': npy('|u1', '1, 1', Uint8Array.of(1)),
      'two.npy': npy('|u1', '1, 1', Uint8Array.of(2)),
    });
    expect(() => read(file('o.npz', other))).toThrow('does not tell which array');
    expect([...read(`${file('o.npz', other)}:two`).data]).toEqual([2]);
    expect(() => read(file('bad.npy', npy('|O', '2, 2', Uint8Array.of())))).toThrow('a type that is not supported');
  });

  it('pictures, and folders of them with a folder for each class', () => {
    const one = read(file('p.png', png(3, 2)));
    expect(one).toMatchObject({ count: 1, dims: [2, 3, 3], order: 'hwc', kind: 'bytes' });
    expect([...one.data]).toEqual([0, 0, 9, 1, 0, 9, 2, 0, 9, 0, 1, 9, 1, 1, 9, 2, 1, 9]);
    expect(read(file('g.png', png(3, 2, true))).dims).toEqual([2, 3, 1]);
    file('set/cat/1.png', png(3, 2));
    file('set/dog/1.png', png(3, 2));
    file('set/dog/2.png', png(3, 2));
    expect(read(join(folder, 'set'))).toMatchObject({ count: 3, labels: [0, 1, 1], classNames: ['cat', 'dog'] });
    file('set/dog/3.png', png(2, 2));
    expect(() => read(join(folder, 'set'))).toThrow('pictures of different sizes');
    const white = { width: 8, height: 8, data: Buffer.alloc(256, 255) };
    expect(read(file('w.jpg', jpeg.encode(white, 90).data)).data.every((value) => value > 250)).toBe(true);
    expect(() => read(file('d.png', png(3, 2).subarray(0, 40)))).toThrow('a picture is damaged');
    const bomb = Buffer.from(png(3, 2));
    bomb.writeUInt32BE(100_000, 16);
    bomb.writeUInt32BE(100_000, 20);
    expect(() => read(file('bomb.png', bomb))).toThrow('a picture is too large');
  });

  it('CIFAR, and numbers as text with and without labels', () => {
    const record = new Uint8Array(3073).fill(5);
    record[0] = 3;
    expect(read(file('batch.bin', record))).toMatchObject({ count: 1, dims: [3, 32, 32], order: 'chw', labels: [3] });
    expect(read(file('k.csv', 'label,a,b\n7,1,2\n8,3,4\n'))).toMatchObject({ count: 2, dims: [2], labels: [7, 8] });
    expect(read(file('s.csv', '0.5;1\n2;3\n')).labels).toBeUndefined();
    expect(read(file('n.csv', '1,2,0\n3,4,1\n'), { labelColumn: '2' })).toMatchObject({ dims: [2], labels: [0, 1] });
    const named = read(file('i.csv', 'a,species\n1,virginica\n2,setosa\n'));
    expect(named).toMatchObject({ labels: [1, 0], classNames: ['setosa', 'virginica'] });
    expect(() => read(file('r.csv', '1,2\n3\n'))).toThrow(/another number of columns\n.*line 2/);
    expect(() => read(file('w.csv', '1,2\n3,x\n'))).toThrow('a value is no number');
    expect(() => read(file('u.xyz', 'hello'))).toThrow('of no format that is known');
  });
});

describe('images for a network', () => {
  const { grey, colour, vector, ranged, ones } = networkInputs;
  const bytes = (dims: number[], data: number[], order?: 'hwc' | 'chw') =>
    ({ count: 1, dims, kind: 'bytes', data: Uint8Array.from(data), ...(order ? { order } : {}) }) as const;

  it('cuts more values of vectors off than of pictures: each has the range of a few training vectors', () => {
    const low = Array.from({ length: 10 }, (_, i) => i);
    const own = { shape: { height: 1, width: 1, channels: 10 }, range: { low, high: low.map((value) => value + 1) } };
    const numbers = (many: number) =>
      ({
        count: 10,
        dims: [10],
        kind: 'numbers',
        data: Float64Array.from({ length: 100 }, (_, i) => (i % 10) + (i < many ? 2 : 0.5)),
      }) as const;
    const { pixels, notes } = fitImages(numbers(9), own, {}, 'w');
    expect(notes).toEqual(["9 of 100 values were outside of the network's ranges and cut off"]);
    expect([...pixels.subarray(8, 10)]).toEqual([255, 128]);
    expect(() => fitImages(numbers(11), own, {}, 'w')).toThrow('11.0 % of them outside');
    // One range for all: two in a hundred are a mistake.
    const one = { ...own, range: { low: [0], high: [10] } };
    expect(() => fitImages(numbers(100), one, {}, 'w')).toThrow('outside');
  });

  it('puts colours behind each other, and asks where the order is open', () => {
    const planes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    const expected = [1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12];
    expect([...fitImages(bytes([3, 2, 2], planes), colour, {}, 'w').pixels]).toEqual(expected);
    expect([...fitImages(bytes([2, 2, 3], expected), colour, {}, 'w').pixels]).toEqual(expected);
    expect(() => fitImages(bytes([12], planes), colour, {}, 'w')).toThrow('--image-layout nchw');
    expect([...fitImages(bytes([12], planes), colour, { layout: 'nchw' }, 'w').pixels]).toEqual(expected);
    expect(() => fitImages(bytes([2, 2], [1, 2, 3, 4]), colour, {}, 'w')).toThrow('do not fit the network');
  });

  it('takes a series of several channels as PyTorch has it, and as Keras, and asks where it could be either', () => {
    const series = { shape: { height: 1, width: 4, channels: 3 } };
    const byPlace = Array.from({ length: 12 }, (_, i) => i);
    const byChannel = Array.from({ length: 12 }, (_, i) => (i % 4) * 3 + Math.floor(i / 4));
    expect([...fitImages(bytes([4, 3], byPlace), series, {}, 'w').pixels]).toEqual(byPlace);
    expect([...fitImages(bytes([3, 4], byChannel), series, {}, 'w').pixels]).toEqual(byPlace);
    const square = { shape: { height: 3, width: 1, channels: 3 } };
    const nine = bytes([3, 3], byPlace.slice(0, 9));
    expect(() => fitImages(nine, square, {}, 'w')).toThrow('the order of the colours is not known');
    expect([...fitImages(nine, square, { layout: 'nchw' }, 'w').pixels]).toEqual([0, 3, 6, 1, 4, 7, 2, 5, 8]);
    expect(() => fitImages(bytes([2, 6], byPlace), series, {}, 'w')).toThrow('do not fit');
  });

  it('takes a grey image as the vector of its rows, and the other way round', () => {
    expect([...fitImages(bytes([2, 2], [1, 2, 3, 4]), vector, {}, 'w').pixels]).toEqual([1, 2, 3, 4]);
    expect([...fitImages(bytes([4], [1, 2, 3, 4]), grey, {}, 'w').pixels]).toEqual([1, 2, 3, 4]);
  });

  it('scales numbers by the range that was told, and refuses those outside', () => {
    const numbers = (data: number[]) =>
      ({ count: 1, dims: [4], kind: 'numbers', data: Float64Array.from(data) }) as const;
    expect([...fitImages(numbers([-1, 0, 1, 3]), ranged, {}, 'w').pixels]).toEqual([0, 64, 128, 255]);
    expect([...fitImages(numbers([0, 51, 102, 255]), grey, { range: [0, 255] }, 'w').pixels]).toEqual([
      0, 51, 102, 255,
    ]);
    expect(() => fitImages(numbers([0, 51, 102, 255]), grey, {}, 'w')).toThrow('--image-range LOW,HIGH');
    expect(() => fitImages(numbers([0, Number.NaN, 0, 0]), grey, {}, 'w')).toThrow('no finite number');
  });

  it('adds the channel of ones that a network wants', () => {
    expect([...fitImages(bytes([2, 2], [1, 2, 3, 4]), ones, {}, 'w').pixels]).toEqual([1, 255, 2, 255, 3, 255, 4, 255]);
  });
});
