/** Completion for bash (4 or later), without calling spinfire. */
import type { Takes } from '../options.ts';
import { type CompletedCommand, firstWords, secondWords } from './facts.ts';

export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const groups = firstWords(commands).filter((first) => secondWords(commands, first).length > 0);
  return `# Completion of spinfire for bash; written by: spinfire completion bash
_spinfire_files() {
  local ending
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -d -- "$cur"; [ $# -gt 0 ] || compgen -f -- "$cur"
    for ending in "$@"; do compgen -f -X "!*$ending" -- "$cur"; done)
}

_spinfire_cores() {
  local plan
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -d -- "$cur"
    for plan in generated/*/plan.json; do
      plan=\${plan#generated/}; plan=\${plan%/plan.json}
      [[ $plan == '*' || $plan != "$cur"* ]] || printf '%s\\n' "$plan"
    done)
}

_spinfire() {
  local cur=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command='' places=0 i word
  # bash takes --option=value apart.
  if [[ $cur == = ]]; then cur=''; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$word" in -* | =) continue ;; esac
    if [[ -z $command ]]; then command=$word
    elif [[ " ${groups.join(' ')} " == *" $command "* ]]; then command="$command $word"
    else
      case "$command \${COMP_WORDS[i-1]}" in
${indent(8, valuePattern(commands))} ;;
        *) [[ \${COMP_WORDS[i-1]} == = ]] || ((places++)) ;;
      esac
    fi
  done
  case "$command $before" in
${indent(4, commands.flatMap(valueCases).join('\n'))}
  esac
  if [[ $cur == -* ]]; then
    case "$command" in
${indent(6, commands.map(optionCase).join('\n'))}
      *) mapfile -t COMPREPLY < <(compgen -W '--help --version' -- "$cur") ;;
    esac
    return
  fi
  case "$command $places" in
    ' 0') mapfile -t COMPREPLY < <(compgen -W '${firstWords(commands).join(' ')}' -- "$cur") ;;
${indent(4, groups.map((group) => `'${group} 0') mapfile -t COMPREPLY < <(compgen -W '${secondWords(commands, group).join(' ')}' -- "$cur") ;;`).join('\n'))}
${indent(4, commands.flatMap(placeCases).join('\n'))}
  esac
}

complete -F _spinfire spinfire
`;
}

function offer(takes: Takes): string {
  if (takes.kind === 'words') return `mapfile -t COMPREPLY < <(compgen -W '${takes.words.join(' ')}' -- "$cur")`;
  if (takes.kind === 'file') return `_spinfire_files ${takes.endings.map((ending) => `'${ending}'`).join(' ')}`.trim();
  if (takes.kind === 'folder')
    return `compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$cur")`;
  return takes.kind === 'core' ? '_spinfire_cores' : 'COMPREPLY=()';
}

/** Values of each option of a command. */
function valueCases({ name, options }: CompletedCommand): string[] {
  return options.flatMap(({ flag, short, takes }) => {
    if (takes === undefined) return [];
    const names = [flag, ...(short === undefined ? [] : [short])].map((one) => `'${name} ${one}'`);
    return [`${names.join(' | ')}) ${offer(takes)}; return ;;`];
  });
}

/** Matches a word that is the value of the option before it. */
function valuePattern(commands: readonly CompletedCommand[]): string {
  const names = commands.flatMap(({ name, options }) =>
    options
      .filter(({ takes }) => takes !== undefined)
      .flatMap(({ flag, short }) => [flag, ...(short === undefined ? [] : [short])].map((one) => `'${name} ${one}'`)),
  );
  return `${names.join(' | ')})`;
}

function optionCase({ name, options }: CompletedCommand): string {
  const words = options.flatMap(({ flag, short }) => [flag, ...(short === undefined ? [] : [short])]);
  return `'${name}') mapfile -t COMPREPLY < <(compgen -W '${words.join(' ')}' -- "$cur") ;;`;
}

function placeCases({ name, words }: CompletedCommand): string[] {
  return words.map((takes, place) => `'${name} ${place}') ${offer(takes)} ;;`);
}

function indent(columns: number, text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : ' '.repeat(columns) + line))
    .join('\n');
}
