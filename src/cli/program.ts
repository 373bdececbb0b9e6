/** The parser of the command line, made from the tables of the commands. */
import { readFileSync } from 'node:fs';
import { Option as CommanderOption, Command as Parser } from 'commander';
import type { Command } from './command.ts';
import { flagOf, type Option } from './options.ts';

/** Options that every command has; they may also stand before the command. */
export const globalOptions = {
  json: { type: 'flag', help: 'print one JSON document' },
  debug: { type: 'flag', help: 'show where in the program an error arose' },
} as const satisfies Record<string, Option>;

export const summaryOfSpinfire = 'From a trained network and a magnetic tunnel junction to verified, costed Verilog.';

/** One line for each group of commands. */
export const groupSummaries: Readonly<Record<string, string>> = {
  hdl: 'hardware of your own, in the language of src/hdl: check, emit, simulate, draw a module',
};

/** What is done with a command and the words that were typed for it. */
export type Act = (command: Command, typed: Readonly<Record<string, unknown>>) => Promise<void>;

/** A parser that calls `act`; it throws commander's errors and never ends the process. */
export function createProgram(commands: readonly Command[], print: (text: string) => void, act: Act): Parser {
  const program = new Parser('spinfire').description(summaryOfSpinfire).version(packageVersion());
  const parsers = [program];
  const groups = new Map<string, Parser>();
  const groupOf = (name: string) => {
    const known = groups.get(name);
    if (known) return known;
    const group = program.command(name).description(groupSummaries[name] ?? '');
    groups.set(name, group);
    parsers.push(group);
    return group;
  };
  for (const command of commands) {
    const [last, ...group] = command.name.split(' ').reverse() as [string, ...string[]];
    const parser = group.reduce((_, name) => groupOf(name), program).command(last);
    parsers.push(describe(parser, command, act));
  }
  for (const parser of parsers) {
    for (const [key, option] of Object.entries(globalOptions)) parser.addOption(commanderOption(key, option));
    parser.exitOverride().configureOutput({
      writeOut: print,
      // Usage errors are printed with all others.
      writeErr: () => {},
    });
  }
  return program;
}

function describe(parser: Parser, command: Command, act: Act): Parser {
  const names = Object.keys(command.arguments);
  parser.description(command.summary);
  for (const name of names) parser.argument(`<${name}>`, command.arguments[name]!.help);
  for (const [key, option] of Object.entries(command.options)) parser.addOption(commanderOption(key, option));
  return parser.action((...given: unknown[]) => {
    const typed = Object.fromEntries(names.map((name, index) => [name, given[index]]));
    return act(command, { ...typed, ...(given[names.length] as Record<string, unknown>) });
  });
}

function commanderOption(key: string, option: Option): CommanderOption {
  const made = new CommanderOption(flagsOf(key, option), helpOf(option));
  if (option.group !== undefined) made.helpGroup(`${option.group}:`);
  if (option.type === 'flag' || option.type === 'switch') return made;
  if (option.required) made.makeOptionMandatory();
  if (option.repeat) made.argParser((value: string, before: string[] = []) => [...before, value]);
  return made;
}

/** `-o, --output <folder>` */
export function flagsOf(key: string, option: Option): string {
  const long = option.type === 'switch' ? flagOf(key).replace('--', '--no-') : flagOf(key);
  const argument = option.type === 'flag' || option.type === 'switch' ? '' : ` <${option.argument}>`;
  return `${option.short === undefined ? '' : `-${option.short}, `}${long}${argument}`;
}

/** What holds when an option is not given, as help says it. */
export function usualOf(option: Option): string | undefined {
  if (option.type === 'flag' || option.type === 'switch') return undefined;
  const usual = option.default ?? option.usual;
  return usual === undefined ? undefined : String(usual);
}

function helpOf(option: Option): string {
  const usual = usualOf(option);
  return `${option.help}${usual === undefined ? '' : ` (${usual})`}`;
}

function packageVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
