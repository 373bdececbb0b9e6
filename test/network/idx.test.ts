import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMnist, mnistPaths, readIdxFiles, readIdxImages, readIdxLabels } from '../../src/network/index.ts';

function header(...words: number[]): number[] {
  return words.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);
}

const pixels = Array.from({ length: 12 }, (_, index) => index * 20);
const images = Uint8Array.from([...header(0x803, 2, 2, 3), ...pixels]);
const labels = Uint8Array.from([...header(0x801, 2), 9, 0]);

describe('IDX', () => {
  it('reads images and labels, gzipped or not', () => {
    for (const bytes of [images, gzipSync(images)]) {
      const found = readIdxImages(bytes, 'i');
      expect({ ...found, pixels: [...found.pixels] }).toEqual({ count: 2, rows: 2, columns: 3, pixels });
    }
    for (const bytes of [labels, gzipSync(labels)]) expect([...readIdxLabels(bytes, 'l')]).toEqual([9, 0]);
  });

  it('reads a view into a larger buffer', () => {
    const larger = new Uint8Array(images.length + 7);
    larger.set(images, 5);
    expect([...readIdxImages(larger.subarray(5, 5 + images.length), 'i').pixels]).toEqual(pixels);
  });

  it('tells truncated files at every length', () => {
    for (let length = 0; length < images.length; length += 1) {
      expect(() => readIdxImages(images.subarray(0, length), 'i'), `${length}`).toThrow('the file is truncated');
    }
    for (let length = 0; length < labels.length; length += 1) {
      expect(() => readIdxLabels(labels.subarray(0, length), 'l'), `${length}`).toThrow('the file is truncated');
    }
    expect(() => readIdxImages(images.subarray(0, 20), 'some/images.idx')).toThrow(
      [
        'the file is truncated',
        '  at:       some/images.idx byte 20',
        '  found:    20 bytes',
        '  expected: 28 bytes for 2 x 2 x 3 numbers of type uint8',
        '  help:     copy or download it again',
      ].join('\n'),
    );
    expect(() => readIdxImages(gzipSync(images).subarray(0, 24), 'i')).toThrow('no whole gzip file');
  });

  it('tells swapped files, other files and files with more bytes', () => {
    expect(() => readIdxImages(labels, 'l')).toThrow(
      [
        'a file of labels was given where images belong',
        '  at:       l byte 3',
        '  found:    1 dimension',
        '  expected: 2 dimensions or more: images, or vectors',
        '  help:     swap the images file and the labels file',
      ].join('\n'),
    );
    expect(() => readIdxLabels(images, 'i')).toThrow('a file of images was given where labels belong');
    expect(() => readIdxImages(new TextEncoder().encode('P5 28 28 255 ...'), 'i')).toThrow('not an IDX file of images');
    expect(() => readIdxImages(Uint8Array.from([...images, 1]), 'i')).toThrow(
      /bytes behind its last item\n +at: +i byte 28/,
    );
    expect(() => readIdxLabels(Uint8Array.from([...labels, 1]), 'l')).toThrow('l byte 10');
  });

  it('tells sizes that cannot be', () => {
    const withHeader = (...words: number[]) => Uint8Array.from([...header(0x803, ...words), ...pixels]);
    expect(() => readIdxImages(withHeader(0, 2, 3), 'i')).toThrow(/number of images is 0\n +at: +i byte 4/);
    expect(() => readIdxImages(withHeader(2, 0, 3), 'i')).toThrow(/number of rows is 0\n +at: +i byte 8/);
    expect(() => readIdxImages(withHeader(2, 2, 0), 'i')).toThrow(/number of columns is 0\n +at: +i byte 12/);
    const most = 2 ** 32 - 1;
    expect(() => readIdxImages(withHeader(most, most, most), 'i')).toThrow('the file is truncated');
  });

  it('holds labels against the number of classes', () => {
    const letters = Uint8Array.from([...header(0x801, 3), 1, 25, 12]);
    expect(() => readIdxLabels(letters, 'l')).toThrow(/l byte 9\n +found: +label 25 of image 1\n +expected: 0 to 9/);
    expect(() => readIdxLabels(letters, 'l', { classes: 25 })).toThrow('expected: 0 to 24');
    expect([...readIdxLabels(letters, 'l', { classes: 26 })]).toEqual([1, 25, 12]);
  });
});

describe('IDX files', () => {
  let folder: string;
  const path = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'spinfire-idx-'));
    writeFileSync(path('images'), images);
    writeFileSync(path('labels.gz'), gzipSync(labels));
    writeFileSync(path('more'), Uint8Array.from([...header(0x801, 3), 1, 2, 3]));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads images with and without labels', () => {
    expect(readIdxFiles(path('images')).labels).toBeUndefined();
    const both = readIdxFiles(path('images'), path('labels.gz'));
    expect([both.count, [...both.labels!]]).toEqual([2, [9, 0]]);
  });

  it('tells different counts and files that cannot be read', () => {
    expect(() => readIdxFiles(path('images'), path('more'))).toThrow('found:    2 images and 3 labels');
    expect(() => readIdxFiles(path('none'))).toThrow(/cannot be read\n.*none\n.*ENOENT/);
    expect(() => readIdxFiles(folder)).toThrow('a folder');
  });

  it('finds MNIST as it was published', () => {
    checkMnist();
    const { test } = mnistPaths();
    const mnist = readIdxFiles(test.images, test.labels);
    expect([mnist.count, mnist.rows, mnist.columns]).toEqual([10_000, 28, 28]);
    expect([...mnist.labels!.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const swapped = { ...mnistPaths(), train: test };
    expect(() => checkMnist(swapped)).toThrow('MD5 2646ac647ad5339dbf082846283269ea, 7840016 bytes');
    expect(() => checkMnist({ ...mnistPaths(), test: { images: path('none'), labels: path('none') } })).toThrow(
      'ENOENT',
    );
  });
});
