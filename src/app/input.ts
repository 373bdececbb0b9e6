/** What a person says about the input of a network that its file does not tell. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { badInput } from '../errors/index.ts';
import type { InputOptions } from '../network/index.ts';
import { parseJson, readPlainFile, textOf } from '../store/index.ts';

export interface InputWords {
  readonly layout?: 'nchw' | 'nhwc' | undefined;
  /** `LOW,HIGH`, or a .json file with `low` and `high`. */
  readonly inputRange?: string | undefined;
  readonly mean?: readonly number[] | undefined;
  readonly deviation?: readonly number[] | undefined;
}

const rangeFile = z.strictObject({ low: z.array(z.number()).min(1), high: z.array(z.number()).min(1) });

/** @throws badInput when a range is none */
export function inputOptionsOf(words: InputWords, cwd: string): InputOptions {
  const { layout, inputRange, mean, deviation } = words;
  const range = inputRange === undefined ? {} : readRange(inputRange, '--input-range', cwd);
  return { layout, mean, deviation, ...range };
}

/** Two numbers with a comma between, the first below the second. */
export function pairOf(word: string, option: string): readonly [low: number, high: number] {
  const [low, high, ...more] = word.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (low !== undefined && high !== undefined && more.length === 0 && low < high && Number.isFinite(high - low))
    return [low, high];
  throw badInput(`${option} has a wrong value`, { found: word, expected: 'two numbers, the smaller one first: 0,255' });
}

function readRange(word: string, option: string, cwd: string): Pick<InputOptions, 'low' | 'high'> {
  if (!/\.json$/i.test(word)) {
    const [low, high] = pairOf(word, option);
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
