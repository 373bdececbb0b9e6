/** Options of commands: from text to checked values. */
import { z } from 'zod';
import { badInput } from '../errors/index.ts';

/** A whole number low..high. */
export function wholeNumber(low: number, high: number) {
  return z.string().transform((text, context) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    context.addIssue({ code: 'custom', message: `a whole number ${low}..${high}` });
    return z.NEVER;
  });
}

/** A number low..high, with a point or an exponent if need be. */
export function decimal(low: number, high: number) {
  return z.string().transform((text, context) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= low && value <= high) return value;
    context.addIssue({ code: 'custom', message: `a number ${low}..${high}` });
    return z.NEVER;
  });
}

/** Repeated `name=value` options as a record; absent when there are none. */
export function pairs(shape: string) {
  return z
    .array(z.string())
    .transform((texts, context) => {
      const record: Record<string, string> = {};
      for (const text of texts) {
        const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
        if (name !== undefined && value !== undefined) record[name.trim()] = value.trim();
        else context.addIssue({ code: 'custom', message: shape });
      }
      return record;
    })
    .optional();
}

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly [Word, ...Word[]]) {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
}

/** Checks what commander collected; the first wrong option is shown to the person. */
export function parseOptions<Schema extends z.ZodType>(schema: Schema, options: unknown): z.output<Schema> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const name = String(issue?.path[0] ?? '');
  throw badInput(`--${kebabCase(name)} has a wrong value`, {
    found: String((options as Record<string, unknown>)[name]),
    expected: issue?.message ?? 'another value',
  });
}

const kebabCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
