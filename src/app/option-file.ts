/** A file of JSON that an option names in place of words: read, and held to its schema. */
import { resolve } from 'node:path';
import type { z } from 'zod';
import { badInput } from '../errors/index.ts';
import { parseJson } from '../store/index.ts';
import { readInput } from './files.ts';

/**
 * @param path as the person wrote it, relative to `cwd`
 * @param about what the file describes, and the page that shows one
 * @throws badInput that names the file, and the place in it that has another form
 */
export function readOptionFile<T>(
  path: string,
  cwd: string,
  schema: z.ZodType<T>,
  about: { readonly what: string; readonly page: string },
): T {
  const text = Buffer.from(readInput(resolve(cwd, path))).toString('utf8');
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw badInput('the file is not JSON', { where: path, found: (cause as Error).message }, cause);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw badInput(`the file does not describe ${about.what}`, {
    where: `${path}, at ${issue?.path.map(String).join('.') || 'its top'}`,
    found: issue?.message ?? '',
    help: `${about.page} shows one`,
  });
}
