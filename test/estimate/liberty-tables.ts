/** Tables of a liberty file, read for calculations by hand: nothing of src/ is used. */
import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../constraints/asic45/gscl45nm.lib', import.meta.url), 'utf8');

/** The text from `start` to the brace that closes its group. */
function group(from: string, start: RegExp): string {
  const found = start.exec(from);
  if (found === null) throw new Error(`no ${start}`);
  let depth = 0;
  for (let i = from.indexOf('{', found.index); i < from.length; i += 1) {
    if (from[i] === '{') depth += 1;
    if (from[i] === '}') depth -= 1;
    if (depth === 0) return from.slice(found.index, i + 1);
  }
  throw new Error(`${start} does not end`);
}

export const cell = (name: string): string => group(text, new RegExp(`\\bcell \\(${name}\\)`));
export const pin = (of: string, name: string): string => group(of, new RegExp(`\\bpin\\(${name}\\)`));
export const attribute = (of: string, name: string): number =>
  Number(new RegExp(`\\b${name} : ([\\d.e-]+)`).exec(of)?.[1]);
/** All groups `kind` inside a pin whose related pin is `related`. */
export function related(of: string, kind: string, pinName?: string): string {
  const pieces = of.split(new RegExp(`(?=\\b${kind}\\(\\))`)).slice(1);
  const piece = pieces.find((one) => pinName === undefined || one.includes(`related_pin : "${pinName}"`));
  if (piece === undefined) throw new Error(`no ${kind} of ${pinName}`);
  return group(piece, new RegExp(kind));
}

const numbers = (list: string) => list.split(',').map(Number);

/** The two points of an axis around x, or the nearest two: outside a table its edge goes on in a straight line. */
function interval(axis: readonly number[], x: number): [number, number] {
  const above = axis.findIndex((value) => value > x);
  const high = above < 0 ? axis.length - 1 : Math.max(1, above);
  const low = axis[high - 1]!;
  return [high - 1, (x - low) / (axis[high]! - low)];
}

/** Value of table `name` in `of` at a load (pF) and an input's transition (ns); tables of one axis have the transition. */
export function lookUp(of: string, name: string, loadPf: number, slewNs: number): number {
  const table = group(of, new RegExp(`\\b${name}\\(`));
  const axes = [...table.matchAll(/index_\d \("([^"]*)"\)/g)].map(([, list = '']) => numbers(list));
  const values = [...table.slice(table.indexOf('values')).matchAll(/"([^"]*)"/g)].map(([, row = '']) => numbers(row));
  const along = (row: readonly number[], axis: readonly number[], x: number) => {
    const [index, share] = interval(axis, x);
    return row[index]! + share * (row[index + 1]! - row[index]!);
  };
  if (axes.length === 1) return along(values[0]!, axes[0]!, slewNs);
  const [index, share] = interval(axes[0]!, loadPf);
  const low = along(values[index]!, axes[1]!, slewNs);
  return low + share * (along(values[index + 1]!, axes[1]!, slewNs) - low);
}
