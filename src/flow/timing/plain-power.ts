/**
 * A liberty file whose internal power depends on no condition. OpenSTA 2.0.17 counts `internal_power` groups with a `when` by another law than those without:
 * what is learnt of one library's cells (internal-power.ts) would not hold for another's. So the groups of a pin that differ by their condition alone
 * become one, with the mean of their tables: what a duty cycle of one half at the other inputs makes of them.
 */
import { editGroups } from './internal-power.ts';

export interface PlainPower {
  /** The file; the one that was given when no group has a condition. */
  readonly text: string;
  /** Groups with a condition that were taken together. */
  readonly merged: number;
  /** Pins whose groups have tables of different shape: the first group holds. */
  readonly unlike: number;
}

export function withPlainPower(liberty: string): PlainPower {
  const plain = liberty.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\\\r?\n/g, ' ');
  let merged = 0;
  let unlike = 0;
  const text = editGroups(plain, /\bpin\s*\([^)]*\)\s*\{/g, (pin) => {
    const groups: string[] = [];
    const rest = editGroups(pin, powerGroup(), (group) => {
      groups.push(group);
      return '';
    });
    if (!groups.some((group) => condition.test(group))) return pin;
    const byPin = new Map<string, string[]>();
    for (const group of groups) {
      const related = /\brelated_pin\s*:\s*"?([^";]+)"?\s*;/.exec(group)?.[1]?.trim() ?? '';
      byPin.set(related, [...(byPin.get(related) ?? []), group]);
    }
    const kept = [...byPin.values()].map((own) => {
      // A group without a condition holds where no other does: beside conditions that is nowhere.
      const conditional = own.filter((group) => condition.test(group));
      if (conditional.length === 0) return own.join('\n');
      merged += conditional.length;
      const mean = meanOf(conditional);
      if (mean === undefined) unlike += 1;
      return (mean ?? conditional[0]!).replace(condition, '');
    });
    const end = rest.lastIndexOf('}');
    return `${rest.slice(0, end)}\n${kept.join('\n')}\n}`;
  });
  return { text: merged === 0 ? liberty : text, merged, unlike };
}

/**
 * A liberty file that loads no net with wires of its own accord. Some libraries have a wire load model that OpenSTA applies to every net, others have none: power is of cells alone in
 * both, and wires are estimated beside it.
 */
export function withoutWireLoad(liberty: string): string {
  return liberty.replace(/^\s*default_wire_load(?:_selection|_mode)?\s*:[^;\n]*;?/gm, '');
}

const powerGroup = () => /\binternal_power\s*\([^)]*\)\s*\{/g;
const condition = /\bwhen\s*:\s*"[^"]*"\s*;/;
const values = /\bvalues\s*\(([^)]*)\)/g;

/** The first group with the mean of all groups' values; undefined when their tables differ in anything else. */
function meanOf(groups: readonly string[]): string | undefined {
  const shape = (group: string) => group.replace(condition, '').replace(values, 'values').replace(/\s+/g, '');
  const first = groups[0]!;
  const tables = groups.map((group) => [...group.matchAll(values)].map(([, inner = '']) => numbersOf(inner)));
  const alike = groups.every(
    (group, i) =>
      shape(group) === shape(first) && tables[i]!.every((table, t) => table.length === tables[0]![t]?.length),
  );
  if (!alike) return undefined;
  let table = 0;
  return first.replace(values, (_, inner: string) => {
    const mean = tables[0]![table]!.map(
      (_, at) => tables.reduce((sum, own) => sum + own[table]![at]!, 0) / groups.length,
    );
    table += 1;
    // The rows of the first table, so that its indices still fit.
    let at = 0;
    const rows = inner.match(/"[^"]*"/g) ?? [`"${inner}"`];
    return `values (${rows
      .map(
        (row) =>
          `"${numbersOf(row)
            .map(() => mean[at++]!.toPrecision(9))
            .join(', ')}"`,
      )
      .join(', ')})`;
  });
}

function numbersOf(text: string): number[] {
  return (text.match(/[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?/g) ?? []).map(Number);
}
