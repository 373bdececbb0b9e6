/**
 * The registers of a core, read from its Verilog and not from the description that made it: what the simulator will run is what gets
 * compared, and a register that was added or lost on the way shows. A register is a variable that a clocked block assigns;
 * memories (arrays) are left out, their contents show at their write ports and output registers.
 */
import { badInput } from '../errors/index.ts';
import { type ModuleShape, moduleShapes, type VerilogFile } from './verilog-modules.ts';
import type { Loop } from './verilog-names.ts';

export interface VerilogRegister {
  /** Names of instances and loops, and the register's, joined by dots: `conv1.lane[2].unit.step[0].acc`. */
  readonly path: string;
  readonly module: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** Bits. */
  readonly width: number;
  /** A reset gives it a value: a clocked block assigns it under `if (rst)`. */
  readonly hasReset: boolean;
}
/** All registers below `top`, depth first in the order of the text; modules without Verilog (black boxes) have none. */
export function verilogRegisters(files: readonly VerilogFile[], top: string): VerilogRegister[] {
  return coreShape(files, top).registers;
}

/** The registers, and the width of everything that the top module declares, its ports among them. */
export function coreShape(
  files: readonly VerilogFile[],
  top: string,
): { readonly registers: VerilogRegister[]; readonly widths: ReadonlyMap<string, number> } {
  const modules = new Map<string, ModuleShape>();
  for (const file of files) for (const shape of moduleShapes(file)) modules.set(shape.name, shape);
  const topShape = modules.get(top);
  if (!topShape)
    throw badInput('the Verilog has no top module of this name', {
      found: [...modules.keys()].join(', ') || 'no module',
      expected: top,
    });
  const registers: VerilogRegister[] = [];
  const visit = (name: string, prefix: string, given: ReadonlyMap<string, number | string>, depth: number): void => {
    const shape = modules.get(name);
    if (!shape) return;
    if (depth > 100) throw badInput('the Verilog instantiates itself', { where: `module ${name}` });
    const value = valueIn(shape, given);
    // What is no number (a file, a table) or none that is understood stays text: a width that depends on it is refused.
    const evaluated = (text: string) => {
      const names = text.split(/[-+*]/).map((part) => part.trim());
      return names.every((part) => isNumber(given.get(part) ?? shape.constants.get(part) ?? part)) ? value(text) : text;
    };
    const copies = (loops: readonly Loop[]) =>
      loops.reduce<string[]>(
        (before, { label, limit }) =>
          before.flatMap((path) => Array.from({ length: value(limit) }, (_, i) => `${path}${label}[${i}].`)),
        [prefix],
      );
    for (const register of shape.registers) {
      const width = widthOf(register.range, value);
      const hasReset = shape.reset.has(register);
      for (const copy of copies(register.loops)) {
        const { name: own, line } = register;
        registers.push({ path: `${copy}${own}`, module: name, name: own, file: shape.file, line, width, hasReset });
      }
    }
    for (const { module, name: instance, loops, parameters } of shape.instances) {
      const values = new Map([...parameters].map(([key, text]) => [key, evaluated(text)]));
      for (const copy of copies(loops)) visit(module, `${copy}${instance}.`, values, depth + 1);
    }
  };
  visit(top, '', new Map(), 0);
  const widths = [...topShape.declared].map(
    ({ name, range }) => [name, widthOf(range, valueIn(topShape, new Map()))] as const,
  );
  return { registers, widths: new Map(widths) };
}

/** Bits of a range, `[high:low]`. */
function widthOf(range: string | undefined, value: (text: string) => number): number {
  if (range === undefined) return 1;
  const [high = '', low = ''] = range.split(':');
  return Math.abs(value(high) - value(low)) + 1;
}

/** Values of sums of products of numbers and constants, in a module of which `given` is set. */
function valueIn(shape: ModuleShape, given: ReadonlyMap<string, number | string>): (text: string) => number {
  const where = `${shape.file}: module ${shape.name}`;
  const factor = (text: string): number => {
    const constant = given.get(text) ?? shape.constants.get(text) ?? text;
    return isNumber(constant) || constant === text ? numberOf(constant, where) : sum(constant);
  };
  const product = (term: string) => term.split('*').reduce((result, each) => result * factor(each.trim()), 1);
  const sum = (constant: number | string): number =>
    [...String(constant).matchAll(/([+-]?)([^+-]+)/g)].reduce(
      (total, [, sign, term]) => total + (sign === '-' ? -product(term!) : product(term!)),
      0,
    );
  return sum;
}

const numberPattern = /^(?:\d+'s?d)?(\d+)$/;

const isNumber = (constant: number | string): boolean => typeof constant === 'number' || numberPattern.test(constant);

function numberOf(constant: number | string, where: string): number {
  if (typeof constant === 'number') return constant;
  const found = numberPattern.exec(constant)?.[1];
  if (found === undefined) throw badInput('a number that the Verilog names is not known', { where, found: constant });
  return Number(found);
}
