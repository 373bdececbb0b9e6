import { statSync } from 'node:fs';
import { badInput } from '../../errors/index.ts';
import { readPlainFile } from '../../store/index.ts';
import { cifarFormat } from './cifar.ts';
import { csvFormat, labelsOfText } from './csv.ts';
import { idxFormat, isIdx, readIdxLabelNumbers } from './idx.ts';
import { isNpy, npyFormat, readNpy } from './npy.ts';
import { isZip, labelsOfArchive, npzFormat } from './npz.ts';
import { asLabels } from './numbers.ts';
import { folderFormat, pictureFormat } from './pictures.ts';
import { rawFormat } from './raw.ts';
import type { ImageFile, ImageFormat, RawImages, RawLabels, ReadOptions } from './types.ts';
import { unpacked } from './unpack.ts';

/** Looked through in this order: what has a mark of its own, then what only its name tells. */
const formats: readonly ImageFormat[] = [
  folderFormat,
  idxFormat,
  npyFormat,
  npzFormat,
  pictureFormat,
  cifarFormat,
  csvFormat,
  rawFormat,
];

/**
 * Images, or vectors of numbers, from a file or folder of any known format, gzipped or not.
 *
 * @param path `file.npz:name` names an array of an archive
 * @throws SpinfireError (badInput) when it can't be read, or the format is not known
 */
export function readRawImages(path: string, shown: string, options: ReadOptions = {}): RawImages {
  const { file, isFolder } = openFile(path, shown);
  const format = formats.find(({ matches }) =>
    matches(file.path.replace(/\.gz$/i, ''), isFolder ? undefined : file.bytes),
  );
  if (format !== undefined) return format.read(file, options);
  throw badInput('the images are of no format that is known', {
    where: shown,
    found: `a file that begins with ${hex(file.bytes)}`,
    expected: formats.map(({ name }) => name).join(', '),
    help: 'numpy.save writes a file that is read for certain',
  });
}

/** Labels from a file: IDX, NumPy, or text with a label a line. Throws badInput for other formats, folders, and labels that are no whole numbers from 0 on. */
export function readRawLabels(path: string, shown: string, options: ReadOptions = {}): RawLabels {
  const { file, isFolder } = openFile(path, shown);
  const { bytes } = file;
  if (isFolder) throw badInput('labels in a folder', { where: shown, found: 'a folder', expected: 'a file of labels' });
  if (isIdx(bytes)) {
    return { labels: asLabels(readIdxLabelNumbers(file).data, shown) };
  }
  if (isNpy(bytes)) return { labels: asLabels(readNpy(bytes, shown).data, shown) };
  if (isZip(bytes)) return labelsOfArchive(file);
  if (csvFormat.matches(file.path.replace(/\.gz$/i, ''), bytes)) return labelsOfText(file, options);
  throw badInput('the labels are of no format that is known', {
    where: shown,
    found: `a file that begins with ${hex(bytes)}`,
    expected: 'IDX, NumPy array or archive, or .csv or .txt with a label a line',
  });
}

function openFile(path: string, shown: string): { file: ImageFile; isFolder: boolean } {
  const [plain, member] = memberOf(path);
  try {
    if (statSync(plain).isDirectory())
      return { file: { path: plain, shown, bytes: new Uint8Array(0) }, isFolder: true };
    const bytes = unpacked(readPlainFile(plain, shown), shown);
    return { file: { path: plain, shown, bytes, member }, isFolder: false };
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'SpinfireError') throw cause;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw badInput('a file cannot be read', { where: shown, found, expected: 'a readable file or folder' }, cause);
  }
}

function memberOf(path: string): [path: string, member: string | undefined] {
  const match = /^(.*\.npz):([^/\\:]+)$/i.exec(path);
  return match ? [match[1]!, match[2]!] : [path, undefined];
}

const hex = (bytes: Uint8Array) =>
  Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ') || 'nothing';
