/** What trees of Verilog are to whoever compares them. */
import { allItems, type VItem, type VModule } from '../syntax.ts';

/** Two trees have not the same shape. */
export class Mismatch extends Error {}

/** Keys of text that is for people: where members differ in it, it is left out. */
export const prose: ReadonlySet<string> = new Set(['doc', 'docs', 'text', 'note']);

export function isName(value: unknown): value is { readonly kind: 'name'; readonly name: string } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'name';
}

export function namesIn(module: VModule): string[] {
  const items = allItems(module.items).flatMap((item) => [
    ...('name' in item ? [item.name] : []),
    ...(item.kind === 'declare' ? (item.also ?? []) : []),
  ]);
  return [...module.ports.map(({ name }) => name), ...items, ...module.states.flat().map(({ name }) => name)];
}

/** Items that do something, and no comments that members may not have in common. */
export function withoutComments(items: readonly VItem[]): VItem[] {
  return items
    .filter(({ kind }) => kind !== 'comment')
    .map((item) => (item.kind === 'loop' ? { ...item, items: withoutComments(item.items) } : item));
}

export function commonDocs(docs: readonly (readonly string[])[]): string[] {
  return docs[0]!.filter((doc) => docs.every((each) => each.includes(doc)));
}

/** Texts that differ in numbers, with N instead of them; undefined where more differs. */
export function commonText(texts: readonly (string | undefined)[]): string | undefined {
  const [first] = texts;
  if (first === undefined || texts.every((text) => text === first)) return first;
  const words = texts.map((text) => text?.split(/\b(\d+)\b/) ?? []);
  const common = words[0]!.map((word, index) => {
    if (words.every((other) => other[index] === word)) return word;
    return index % 2 === 1 ? 'N' : undefined;
  });
  const alike = words.every(({ length }) => length === common.length) && !common.includes(undefined);
  return alike ? common.join('') : undefined;
}

/** Keys whose values make no difference to what a tree does. */
export function isForPeople(key: string): boolean {
  return key === 'origin' || key === 'partlyUnused' || key === 'used' || prose.has(key);
}

/** A tree without what is for people, as text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (key, each: unknown) => {
    if (isForPeople(key)) return undefined;
    return typeof each === 'bigint' ? `${each}n` : each;
  });
}
