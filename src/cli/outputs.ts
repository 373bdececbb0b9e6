/** A file that a command is told to write and that it also reads, or writes twice, is refused before anything is done: nobody loses what he has. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { badInput, ownValue } from '../errors/index.ts';
import { flagOf, type Option, type Word } from './options.ts';

interface NamedPath {
  /** `--csv`, `<model>`. */
  readonly name: string;
  readonly shown: string;
  readonly path: string;
  readonly word: Word;
}

/**
 * @param values of the arguments and options, checked
 * @throws badInput that names both words
 */
export function refuseOwnInputs(
  words: Readonly<Record<string, Word>>,
  options: Readonly<Record<string, Option>>,
  values: Readonly<Record<string, unknown>>,
  cwd: string,
): void {
  const named = [
    ...Object.entries(words).map(([key, word]) => [key, `<${key}>`, word] as const),
    ...Object.entries(options).flatMap(([key, option]) =>
      option.type === 'flag' || option.type === 'switch' ? [] : [[key, flagOf(key), option as Word] as const],
    ),
  ];
  const paths = named.flatMap(([key, name, word]) =>
    [ownValue(values, key)]
      .flat()
      .filter((value) => typeof value === 'string' && value !== '')
      .map((value): NamedPath => ({ name, word, shown: value as string, path: resolve(cwd, value as string) })),
  );
  paths.forEach((output, at) => {
    if (output.word.type.writes !== true || isStream(output)) return;
    const core = writtenByBuild(output);
    if (core !== undefined) throw refusal(output, `a file of the core ${core}`);
    const others = paths.filter((other, i) => i !== at && !(i > at && other.word.type.writes));
    for (const other of others) {
      if (isSame(output.path, other.path)) throw refusal(output, `the file of ${other.name}`);
      if (isPartOf(output, other, cwd)) throw refusal(output, `a file of the core ${other.shown}`);
    }
  });
}

const isStream = ({ shown, path }: NamedPath) => shown === '-' || (existsSync(path) && !statSync(path).isFile());

function isSame(one: string, other: string): boolean {
  if (one === other) return true;
  if (!existsSync(one) || !existsSync(other)) return false;
  const [a, b] = [statSync(one), statSync(other)];
  return a.dev === b.dev && a.ino === b.ino;
}

/** Files of a core that are of a kind which options write, too. */
const ofBuild = /^(?:plan|plan\.schema|map|registers)\.(?:json|xml)$/;

/** Something that is there already: of a name that build writes, or not of the option's kind. */
function isPrecious({ path, word }: NamedPath): boolean {
  const { takes } = word.type;
  if (!existsSync(path)) return false;
  const isOfKind = takes.kind === 'file' && takes.endings.includes(extname(path));
  return !isOfKind || ofBuild.test(basename(path));
}

/** The folder of a core, this command's or another, that a file of the core would be written over in. */
function writtenByBuild(output: NamedPath): string | undefined {
  if (output.word.type.takes.kind !== 'file' || !isPrecious(output)) return undefined;
  const folder = dirname(realpathSync(output.path));
  return existsSync(join(folder, 'plan.json')) && existsSync(join(folder, 'plan.schema.json')) ? folder : undefined;
}

/** Something that lies in the core's folder already. */
function isPartOf(output: NamedPath, other: NamedPath, cwd: string): boolean {
  const { path } = output;
  if (other.word.type.takes.kind !== 'core' || !isPrecious(output)) return false;
  const real = realpathSync(path);
  return [other.path, resolve(cwd, 'generated', other.shown)].some(
    (folder) => existsSync(folder) && dirname(real) === realpathSync(folder),
  );
}

function refusal({ name, shown }: NamedPath, found: string) {
  return badInput(`${name} would write over something else`, {
    where: shown,
    found,
    expected: 'a file that the command does not use otherwise',
  });
}
