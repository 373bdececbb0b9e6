/** Options of commands: what a word may be, from text to checked values. */
import { z } from 'zod';
import { excludedBy } from '../plan/index.ts';

/** What a shell may offer where a value is wanted. */
export type Takes =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** With endings of their names, `.onnx`; any file when there are none. */
  | { readonly kind: 'file'; readonly endings: readonly string[] }
  | { readonly kind: 'folder' }
  /** A core that build wrote: a folder, or its name under generated/. */
  | { readonly kind: 'core' }
  | { readonly kind: 'text' };

/** A kind of value that is typed as one word. */
export interface WordType<Value> {
  /** Turns the word into the value; its message says what was expected. */
  readonly schema: z.ZodType<Value, string>;
  readonly takes: Takes;
  /** For the manual: `1..255`. */
  readonly range?: string;
  /** It names a file that the command writes. */
  readonly writes?: true;
}

/** An option, or one of the things that are named by their place. */
export interface Word<Value = unknown> {
  readonly type: WordType<Value>;
  readonly help: string;
}

/** An option of a command; its flag is its key in kebab case. */
export type Option<Value = unknown> = Flag | Switch | ValueOption<Value>;

interface Described {
  /** One letter that does the same. */
  readonly short?: string;
  readonly help: string;
  /** Under which heading help shows it. */
  readonly group?: string;
}

/** True when it is given. */
interface Flag extends Described {
  readonly type: 'flag';
}

/** On unless `--no-NAME` is given. */
interface Switch extends Described {
  readonly type: 'switch';
}

interface ValueOption<Value> extends Described {
  readonly type: WordType<Value>;
  /** What stands for the value in help: `T`, `file.csv`. */
  readonly argument: string;
  /** The value when it is not given, as one types it. */
  readonly default?: string | number;
  /** What holds instead when it is not given and there is no such value: "the board's". Only said. */
  readonly usual?: string | number;
  readonly required?: true;
  /** May be given several times: the values are a list. */
  readonly repeat?: true;
}

/** The value that an option has in a command. */
export type ValueOf<One> = One extends { readonly type: 'flag' }
  ? true | undefined
  : One extends { readonly type: 'switch' }
    ? boolean
    : One extends { readonly type: WordType<infer Value> }
      ? One extends { readonly repeat: true }
        ? readonly Value[]
        : One extends { readonly default: string | number } | { readonly required: true }
          ? Value
          : Value | undefined
      : never;

const word = <Value>(schema: z.ZodType<Value, string>, takes: Takes, range?: string): WordType<Value> => ({
  schema,
  takes,
  ...(range === undefined ? {} : { range }),
});

function checked<Value>(read: (text: string) => Value | undefined, expected: string): z.ZodType<Value, string> {
  return z.string().transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

/** A whole number low..high. */
export function wholeNumber(low: number, high: number): WordType<number> {
  const read = (text: string) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= low && value <= high ? value : undefined;
  };
  return word(checked(read, `a whole number ${low}..${high}`), { kind: 'text' }, `${low}..${high}`);
}

/** A number low..high, with a point or an exponent if need be. */
export function decimal(low: number, high: number): WordType<number> {
  const read = (text: string) => {
    const value = Number(text);
    return text.trim() !== '' && value >= low && value <= high ? value : undefined;
  };
  return word(checked(read, `a number ${low}..${high}`), { kind: 'text' }, `${low}..${high}`);
}

/** One of a few words; `others` says in the error what of those that people may try. */
export function oneOf<const One extends string>(words: readonly One[], others = ''): WordType<One> {
  const read = (text: string) => words.find((one) => one === text);
  return word(checked<One>(read, `one of ${words.join(', ')}${others}`), { kind: 'words', words }, words.join(', '));
}

/** `name=value`, as a pair. */
export function pair(shape: string): WordType<readonly [name: string, value: string]> {
  const read = (text: string) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    return name === undefined || value === undefined ? undefined : ([name.trim(), value.trim()] as const);
  };
  return word(checked(read, shape), { kind: 'text' });
}

/** Words that a pattern understands. */
export function shaped<Value>(read: (text: string) => Value | undefined, expected: string): WordType<Value> {
  return word(checked(read, expected), { kind: 'text' });
}

/** The path of a file, relative to the current folder. */
export const file = (...endings: readonly string[]): WordType<string> => word(z.string(), { kind: 'file', endings });

/** The path of a file that the command writes. */
export const written = (...endings: readonly string[]): WordType<string> => ({ ...file(...endings), writes: true });

/** The path of a folder, relative to the current folder. */
export const folder: WordType<string> = word(z.string(), { kind: 'folder' });

/** A core that build wrote: a folder, or its name under generated/. */
export const core: WordType<string> = word(z.string(), { kind: 'core' });

/** Any word. */
export const text: WordType<string> = word(z.string(), { kind: 'text' });

/** An option's help with what does not go with it, from the plan's own table. */
export function helpWith(help: string, option: string): string {
  const [, value] = option.split(' ');
  return `${help}; ${value === undefined ? '' : `${value} `}not with ${excludedBy(option).join(', ')}`;
}

/** `timeLanes` is typed `--time-lanes`. */
export const flagOf = (key: string) => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
