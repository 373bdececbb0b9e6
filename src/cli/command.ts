/** A command is a table: its arguments and options, what its JSON holds, and the work. Parsing, help, manual and completion come from it. */
import type { z } from 'zod';
import type { AppContext } from '../app/index.ts';
import { badInput } from '../errors/index.ts';
import type { CommandResult, Io } from './io.ts';
import { flagOf, type Option, type ValueOf, type Word } from './options.ts';
import { refuseOwnInputs } from './outputs.ts';

/** What a command's work gets besides its arguments. */
export interface CommandContext extends AppContext {
  readonly io: Io;
}

type Words = Readonly<Record<string, Word>>;
type Options = Readonly<Record<string, Option>>;

/** The checked values of a command line. */
export type Given<Arguments extends Words, Own extends Options> = {
  readonly [Key in keyof Arguments]: ValueOf<Arguments[Key] & { readonly required: true }>;
} & GivenOf<Own>;

/** The checked values of some options. */
export type GivenOf<Own extends Options> = { readonly [Key in keyof Own]: ValueOf<Own[Key]> };

type Shallow = string | number | boolean | bigint | null | undefined;
/** Results are handed on, not changed. */
type DeepReadonly<Value> = Value extends Shallow
  ? Value
  : Value extends readonly unknown[]
    ? { readonly [Index in keyof Value]: DeepReadonly<Value[Index]> }
    : Value extends object
      ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
      : Value;

/** How a command that prints such documents ends. */
export type ResultOf<Json> = CommandResult<DeepReadonly<Json>>;

interface CommandTable<Arguments extends Words, Own extends Options, Json> {
  /** As it is typed; a command of a group has its group's name before its own: `hdl check`. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** More of it, for the manual: paragraphs of Markdown. */
  readonly about?: string;
  /** Named by their place, all of them needed. */
  readonly arguments: Arguments;
  readonly options: Own;
  /** The document of `--json`. Fields are described, so that the manual can list them. */
  readonly result: z.ZodType<Json>;
  readonly run: (given: Given<Arguments, Own>, context: CommandContext) => Promise<ResultOf<Json>> | ResultOf<Json>;
}

/** Any command: with words as a person typed them. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly about?: string;
  readonly arguments: Words;
  readonly options: Options;
  readonly result: z.ZodType;
  /** @throws badInput that names the argument or option with a wrong value */
  readonly run: (typed: Readonly<Record<string, unknown>>, context: CommandContext) => Promise<CommandResult>;
}

export function command<const Arguments extends Words, const Own extends Options, Json>(
  table: CommandTable<Arguments, Own, Json>,
): Command {
  return {
    ...table,
    run: async (typed, context) => {
      const given = check(table.arguments, table.options, typed);
      refuseOwnInputs(table.arguments, table.options, given, context.io.cwd);
      return table.run(given, context);
    },
  };
}

function check<Arguments extends Words, Own extends Options>(
  words: Arguments,
  options: Own,
  typed: Readonly<Record<string, unknown>>,
): Given<Arguments, Own> {
  const values: Record<string, unknown> = {};
  for (const [key, word] of Object.entries(words)) values[key] = readValue(word, `<${key}>`, typed[key]);
  for (const [key, option] of Object.entries(options)) {
    const given = typed[key];
    if (option.type === 'flag') values[key] = given;
    else if (option.type === 'switch') values[key] = given !== false;
    else if (option.repeat) {
      values[key] = ((given ?? []) as unknown[]).map((one) => readValue(option as Word, flagOf(key), one));
    } else {
      const typedOrDefault = given ?? option.default;
      values[key] = typedOrDefault === undefined ? undefined : readValue(option as Word, flagOf(key), typedOrDefault);
    }
  }
  return values as Given<Arguments, Own>;
}

function readValue({ type }: Word, name: string, typed: unknown): unknown {
  const result = type.schema.safeParse(String(typed));
  if (result.success) return result.data;
  throw badInput(`${name} has a wrong value`, {
    found: String(typed),
    expected: result.error.issues[0]?.message ?? 'another value',
  });
}
