/** Options about the chip that is built, of `chip` and `energy`. */
import { badInput } from '../errors/index.ts';
import type { ChipChoice, ChipChoices, ChipParts } from '../estimate/index.ts';
import { file } from './options.ts';

export const partsOption = {
  argument: 'file.json',
  type: file('.json'),
  help: 'cells, process and choices of chips',
  usual: 'models/chip/crossbars.json',
} as const;

/** `--choose tileRows=64,128`: the file's own list is replaced. */
export function withChoices(parts: ChipParts, wishes: readonly string[]): ChipParts {
  return { ...parts, choices: { ...parts.choices, ...chosenLists(parts, wishes) } as ChipChoices };
}

/** `--choose clampM2=1e-13`: another value of the chosen chip. */
export function withChosen(parts: ChipParts, wishes: readonly string[]): ChipParts {
  const lists = Object.entries(chosenLists(parts, wishes));
  const many = lists.find(([, values]) => values.length !== 1);
  if (many !== undefined)
    throw badInput('one chip has one value of each choice', {
      where: '--choose',
      found: `${many[1].length} of ${many[0]}`,
    });
  const own = Object.fromEntries(lists.map(([name, [value]]) => [name, value]));
  return { ...parts, chosen: { ...parts.chosen, ...own } as ChipChoice };
}

function chosenLists(parts: ChipParts, wishes: readonly string[]): Record<string, (number | string)[]> {
  const entries = wishes.map((wish) => {
    const [, name = '', words = ''] = /^(\w+)=(.+)$/.exec(wish) ?? [];
    const own = Object.hasOwn(parts.choices, name) ? parts.choices[name as keyof ChipChoices] : undefined;
    if (own === undefined) {
      throw badInput('--choose has a wrong value', {
        found: wish,
        expected: `name=value,... with a name of ${Object.keys(parts.choices).join(', ')}`,
      });
    }
    return [name, words.split(',').map((word) => choiceOf(name, word, typeof own[0] === 'number', parts))] as const;
  });
  return Object.fromEntries(entries);
}

const wordsOf = (name: string, { cells }: ChipParts) => (name === 'cell' ? Object.keys(cells) : ['columns', 'rows']);
const whole = ['cellBits', 'cellsPerWeight', 'tileRows', 'trimBits', 'devices'];

function choiceOf(name: string, word: string, isNumber: boolean, parts: ChipParts): number | string {
  const value = Number(word);
  const least = name === 'trimBits' ? 0 : Number.MIN_VALUE;
  const good = isNumber
    ? word !== '' && Number.isFinite(value) && value >= least && (!whole.includes(name) || Number.isInteger(value))
    : wordsOf(name, parts).includes(word);
  if (good) return isNumber ? value : word;
  throw badInput('--choose has a wrong value', {
    where: name,
    found: word,
    expected: isNumber ? `a ${whole.includes(name) ? 'whole ' : ''}number above 0` : wordsOf(name, parts).join(', '),
  });
}
