/** docs/command-line.md, made from the tables of the commands. */
import { z } from 'zod';
import type { Command } from './command.ts';
import type { Option, WordType } from './options.ts';
import { flagsOf, globalOptions, groupSummaries, usualOf } from './program.ts';

/** The page of all commands, as Markdown. */
export function commandLinePage(commands: readonly Command[]): string {
  return `${[
    head,
    table(
      ['command', 'what it does'],
      commands.map((one) => [`[\`${usageOf(one)}\`](#${anchorOf(one)})`, one.summary]),
    ),
    around,
    ...commands.flatMap(sectionsOf),
    tail,
  ].join('\n\n')}\n`;
}

const head = `# What are the commands?

<!-- Made from the tables in src/cli/commands: npx tsx scripts/write-command-line.ts -->

\`\`\`sh
npx spinfire --help
npx spinfire classify --help
\`\`\``;

const around = `DESIGN is an ONNX or NIR file or a TypeScript file that exports a core. NAME is a folder that \`build\` wrote, or its name under \`generated/\`.

${Object.entries(globalOptions)
  .map(([key, option]) => `- \`${flagsOf(key, option)}\`, on every command: ${option.help}.`)
  .join('\n')}
- Results go to stdout, progress to stderr. \`--json\` prints exactly one JSON document on stdout, also for an error: \`{"error": {"kind", "message", ...}}\`.
- Exit codes: 0 done; 1 a check failed (a mismatch, timing that is not met, or a tool refused the design); 2 bad input or usage; 3 a tool is missing; 130 interrupted.
- An error says where, what was found, what was expected and what to do; \`--debug\` adds the place in the program.
- Ctrl-C ends the tools that were started. Files and folders are written whole or not at all.
- New fields may be added to the JSON documents; those below stay. \`?\`: not always there.

\`\`\`sh
npx spinfire build models/digits-mlp.onnx -o build/docs/json --name json --json
\`\`\``;

const tail = `## Completion

\`spinfire completion bash\` prints what a shell needs to know to complete commands, options, their values and names of cores. Once for each shell:

    spinfire completion bash > ~/.local/share/bash-completion/completions/spinfire
    spinfire completion zsh > "\${fpath[1]}/_spinfire"
    spinfire completion fish > ~/.config/fish/completions/spinfire.fish

## Tools of your own

A tool is taken from an environment variable (\`SPINFIRE_YOSYS\`, \`SPINFIRE_VERILATOR\`, \`SPINFIRE_IVERILOG\`, ...), then from PATH, then from npm
(WebAssembly builds such as \`@yowasp/yosys\`). \`doctor\` says which one it is. Simulations that \`classify --engine verilator\` compiles are kept in
\`~/.cache/spinfire\`, or where \`SPINFIRE_CACHE\` points.`;

/** `spinfire build DESIGN` */
function usageOf({ name, arguments: words, options }: Command): string {
  const required = Object.entries(options)
    .filter(([, option]) => option.type !== 'flag' && option.type !== 'switch' && option.required)
    .map(([key, option]) => flagsOf(key, option).replace(/<(.*)>/, (_, argument: string) => argument.toUpperCase()));
  return ['spinfire', name, ...Object.keys(words).map((word) => word.toUpperCase()), ...required].join(' ');
}

const anchorOf = ({ name }: Command) => `spinfire-${name.replaceAll(' ', '-')}`;

function sectionsOf(command: Command, index: number, all: readonly Command[]): string[] {
  const [group] = command.name.split(' ');
  const groupText = groupSummaries[group!];
  const isFirst = all.findIndex(({ name }) => name.split(' ')[0] === group) === index;
  return [
    `## spinfire ${command.name}`,
    ...(groupText !== undefined && isFirst ? [`${capital(groupText)}.`] : []),
    `${capital(command.summary)}.`,
    ...(command.about === undefined ? [] : [command.about]),
    ...argumentTable(command),
    ...optionTable(command),
    ...fieldTable(command),
  ];
}

function argumentTable({ arguments: words }: Command): string[] {
  const rows = Object.entries(words).map(([name, word]) => [`\`${name.toUpperCase()}\``, word.help]);
  return rows.length === 0 ? [] : [table(['argument', 'what it is'], rows)];
}

function optionTable({ options }: Command): string[] {
  const all = Object.entries(options);
  if (all.length === 0) return [];
  const groups = [...new Set(all.map(([, option]) => option.group))];
  const rows = groups.flatMap((group) => [
    ...(group === undefined ? [] : [[`*${group}*`, '', '', '']]),
    ...all.filter(([, option]) => option.group === group).map(([key, option]) => optionRow(key, option)),
  ]);
  return [table(['option', 'values', 'when not given', 'what it says'], rows)];
}

function optionRow(key: string, option: Option): string[] {
  const values = option.type === 'flag' || option.type === 'switch' ? '' : valuesOf(option.type);
  return [`\`${flagsOf(key, option)}\``, values, usualOf(option) ?? '', option.help];
}

function valuesOf({ takes, range }: WordType<unknown>): string {
  if (range !== undefined) return range;
  return takes.kind === 'file' && takes.endings.length > 0 ? takes.endings.join(', ') : takes.kind;
}

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
}

function fieldTable({ result }: Command): string[] {
  const schema = z.toJSONSchema(result, { unrepresentable: 'any' }) as Schema;
  const rows = (schema.anyOf ?? [schema]).flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([name, field]) => [
      `\`${name}\`${required.includes(name) ? '' : ' ?'}`,
      [field.description ?? '', innerNames(field)].filter((part) => part !== '').join(': '),
    ]),
  );
  const seen = new Set<string>();
  const once = rows.filter(([name]) => !seen.has(name!) && seen.add(name!));
  return once.length === 0 ? [] : [table(['JSON field', 'what it is'], once)];
}

/** Names of what is inside an object, or inside each of a list. */
function innerNames(field: Schema): string {
  const inner = field.items ?? (typeof field.additionalProperties === 'object' ? field.additionalProperties : field);
  const names = Object.keys(inner.properties ?? {});
  return names.map((name) => `\`${name}\``).join(', ');
}

const capital = (text: string) => text.replace(/^./, (first) => first.toUpperCase());

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}
