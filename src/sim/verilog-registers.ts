/**
 * The registers of a core, read from its Verilog and not from the description that made it: what the simulator will run is what gets
 * compared, and a register that was added or lost on the way shows. A register is a variable that a clocked block assigns;
 * memories (arrays) are left out, their contents show at their write ports and output registers.
 */
import { badInput } from '../errors/index.ts';
import { type Token, tokens } from './verilog-tokens.ts';

export interface VerilogRegister {
  /** Instance names and the register's name, joined by dots: `conv1.lane_0_0.acc_0`. */
  readonly path: string;
  readonly module: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

interface ModuleShape {
  readonly name: string;
  readonly file: string;
  readonly registers: Map<string, number>;
  readonly instances: { readonly module: string; readonly name: string }[];
}

export interface VerilogFile {
  readonly path: string;
  readonly text: string;
}

/** All registers below `top`, depth first in the order of the text; modules without Verilog (black boxes) have none. */
export function verilogRegisters(files: readonly VerilogFile[], top: string): VerilogRegister[] {
  const modules = new Map<string, ModuleShape>();
  for (const file of files) for (const shape of moduleShapes(file)) modules.set(shape.name, shape);
  if (!modules.has(top))
    throw badInput('the Verilog has no top module of this name', {
      found: [...modules.keys()].join(', ') || 'no module',
      expected: top,
    });
  const registers: VerilogRegister[] = [];
  const visit = (name: string, prefix: string, depth: number): void => {
    const shape = modules.get(name);
    if (!shape) return;
    if (depth > 100) throw badInput('the Verilog instantiates itself', { where: `module ${name}` });
    for (const [register, line] of shape.registers)
      registers.push({ path: `${prefix}${register}`, module: name, name: register, file: shape.file, line });
    for (const instance of shape.instances) visit(instance.module, `${prefix}${instance.name}.`, depth + 1);
  };
  visit(top, '', 0);
  return registers;
}

const itemKeywords = new Set(
  (
    'input output inout wire reg integer real tri supply0 supply1 genvar parameter localparam defparam assign always initial generate ' +
    'endgenerate function endfunction task endtask specify endspecify signed if else for case begin end and or not xor nand nor xnor buf'
  ).split(' '),
);

function moduleShapes(file: VerilogFile): ModuleShape[] {
  return new ModuleReader(tokens(file.text), file.path).read();
}

class ModuleReader {
  private at = 0;

  constructor(
    private readonly all: readonly Token[],
    private readonly file: string,
  ) {}

  read(): ModuleShape[] {
    const shapes: ModuleShape[] = [];
    while (this.at < this.all.length) {
      if (this.take() === 'module') shapes.push(this.module());
    }
    return shapes;
  }

  private module(): ModuleShape {
    const name = this.take();
    const registers = new Map<string, number>();
    const instances: { module: string; name: string }[] = [];
    const declared = new Map<string, number>();
    const arrays = new Set<string>();
    const assigned = new Set<string>();
    if (this.peek() === '#') this.at = this.groupEnd(this.at + 1) + 1;
    if (this.peek() === '(') this.declarations(this.groupEnd(this.at), declared, arrays);
    while (this.at < this.all.length && this.peek() !== 'endmodule') {
      const word = this.peek();
      if (word === 'reg' || word === 'output') this.declarations(this.find(';'), declared, arrays);
      else if (word === 'always') this.always(assigned);
      else if (/^[A-Za-z_\\]/.test(word) && !itemKeywords.has(word)) this.instance(instances);
      else this.at++;
    }
    for (const [register, line] of declared)
      if (assigned.has(register) && !arrays.has(register)) registers.set(register, line);
    return { name, file: this.file, registers, instances };
  }

