/** Completion for fish. */
import type { Takes } from '../options.ts';
import { type CompletedCommand, type CompletedOption, firstWords, secondWords } from './facts.ts';

export function fishCompletion(
  commands: readonly CompletedCommand[],
  summaries: Readonly<Record<string, string>>,
): string {
  const first = firstWords(commands).map((word) => {
    const summary = commands.find(({ name }) => name === word)?.summary ?? summaries[word] ?? '';
    return `complete -c spinfire -n __fish_use_subcommand -f -a ${word} -d ${quoted(summary)}`;
  });
  const second = firstWords(commands).flatMap((word) =>
    secondWords(commands, word).map((own) => {
      const others = secondWords(commands, word).join(' ');
      const { summary } = commands.find(({ name }) => name === `${word} ${own}`)!;
      const when = `__fish_seen_subcommand_from ${word}; and not __fish_seen_subcommand_from ${others}`;
      return `complete -c spinfire -n ${quoted(when)} -f -a ${own} -d ${quoted(summary)}`;
    }),
  );
  return `# Completion of spinfire for fish; written by: spinfire completion fish
function __spinfire_cores
    for plan in generated/*/plan.json
        basename (dirname $plan)
    end
    __fish_complete_directories (commandline -ct)
end

${[...first, ...second, ...commands.flatMap(linesOf)].join('\n')}
`;
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function linesOf({ name, options, words }: CompletedCommand): string[] {
  const when = quoted(
    name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and '),
  );
  const [place] = words;
  return [
    ...(place === undefined ? [] : [`complete -c spinfire -n ${when} ${offer(place)}`]),
    ...options.map((option) => `complete -c spinfire -n ${when} ${describe(option)}`),
  ];
}

function describe({ flag, short, help, takes }: CompletedOption): string {
  const letter = short === undefined ? '' : ` -s ${short.slice(1)}`;
  return `-l ${flag.slice(2)}${letter} -d ${quoted(help)}${takes === undefined ? '' : ` -r ${offer(takes)}`}`;
}

function offer(takes: Takes): string {
  if (takes.kind === 'words') return `-f -a ${quoted(takes.words.join(' '))}`;
  if (takes.kind === 'file') {
    if (takes.endings.length === 0) return '-F';
    return `-f -a ${quoted(`(${takes.endings.map((ending) => `__fish_complete_suffix ${ending}`).join('; ')})`)}`;
  }
  if (takes.kind === 'folder') return `-f -a ${quoted('(__fish_complete_directories (commandline -ct))')}`;
  return takes.kind === 'core' ? `-f -a ${quoted('(__spinfire_cores)')}` : '-f';
}
