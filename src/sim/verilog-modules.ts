/** Modules of Verilog as far as their registers go: what they declare, what clocked blocks assign, what they instantiate. */
import { badInput, ownValue } from '../errors/index.ts';
import { type Declared, DeclaredNames, type Loop } from './verilog-names.ts';
import { type Token, tokens } from './verilog-tokens.ts';

export interface VerilogFile {
  readonly path: string;
  readonly text: string;
}

export interface ModuleShape {
  readonly name: string;
  readonly file: string;
  readonly registers: readonly Declared[];
  /** Those of them that a reset gives a value. */
  readonly reset: ReadonlySet<Declared>;
  /** All that a port list or a `reg` declares, ports among them. */
  readonly declared: readonly Declared[];
  readonly instances: InstanceShape[];
  /** Parameters and localparams, as texts. */
  readonly constants: Map<string, string>;
}

interface InstanceShape {
  readonly module: string;
  readonly name: string;
  /** Around it, the outermost first. */
  readonly loops: readonly Loop[];
  readonly parameters: ReadonlyMap<string, string>;
}
const itemKeywords = new Set(
  (
    'input output inout wire reg integer real tri supply0 supply1 genvar parameter localparam defparam assign always initial generate ' +
    'endgenerate function endfunction task endtask specify endspecify signed if else for case begin end and or not xor nand nor xnor buf'
  ).split(' '),
);

export function moduleShapes(file: VerilogFile): ModuleShape[] {
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
    const instances: InstanceShape[] = [];
    const constants = new Map<string, string>();
    const names = new DeclaredNames();
    if (this.peek() === '#') {
      const end = this.groupEnd(this.at + 1) + 1;
      this.constants(end, constants);
    }
    if (this.peek() === '(') this.declarations(this.groupEnd(this.at), names);
    while (this.at < this.all.length && this.peek() !== 'endmodule') {
      const word = this.peek();
      if (word === 'for') {
        names.enter(this.loop());
        continue;
      }
      if (word === 'end') names.leave();
      if (word === 'reg' || word === 'output') this.declarations(this.find(';'), names);
      else if (word === 'localparam' || word === 'parameter') this.constants(this.find(';'), constants);
      else if (word === 'initial') this.initial();
      else if (word === 'always') this.always(names);
      else if (/^[A-Za-z_\\]/.test(word) && !itemKeywords.has(word)) this.instance(instances, names.loops);
      else this.at++;
    }
    const { declared, assigned, reset, arrays } = names;
    const registers = declared.filter((each) => assigned.has(each) && !arrays.has(each));
    return { name, file: this.file, registers, reset, declared, instances, constants };
  }

  /** Names declared up to `end`; a name followed by a range is an array. */
  private declarations(end: number, names: DeclaredNames): void {
    let initial = false;
    let range: string | undefined;
    for (; this.at < end; this.at++) {
      const { text, line } = this.all[this.at]!;
      if (text === '=') initial = true;
      else if (text === ',') initial = false;
      else if (text === '[') {
        const end = this.groupEnd(this.at);
        if (!initial && names.find(this.valueAt(this.at - 1)) === undefined) range = this.textOf(this.at + 1, end);
        this.at = end;
      } else if (text === 'integer') range = '31:0';
      else if (itemKeywords.has(text) && text !== 'signed') range = undefined;
      else if (!initial && /^[A-Za-z_\\]/.test(text) && !itemKeywords.has(text))
        names.declare({ name: text, line, range }, this.all[this.at + 1]?.text === '[');
    }
  }

  private always(names: DeclaredNames): void {
    const assigned = new Set<string>();
    const reset = new Set<string>();
    this.at++;
    let clocked = false;
    if (this.peek() === '@') {
      this.at++;
      const end = this.peek() === '(' ? this.groupEnd(this.at) : this.at;
      clocked = this.all.slice(this.at, end).some(({ text }) => text === 'posedge' || text === 'negedge');
      this.at = end + 1;
    }
    if (clocked) this.resetBranch(reset);
    this.statement(assigned);
    if (clocked) names.assign(assigned, reset);
  }

  /** What the block's `if (rst)` assigns; the block is read from its beginning again afterwards. */
  private resetBranch(reset: Set<string>): void {
    const from = this.at;
    if (this.peek() === 'begin') this.at++;
    const words = this.all.slice(this.at, this.at + 4).map(({ text }) => text);
    if (words.join(' ') === 'if ( rst )') {
      this.at += 4;
      this.statement(reset);
    }
    this.at = from;
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

  /** `NAME = value, NAME = value` up to `end`. */
  private constants(end: number, constants: Map<string, string>): void {
    for (; this.at < end; this.at++) {
      if (this.peek() !== '=') continue;
      const name = this.valueAt(this.at - 1);
      const from = this.at + 1;
      while (this.at < end && !/^[,)]$/.test(this.peek()))
        this.at = /^[([{]$/.test(this.peek()) ? this.groupEnd(this.at) + 1 : this.at + 1;
      constants.set(name, this.textOf(from, this.at));
    }
  }

  private valueAt(at: number): string {
    return this.all[at]?.text ?? '';
  }

  /** Tokens side by side: `5'd26` is two of them where a blank stands between. */
  private textOf(from: number, to: number): string {
    return this.all
      .slice(from, to)
      .map(({ text }) => text)
      .join('');
  }

  /** `for (i = 0; i < LIMIT; i = i + 1) begin : label` */
  private loop(): Loop {
    const end = this.groupEnd(this.at + 1);
    const less = this.all.findIndex(({ text }, index) => index > this.at && text === '<');
    const limit = this.textOf(
      less + 1,
      this.all.findIndex(({ text }, index) => index > less && text === ';'),
    );
    this.at = end + 1;
    const named = this.peek() === 'begin' && this.all[this.at + 1]?.text === ':';
    const label = named ? this.valueAt(this.at + 2) : '';
    this.at += named ? 3 : 1;
    return { label, limit };
  }

  private initial(): void {
    this.at++;
    this.statement(new Set());
  }

  private instance(instances: InstanceShape[], loops: InstanceShape['loops']): void {
    const module = this.take();
    const parameters = new Map<string, string>();
    if (this.peek() === '#') {
      const end = this.groupEnd(this.at + 1) + 1;
      for (; this.at < end; this.at++) {
        if (this.peek() !== '.') continue;
        parameters.set(this.valueAt(this.at + 1), this.textOf(this.at + 3, this.groupEnd(this.at + 2)));
      }
    }
    const name = this.peek();
    if (this.all[this.at + 1]?.text === '(' && /^[A-Za-z_\\]/.test(name))
      instances.push({ module, name, loops, parameters });
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
      depth += ownValue(pairs, this.all[i]!.text) ?? 0;
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
