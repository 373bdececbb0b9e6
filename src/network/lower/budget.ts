import { badInput } from '../../errors/index.ts';

/** Values of one tensor. A frame buffer of this many spikes fills the RAM of the largest parts listed. */
export const mostElements = 2 ** 23;
/** Weights of one layer. */
export const mostWeights = 2 ** 25;
/** Weights of a layer that has many only because it could not stay a convolution. */
export const mostWrittenOut = 2 ** 23;
/** Multiplications that folding two layers into one may take: some seconds. */
const mostWork = 2 ** 32;

/** Refuses a size before anything of it is made. */
export function expectSize(count: number, most: number, what: string, where: string, help?: string): void {
  if (count <= most) return;
  throw badInput('the network is too large', {
    where,
    found: `${count.toLocaleString('en')} ${what}`,
    expected: `at most ${most.toLocaleString('en')}`,
    ...(help === undefined ? {} : { help }),
  });
}

export function expectElements(count: number, where: string): void {
  expectSize(count, mostElements, 'values in one tensor', where);
}

export function expectWork(count: number, where: string): void {
  expectSize(count, mostWork, 'multiplications to fold two layers into one', where);
}

/** Without a limit to their number: as arguments of Math.max, many overflow the stack. */
export const largestOf = (least: number, values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), least);
export const smallestOf = (most: number, values: readonly number[]): number =>
  values.reduce((least, value) => Math.min(least, value), most);
