import { unzipSync } from 'fflate';
import { badInput } from '../../errors/index.ts';
import { imagesOfArray, isNpy, type NumpyArray, readNpy } from './npy.ts';
import { asLabels, expectValues } from './numbers.ts';
import type { ImageFile, ImageFormat, RawLabels } from './types.ts';

const imageNames = ['x', 'images', 'data', 'x_test', 'test_images', 'arr_0'];
const labelNames = ['y', 'labels', 'targets', 'y_test', 'test_labels', 'arr_1'];

export const isZip = (bytes: Uint8Array | undefined): boolean =>
  bytes !== undefined && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/** numpy.savez: a zip of arrays, each with a name. */
export const npzFormat: ImageFormat = {
  name: 'NumPy archive',
  matches: (_, bytes) => isZip(bytes),
  read: (file) => {
    const names = arrayNames(file);
    const name = file.member ?? imageNames.find((each) => names.includes(each)) ?? onlyOf(names, file.shown, 'images');
    const images = imagesOfArray(readMember(file, name), `${file.shown}, array ${name}`);
    const labelName = labelFor(name, names);
    if (labelName === undefined || file.member !== undefined) return images;
    const labels = asLabels(readMember(file, labelName).data, `${file.shown}, array ${labelName}`);
    return { ...images, labels, notes: [`images from array ${name}, labels from array ${labelName}`] };
  },
};

export function labelsOfArchive(file: ImageFile): RawLabels {
  const names = arrayNames(file);
  const name = file.member ?? labelNames.find((each) => names.includes(each)) ?? onlyOf(names, file.shown, 'labels');
  return { labels: asLabels(readMember(file, name).data, `${file.shown}, array ${name}`) };
}

/** The labels that belong to an array by its name. */
function labelFor(name: string, names: readonly string[]): string | undefined {
  const at = imageNames.indexOf(name);
  const label = at < 0 ? undefined : labelNames[at];
  return label !== undefined && names.includes(label)
    ? label
    : labelNames.slice(0, 3).find((each) => names.includes(each));
}

function onlyOf(names: readonly string[], shown: string, what: string): string {
  if (names.length === 1) return names[0]!;
  throw badInput(`the archive does not tell which array holds the ${what}`, {
    where: shown,
    found: names.join(', ') || 'no arrays',
    expected: `one array, or one named ${what}`,
    help: `name it behind a colon: --${what} ${shown}:NAME`,
  });
}

function arrayNames({ bytes, shown }: ImageFile): string[] {
  const names: string[] = [];
  unpack(bytes, shown, ({ name }) => {
    if (name.endsWith('.npy')) names.push(name.slice(0, -4));
    return false;
  });
  return names;
}

function readMember({ bytes, shown }: ImageFile, name: string): NumpyArray {
  const where = `${shown}, array ${name}`;
  const files = unpack(bytes, shown, (entry) => {
    if (entry.name !== `${name}.npy`) return false;
    expectValues(entry.originalSize, where);
    return true;
  });
  const found = files[`${name}.npy`];
  if (found !== undefined && isNpy(found)) return readNpy(found, where);
  throw badInput('the archive has no such array', {
    where: shown,
    found: name,
    expected: arrayNames({ bytes, shown, path: '' }).join(', '),
  });
}

function unpack(bytes: Uint8Array, shown: string, filter: (entry: { name: string; originalSize: number }) => boolean) {
  try {
    return unzipSync(bytes, { filter });
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'SpinfireError') throw cause;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw badInput(
      'the zip archive is damaged',
      { where: shown, found, expected: 'a whole file of numpy.savez' },
      cause,
    );
  }
}
