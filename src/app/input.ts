/** What a person says about the input of a network that its file does not tell. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { badInput } from '../errors/index.ts';
import { type InputOptions, readRawImages } from '../network/index.ts';
import { parseJson, readPlainFile, textOf } from '../store/index.ts';

export interface InputWords {
  readonly layout?: 'nchw' | 'nhwc' | undefined;
  /** `LOW,HIGH`, a .json file with `low` and `high`, or a file of vectors whose values reach as far as those of the training. */
  readonly inputRange?: string | undefined;
  /** Of such a file, a CSV: the column that is no value. */
  readonly labelColumn?: string | undefined;
  readonly mean?: readonly number[] | undefined;
  readonly deviation?: readonly number[] | undefined;
}

const rangeFile = z.strictObject({ low: z.array(z.number()).min(1), high: z.array(z.number()).min(1) });

/** @throws badInput when a range is none */
export function inputOptionsOf(words: InputWords, cwd: string): InputOptions {
  const { layout, inputRange, mean, deviation } = words;
  const range = inputRange === undefined ? {} : readRange(inputRange, words, cwd);
  return { layout, mean, deviation, ...range };
}

/** Two numbers with a comma between, the first below the second. */
export function pairOf(word: string, option: string, others = ''): readonly [low: number, high: number] {
  const [low, high, ...more] = word.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (low !== undefined && high !== undefined && more.length === 0 && low < high && Number.isFinite(high - low))
    return [low, high];
  throw badInput(`${option} has a wrong value`, {
    found: word,
    expected: `two numbers, the smaller one first: 0,255${others}`,
  });
}

function readRange(word: string, words: InputWords, cwd: string): Pick<InputOptions, 'low' | 'high'> {
  if (/\.((csv|npy|npz)(\.gz)?|npz:[^/\\:]+)$/i.test(word)) return reachOf(word, words, cwd);
  if (!/\.json$/i.test(word)) {
    const [low, high] = pairOf(word, '--input-range', ', or a file: .json, .csv, .npy, .npz, FILE.npz:NAME');
    return { low: [low], high: [high] };
  }
  let value: unknown;
  try {
    value = parseJson(textOf(readPlainFile(resolve(cwd, word), word)));
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw badInput('a range cannot be read', { where: word, found, expected: '{"low": [...], "high": [...]}' }, cause);
  }
  const result = rangeFile.safeParse(value);
  const pairs = result.success && result.data.low.length === result.data.high.length ? result.data : undefined;
  const wrong = pairs?.low.findIndex((low, i) => !(low < pairs.high[i]!)) ?? 0;
  if (pairs !== undefined && wrong < 0) return pairs;
  throw badInput('a range of another form', {
    where: word,
    found: result.success
      ? `value ${wrong}: ${pairs === undefined ? 'lists of different lengths' : 'low is not below high'}`
      : (result.error.issues[0]?.message ?? ''),
    expected: '{"low": [...], "high": [...]}, as long as each other, low below high',
  });
}

/** The lowest and highest of each value of some vectors; a value that never changes gets a range of one from there on. */
function reachOf(word: string, { labelColumn }: InputWords, cwd: string): Pick<InputOptions, 'low' | 'high'> {
  const { dims, data } = readRawImages(resolve(cwd, word), word, { labelColumn });
  const [size = 1, ...more] = dims;
  if (more.length > 0)
    throw badInput('--input-range wants vectors', {
      where: word,
      found: `images of ${dims.join(' x ')}`,
      expected: 'a vector a line; for images two numbers: 0,255',
    });
  const low = new Array<number>(size).fill(Number.POSITIVE_INFINITY);
  const high = new Array<number>(size).fill(Number.NEGATIVE_INFINITY);
  data.forEach((value, i) => {
    low[i % size] = Math.min(low[i % size]!, value);
    high[i % size] = Math.max(high[i % size]!, value);
  });
  return { low, high: high.map((value, i) => (value > low[i]! ? value : low[i]! + 1)) };
}
