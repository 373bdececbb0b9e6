/** What the flow needs to know of a liberty file: each cell's area, whether it stores, and what it computes. */
import { badInput } from '../../errors/index.ts';

export interface LibertyCell {
  readonly name: string;
  /** In the file's unit, square micrometres by convention. */
  readonly area: number;
  readonly isFlipFlop: boolean;
  readonly isLatch: boolean;
  /** Of a latch: its data pin, and what opens it, `G` or `!G`. */
  readonly latch: { readonly data: string; readonly enable: string } | undefined;
  readonly pins: readonly LibertyPin[];
}

export interface LibertyPin {
  readonly name: string;
  readonly direction: string;
  readonly function: string | undefined;
  /** In the file's unit of capacitance. */
  readonly capacitance: number | undefined;
  readonly isClock: boolean;
  /** Tables of internal energy that one rise and one fall take, 0 to 2: the mean over groups that differ by condition or related pin, the sum over supplies. */
  readonly energyTables: number;
}

export interface Liberty {
  readonly name: string;
  readonly cells: ReadonlyMap<string, LibertyCell>;
  /** Farad. */
  readonly capacitanceUnitF: number;
  readonly voltage: number | undefined;
}

interface Group {
  readonly kind: string;
  readonly name: string;
  readonly values: Map<string, string>;
  readonly groups: Group[];
}

/** @param where the file, for errors */
export function readLiberty(text: string, where: string): Liberty {
  const library = parseGroups(text).find(({ kind }) => kind === 'library');
  const cells = new Map(
    library?.groups.filter(({ kind }) => kind === 'cell').map((cell) => [cell.name, readCell(cell)]),
  );
  if (library === undefined || cells.size === 0) {
    throw badInput('the liberty file holds no cells', { where, expected: 'library (...) { cell (...) { ... } }' });
  }
  const [, amount, unit] = /([\d.]+)\s*,\s*"?([fp])f/i.exec(library.values.get('capacitive_load_unit') ?? '') ?? [];
  const voltage = Number(library.values.get('nom_voltage'));
  return {
    name: library.name,
    cells,
    capacitanceUnitF: Number(amount ?? 1) * (unit?.toLowerCase() === 'f' ? 1e-15 : 1e-12),
    voltage: Number.isFinite(voltage) ? voltage : undefined,
  };
}

function readCell(cell: Group): LibertyCell {
  const has = (kind: string) => cell.groups.some((group) => group.kind === kind);
  return {
    name: cell.name,
    area: Number(cell.values.get('area') ?? 0),
    isFlipFlop: has('ff') || has('ff_bank'),
    isLatch: has('latch') || has('latch_bank'),
    latch: latchOf(cell),
    pins: cell.groups
      .filter(({ kind }) => kind === 'pin')
      .map(({ name, values, groups }) => ({
        name,
        direction: values.get('direction') ?? '',
        function: values.get('function'),
        capacitance: values.has('capacitance') ? Number(values.get('capacitance')) : undefined,
        isClock: values.get('clock')?.trim() === 'true',
        energyTables: energyTables(groups),
      })),
  };
}

function energyTables(groups: readonly Group[]): number {
  const bySupply = new Map<string, number[]>();
  for (const group of groups.filter(({ kind }) => kind === 'internal_power')) {
    const kinds = new Set(group.groups.map(({ kind }) => kind));
    const tables = kinds.has('power') ? 2 : Number(kinds.has('rise_power')) + Number(kinds.has('fall_power'));
    const supply = group.values.get('related_pg_pin') ?? '';
    bySupply.set(supply, [...(bySupply.get(supply) ?? []), tables]);
  }
  const mean = (counts: readonly number[]) => counts.reduce((sum, one) => sum + one, 0) / counts.length;
  return [...bySupply.values()].reduce((sum, counts) => sum + mean(counts), 0);
}

/** A plain one, without set and reset. */
function latchOf(cell: Group): LibertyCell['latch'] {
  const values = cell.groups.find(({ kind }) => kind === 'latch')?.values;
  if (values === undefined || values.has('clear') || values.has('preset')) return undefined;
  const [data, enable] = ['data_in', 'enable'].map((key) => values.get(key)?.replace(/[()\s]/g, ''));
  return data === undefined || enable === undefined || !/^\w+$/.test(data) || !/^!?\w+$/.test(enable)
    ? undefined
    : { data, enable };
}

/** The smallest buffer; undefined when the library has none. */
export function smallestBuffer(liberty: Liberty): LibertyCell | undefined {
  return [...liberty.cells.values()]
    .filter(({ pins }) => {
      const inputs = pins.filter(({ direction }) => direction === 'input');
      const outputs = pins.filter(({ direction }) => direction === 'output');
      return (
        pins.length === 2 && inputs.length === 1 && outputs[0]?.function?.replace(/[()\s]/g, '') === inputs[0]?.name
      );
    })
    .sort((a, b) => a.area - b.area || (a.name < b.name ? -1 : 1))[0];
}

/** Mean capacitance of a flip-flop's clock input, F, over the flip-flops of a netlist; undefined where it has none or the library does not say. */
export function clockPinCapacitance(liberty: Liberty, cells: Readonly<Record<string, number>>): number | undefined {
  let [pins, farads] = [0, 0];
  for (const [name, count] of Object.entries(cells)) {
    const cell = liberty.cells.get(name);
    const capacitance = cell?.pins.find(({ isClock }) => isClock)?.capacitance;
    if (cell?.isFlipFlop !== true || capacitance === undefined) continue;
    pins += count;
    farads += count * capacitance * liberty.capacitanceUnitF;
  }
  return pins === 0 ? undefined : farads / pins;
}

/** Groups `kind (name) { ... }` with their attributes; tables and expressions stay text. */
function parseGroups(text: string): Group[] {
  const root: Group = { kind: '', name: '', values: new Map(), groups: [] };
  const stack = [root];
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\\\r?\n/g, ' ');
  const token =
    /([\w[\]]+)\s*\(((?:"[^"]*"|[^()"])*)\)\s*(\{|;|(?=\n|\}))|([\w[\]]+)\s*:\s*("[^"]*"|[^;{}\n]*);?|(\})/g;
  for (const [, kind, inside = '', end, key, value = '', close] of plain.matchAll(token)) {
    const group = stack.at(-1) ?? root;
    if (close !== undefined) {
      if (stack.length > 1) stack.pop();
    } else if (key !== undefined) {
      group.values.set(key, unquote(value));
    } else if (kind !== undefined && end === '{') {
      const inner: Group = { kind, name: unquote(inside), values: new Map(), groups: [] };
      group.groups.push(inner);
      stack.push(inner);
    } else if (kind !== undefined) {
      group.values.set(kind, inside.trim());
    }
  }
  return root.groups;
}

function unquote(text: string): string {
  return text.trim().replace(/^"(.*)"$/s, '$1');
}