  /** Names declared up to `end`; a name followed by a range is an array. */
  private declarations(end: number, declared: Map<string, number>, arrays: Set<string>): void {
    let initial = false;
    for (; this.at < end; this.at++) {
      const { text, line } = this.all[this.at]!;
      if (text === '=') initial = true;
      else if (text === ',') initial = false;
      else if (text === '[') this.at = this.groupEnd(this.at);
      else if (!initial && /^[A-Za-z_\\]/.test(text) && !itemKeywords.has(text)) {
        declared.set(text, line);
        if (this.all[this.at + 1]?.text === '[') arrays.add(text);
      }
    }
  }

  private always(assigned: Set<string>): void {
    this.at++;
    let clocked = false;
    if (this.peek() === '@') {
      this.at++;
      const end = this.peek() === '(' ? this.groupEnd(this.at) : this.at;
      clocked = this.all.slice(this.at, end).some(({ text }) => text === 'posedge' || text === 'negedge');
      this.at = end + 1;
    }
    this.statement(clocked ? assigned : new Set());
  }

  private statement(assigned: Set<string>): void {
    const word = this.take();
    if (word === 'begin') {
      if (this.peek() === ':') this.at += 2;
      while (this.at < this.all.length && this.peek() !== 'end') this.statement(assigned);
      this.at++;
    } else if (word === 'if') {
      this.at = this.groupEnd(this.at) + 1;
      this.statement(assigned);
      if (this.peek() === 'else') {
        this.at++;
        this.statement(assigned);
      }
    } else if (word === 'case' || word === 'casez' || word === 'casex') {
      this.at = this.groupEnd(this.at) + 1;
      while (this.at < this.all.length && this.peek() !== 'endcase') {
        const isDefault = this.peek() === 'default';
        if (isDefault) {
          this.at++;
          if (this.peek() === ':') this.at++;
        } else this.at = this.find(':') + 1;
        this.statement(assigned);
      }
      this.at++;
    } else if (word === 'for' || word === 'while' || word === 'repeat') {
      this.at = this.groupEnd(this.at) + 1;
      this.statement(assigned);
    } else if (word !== ';') {
      this.at--;
      this.assignment(assigned);
    }
  }

  private assignment(assigned: Set<string>): void {
    const end = this.find(';');
    for (; this.at < end && this.peek() !== '<=' && this.peek() !== '='; this.at++) {
      if (this.peek() === '[') this.at = this.groupEnd(this.at);
      else if (/^[A-Za-z_\\]/.test(this.peek())) assigned.add(this.peek());
    }
    this.at = end + 1;
  }

  private instance(instances: { module: string; name: string }[]): void {
    const module = this.take();
    if (this.peek() === '#') this.at = this.groupEnd(this.at + 1) + 1;
    const name = this.peek();
    if (this.all[this.at + 1]?.text === '(' && /^[A-Za-z_\\]/.test(name)) instances.push({ module, name });
    this.at = this.find(';') + 1;
  }

  private peek(): string {
    return this.all[this.at]?.text ?? '';
  }

  private take(): string {
    const text = this.peek();
    this.at++;
    return text;
  }

  /** Index of the token that closes the group opened at `from`. */
  private groupEnd(from: number): number {
    const pairs: Record<string, number> = { '(': 1, '[': 1, '{': 1, ')': -1, ']': -1, '}': -1 };
    let depth = 0;
    for (let i = from; i < this.all.length; i++) {
      depth += pairs[this.all[i]!.text] ?? 0;
      if (depth === 0) return i;
    }
    throw badInput('unbalanced brackets in the Verilog', { where: `${this.file}:${this.all[from]?.line ?? 0}` });
  }

  /** Index of the next `text` outside brackets, from here. */
  private find(text: string): number {
    for (let i = this.at; i < this.all.length; i++) {
      const here = this.all[i]!.text;
      if (here === text) return i;
      if (here === '(' || here === '[' || here === '{') i = this.groupEnd(i);
    }
    throw badInput(`no '${text}' to end what begins here`, { where: `${this.file}:${this.all[this.at]?.line ?? 0}` });
  }
}
