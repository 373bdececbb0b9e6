import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { badInput } from '../../errors/index.ts';
import { readPlainFile } from '../../store/index.ts';
import { expectValues, viewOf } from './numbers.ts';
import type { ImageFormat, RawImages } from './types.ts';

/** Red, green and blue of every pixel. */
interface Picture {
  readonly width: number;
  readonly height: number;
  /** [y][x][4]: red, green, blue, opacity. */
  readonly rgba: Uint8Array;
}

/** Pixels of one picture: 8 million are more than any core takes. */
const mostPixels = 2 ** 23;

const isPng = (bytes: Uint8Array | undefined) =>
  bytes !== undefined && bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47;
const isJpeg = (bytes: Uint8Array | undefined) =>
  bytes !== undefined && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

export const pictureFormat: ImageFormat = {
  name: 'PNG or JPEG picture',
  matches: (_, bytes) => isPng(bytes) || isJpeg(bytes),
  read: ({ bytes, shown }) => imagesOf([decode(bytes, shown)], [shown]),
};

/** A folder of pictures; folders in it are classes, in the order of their names, as torchvision's ImageFolder has them. */
export const folderFormat: ImageFormat = {
  name: 'folder of pictures',
  matches: (_, bytes) => bytes === undefined,
  read: ({ path, shown }) => {
    const entries = readdirSync(path, { withFileTypes: true });
    const classNames = entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
    const here = picturesIn(path);
    if (classNames.length > 0 && here.length > 0) {
      throw badInput('a folder with pictures and folders of pictures', {
        where: shown,
        found: `${here.length} pictures and ${classNames.length} folders`,
        expected: 'a folder for each class, or pictures without labels',
      });
    }
    const parts =
      classNames.length > 0
        ? classNames.map((name) => picturesIn(join(path, name)).map((file) => join(name, file)))
        : [here];
    const files = parts.flat();
    if (files.length === 0)
      throw badInput('a folder without pictures', {
        where: shown,
        found: 'no PNG or JPEG file',
        expected: '.png, .jpg or .jpeg',
      });
    const pictures = files.map((file) => decode(readPlainFile(join(path, file), join(shown, file)), join(shown, file)));
    const images = imagesOf(
      pictures,
      files.map((file) => join(shown, file)),
    );
    if (classNames.length === 0) return images;
    const labels = parts.flatMap((part, label) => part.map(() => label));
    return {
      ...images,
      labels,
      classNames,
      notes: [`classes are the folders in the order of their names: ${classNames.join(', ')}`],
    };
  },
};

function picturesIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(png|jpe?g)$/i.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

function decode(bytes: Uint8Array, shown: string): Picture {
  if (!isPng(bytes) && !isJpeg(bytes)) {
    throw badInput('a file that is no picture', {
      where: shown,
      found: 'other first bytes',
      expected: 'a PNG or JPEG file',
    });
  }
  try {
    return isPng(bytes) ? decodePng(bytes, shown) : decodeJpeg(bytes);
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'SpinfireError') throw cause;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw badInput('a picture is damaged, or of a kind that is not supported', { where: shown, found }, cause);
  }
}

function decodePng(bytes: Uint8Array, shown: string): Picture {
  // The sizes stand in the header; a few bytes of file can claim gigabytes.
  if (bytes.length >= 24) {
    const view = viewOf(bytes);
    const pixels = view.getUint32(16) * view.getUint32(20);
    if (pixels > mostPixels) {
      throw badInput('a picture is too large', {
        where: shown,
        found: `${pixels} pixels`,
        expected: `at most ${mostPixels}`,
      });
    }
  }
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return { width, height, rgba: data };
}

function decodeJpeg(bytes: Uint8Array): Picture {
  const { width, height, data } = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: true,
    tolerantDecoding: false,
    maxResolutionInMP: mostPixels / 1e6,
    maxMemoryUsageInMB: 512,
  });
  return { width, height, rgba: data };
}

/** Grey where every pixel of every picture is grey, else red, green and blue. */
function imagesOf(pictures: readonly Picture[], names: readonly string[]): RawImages {
  const { width, height } = pictures[0]!;
  const other = pictures.findIndex((picture) => picture.width !== width || picture.height !== height);
  if (other >= 0) {
    throw badInput('pictures of different sizes', {
      where: names[other]!,
      found: `${pictures[other]!.height} x ${pictures[other]!.width} pixels`,
      expected: `${height} x ${width} as in ${names[0]}`,
      help: 'scale them to the size that the network was trained with, by the same program',
    });
  }
  const places = width * height;
  const channels = pictures.every(isGrey) ? 1 : 3;
  expectValues(pictures.length * places * channels, names[0]!);
  const data = new Uint8Array(pictures.length * places * channels);
  let target = 0;
  for (const [i, { rgba }] of pictures.entries()) {
    for (let place = 0; place < places; place += 1) {
      if (rgba[place * 4 + 3] !== 255) {
        throw badInput('a picture has transparent pixels', {
          where: names[i]!,
          found: `opacity ${rgba[place * 4 + 3]} of 255 at row ${Math.floor(place / width)}, column ${place % width}`,
          expected: 'opaque pixels: nothing says what is behind it',
        });
      }
      for (let channel = 0; channel < channels; channel += 1) {
        data[target] = rgba[place * 4 + channel]!;
        target += 1;
      }
    }
  }
  return { count: pictures.length, dims: [height, width, channels], order: 'hwc', kind: 'bytes', data };
}

function isGrey({ rgba }: Picture): boolean {
  for (let i = 0; i < rgba.length; i += 4) {
    if (rgba[i] !== rgba[i + 1] || rgba[i] !== rgba[i + 2]) return false;
  }
  return true;
}
