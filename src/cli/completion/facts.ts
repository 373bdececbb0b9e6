/** What a shell has to know of the commands. */
import type { Command } from '../command.ts';
import { flagOf, type Option, type Takes } from '../options.ts';
import { globalOptions } from '../program.ts';

/** An option as a shell sees it. */
export interface CompletedOption {
  /** With its dashes: `--output`. */
  readonly flag: string;
  /** With its dash: `-o`. */
  readonly short?: string;
  readonly help: string;
  /** Undefined: no value follows. */
  readonly takes?: Takes;
}

/** A command as a shell sees it. */
export interface CompletedCommand {
  /** `build`, or `hdl check` */
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** What is named by its place, in order. */
  readonly words: readonly Takes[];
}

export function completedCommands(commands: readonly Command[]): CompletedCommand[] {
  return commands.map(({ name, summary, arguments: words, options }) => ({
    name,
    summary,
    options: Object.entries({
      ...options,
      ...globalOptions,
      help: { type: 'flag', help: 'display help' } as const,
    }).map(([key, option]) => completedOption(key, option)),
    words: Object.values(words).map(({ type }) => type.takes),
  }));
}

function completedOption(key: string, option: Option): CompletedOption {
  const { help, short } = option;
  return {
    flag: option.type === 'switch' ? flagOf(key).replace('--', '--no-') : flagOf(key),
    ...(short === undefined ? {} : { short: `-${short}` }),
    help,
    ...(option.type === 'flag' || option.type === 'switch' ? {} : { takes: option.type.takes }),
  };
}

/** First words of the commands, each once. */
export const firstWords = (commands: readonly CompletedCommand[]) => [
  ...new Set(commands.map(({ name }) => name.split(' ')[0]!)),
];

/** Second words of the commands that begin with `first`; none for a command of one word. */
export const secondWords = (commands: readonly CompletedCommand[], first: string) =>
  commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name.split(' ')[1]!);
