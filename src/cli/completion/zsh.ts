/** Completion for zsh. */
import type { Takes } from '../options.ts';
import { type CompletedCommand, type CompletedOption, firstWords, secondWords } from './facts.ts';

export function zshCompletion(
  commands: readonly CompletedCommand[],
  summaries: Readonly<Record<string, string>>,
): string {
  const first = firstWords(commands).map((word) => {
    const command = commands.find(({ name }) => name === word);
    return quoted(`${word}:${command?.summary ?? summaries[word] ?? ''}`);
  });
  const groups = firstWords(commands).filter((word) => secondWords(commands, word).length > 0);
  return `#compdef spinfire
# Completion of spinfire for zsh; written by: spinfire completion zsh

_spinfire_cores() {
  local -a cores
  cores=(generated/*/plan.json(N:h:t))
  _alternative 'cores:core:compadd -a cores' 'folders:folder:_files -/'
}

_spinfire() {
  local -a commands
  if (( CURRENT == 2 )); then
    commands=(
${first.map((line) => `      ${line}`).join('\n')}
    )
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words; (( CURRENT-- ))
  case $command in
    ${groups.length === 0 ? "''" : groups.join('|')})
      if (( CURRENT == 2 )); then
        case $command in
${groups.map((group) => `          ${group}) compadd ${secondWords(commands, group).join(' ')} ;;`).join('\n')}
        esac
        return
      fi
      command="$command $words[2]"
      shift words; (( CURRENT-- ))
      ;;
  esac
  case $command in
${commands.map(argumentsOf).join('\n')}
  esac
}

if [[ $funcstack[1] == _spinfire ]]; then _spinfire "$@"; else compdef _spinfire spinfire; fi
`;
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function argumentsOf({ name, options, words }: CompletedCommand): string {
  const lines = [
    ...options.flatMap((option) => specifications(option)),
    ...words.map((takes, place) => quoted(`${place + 1}:${labelOf(takes)}:${action(takes)}`)),
  ];
  return `    ${quoted(name)})\n      _arguments ${lines.join(' \\\n        ')} ;;`;
}

function specifications({ flag, short, help, takes }: CompletedOption): string[] {
  const about = `[${help.replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', ',')}]`;
  const value = takes === undefined ? '' : `:${labelOf(takes)}:${action(takes)}`;
  return [flag, ...(short === undefined ? [] : [short])].map((one) => quoted(`*${one}${about}${value}`));
}

const labelOf = (takes: Takes) => (takes.kind === 'words' ? 'value' : takes.kind);

function action(takes: Takes): string {
  if (takes.kind === 'words') return `(${takes.words.join(' ')})`;
  if (takes.kind === 'file') return takes.endings.length === 0 ? '_files' : `_files -g "*(${takes.endings.join('|')})"`;
  if (takes.kind === 'folder') return '_files -/';
  return takes.kind === 'core' ? '_spinfire_cores' : ' ';
}
