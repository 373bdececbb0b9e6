/** A tree of Verilog as lines. What it says was decided in `prepare`; here are columns, blanks and line breaks. */

import { memoryFileCheck } from '../memory-file.ts';
import type { VDeclaration, VInstance, VItem, VLoop, VModule, VParameter } from '../syntax.ts';
import { group, indent, line } from './doc.ts';
import { expressionDoc, highText, isFormula, literalDoc, literalText, sizeText } from './expressions.ts';
import { printConnections } from './instances.ts';
import { StatementPrinter } from './statements.ts';
import { lineBreak, type SourceLine, Writer } from './writer.ts';

/** @param memoryFile the module that looks at a memory's file in simulation (memory-file.ts); undefined: this module does so itself */
export function printModule(module: VModule, memoryFile: string | undefined): SourceLine[] {
  const writer = new Writer();
  new ModulePrinter(writer, memoryFile).module(module);
  return writer.lines;
}

class ModulePrinter {
  /** Generate loops around what is printed now. */
  #loops = 0;

  constructor(
    private readonly writer: Writer,
    private readonly memoryFile: string | undefined,
  ) {}

  module(module: VModule): void {
    const { writer } = this;
    this.#head(module);
    writer.indented(() => {
      this.#states(module);
      this.#items(module.items);
    });
    if (writer.lines.at(-1)?.text === '') writer.lines.pop();
    writer.write('endmodule');
  }

  #items(items: readonly VItem[]): void {
    const columns = localparamColumns(items);
    items.forEach((item, index) => {
      if (items[index - 1]?.kind === 'localparam' && item.kind !== 'localparam') this.writer.blank();
      this.#item(item, columns.get(item) ?? 0);
    });
  }

  #head({ name, origin, parameters, ports }: VModule): void {
    const { writer } = this;
    if (parameters.length > 0) {
      writer.write(`module ${name} #(`, origin);
      writer.indented(() => this.#parameters(parameters));
      writer.write(ports.length === 0 ? ');' : ') (');
    } else {
      writer.write(ports.length === 0 ? `module ${name};` : `module ${name} (`, origin);
    }
    if (ports.length === 0) return;
    const ranges = ports.map((port) => rangeText(port));
    const rangeColumn = Math.max(...ranges.map((range) => range.length));
    const registered = ports.some(({ net }) => net === 'reg');
    const texts = ports.map((port, index) => {
      const net = registered ? port.net.padEnd(4) : port.net;
      const range = rangeColumn === 0 ? '' : `${ranges[index]!.padEnd(rangeColumn)} `;
      return `${port.direction.padEnd(6)} ${net} ${range}${port.name}${index === ports.length - 1 ? '' : ','}`;
    });
    const docColumn = Math.max(...texts.map((text) => text.length));
    writer.indented(() => {
      ports.forEach(({ doc, origin: at, partlyUnused }, index) => {
        const text = doc === undefined ? texts[index]! : texts[index]!.padEnd(docColumn);
        this.#waived(partlyUnused, () => writer.write(text, at, doc));
      });
    });
    writer.write(');');
  }

  #parameters(parameters: readonly VParameter[]): void {
    parameters.forEach(({ name, width, signed, value, doc, origin }, index) => {
      const range = width === undefined ? '' : `${rangeText({ signed, width })} `.replace(/^ $/, '');
      const text =
        typeof value === 'string' ? `"${value}"` : typeof value === 'object' ? literalDoc(value) : `${value}`;
      const comma = index === parameters.length - 1 ? '' : ',';
      this.writer.write([`parameter ${range}${name} = `, text, comma], origin, doc);
    });
  }

  #states({ states, items }: VModule): void {
    const { writer } = this;
    for (const group of states) {
      const column = Math.max(...group.map(({ name }) => name.length));
      writer.blank();
      for (const { name, literal, used } of group) {
        const range = literal.width === 1 ? '' : `${rangeText(literal)} `;
        const text = literalText(literal);
        writer.write(
          used ? `localparam ${range}${name.padEnd(column)} = ${text};` : `// ${name} = ${text} is not named below`,
        );
      }
    }
    if (states.length > 0 && items.length > 0) writer.blank();
  }

  #item(item: VItem, column: number): void {
    const { writer } = this;
    switch (item.kind) {
      case 'section':
        writer.blank();
        writer.comment(`---- ${item.text.split(lineBreak).join(' ')} ----`);
        break;
      case 'comment':
        writer.comment(item.text);
        break;
      case 'declare':
        this.#declaration(item);
        break;
      case 'genvar':
      case 'integer':
        writer.write(`${item.kind} ${item.name};`, item.origin);
        break;
      case 'localparam': {
        const name = localparamHead(item).padEnd(column);
        writer.write([`localparam ${name} = `, expressionDoc(item.value), ';'], item.origin, item.doc);
        break;
      }
      case 'matrix': {
        const { variable: i, target, source, rows, width, count, origin } = item;
        const row = `${rows}[${sizeText(width)}*${i} +: ${sizeText(width)}]`;
        this.#generate({ label: `${target}_bit`, variable: i, count, origin }, () => {
          writer.write([`assign ${target}[${i}] = ^(`, expressionDoc(source), ` & ${row});`], origin);
        });
        break;
      }
      case 'assign':
        writer.writeAt(
          ['assign ', expressionDoc(item.target), ' = ', indent(expressionDoc(item.value)), ';'],
          item.origin,
        );
        break;
      case 'always':
        new StatementPrinter(writer).always(item);
        break;
      case 'readmemh': {
        const file = isFormula(item.file) ? sizeText(item.file) : `"${item.file}"`;
        const named = `\`SPINFIRE_MEMORY(${file})`;
        writer.write(`initial $readmemh(${named}, ${item.memory});`, item.origin);
        writer.directive('`ifndef SYNTHESIS');
        const words = sizeText(item.depth);
        if (this.memoryFile === undefined) {
          for (const line of memoryFileCheck(item.check, named, words)) writer.write(line);
        } else {
          writer.write(`${this.memoryFile} #(.FILE(${named}), .WORDS(${words})) ${item.check.label} ();`, item.origin);
        }
        writer.directive('`endif');
        break;
      }
      case 'zeros': {
        const { variable: i, memory, depth, word, origin } = item;
        const loop = `for (${i} = 0; ${i} < ${sizeText(depth)}; ${i} = ${i} + 1)`;
        writer.write(`initial ${loop} ${memory}[${i}] = ${literalText(word)};`, origin);
        break;
      }
      case 'instance':
        this.#instance(item);
        break;
      case 'loop':
        this.#generate(item, () => {
          for (const doc of item.docs) writer.comment(doc);
          this.#items(item.items);
          if (writer.lines.at(-1)?.text === '') writer.lines.pop();
        });
        break;
    }
  }

  #declaration(item: VDeclaration): void {
    const { writer } = this;
    const { attributes = [], depth, value, origin, doc, partlyUnused } = item;
    if (depth !== undefined) writer.blank();
    const style = attributes.length === 0 ? '' : `(* ${attributes.join(', ')} *) `;
    const words = depth === undefined ? '' : ` [0:${highText(depth)}]`;
    const text = `${style}${`${item.net} ${rangeText(item)}`.trimEnd()} ${item.name}${words}`;
    this.#waived(partlyUnused, () => {
      const more = (item.also ?? []).map((name) => group(',', line, name));
      if (more.length > 0) writer.write([text, indent(...more), ';'], origin);
      else if (value === undefined) writer.write(`${text};`, origin, doc);
      else writer.write([`${text} = `, indent(expressionDoc(value)), ';'], origin, doc);
    });
  }

  /** Bits that nothing reads are announced to the linter. */
  #waived(partlyUnused: boolean, write: () => void): void {
    if (partlyUnused) this.writer.write('// verilator lint_off UNUSED');
    write();
    if (partlyUnused) this.writer.write('// verilator lint_on UNUSED');
  }

  #instance(item: VInstance): void {
    const { writer } = this;
    const { loop, doc, origin } = item;
    writer.blank();
    if (doc !== undefined) writer.comment(doc);
    if (loop !== undefined) {
      this.#generate({ ...loop, origin }, () => printConnections(writer, item));
      return;
    }
    printConnections(writer, item);
    writer.blank();
  }

  #generate({ label, variable: i, count, origin }: Omit<VLoop, 'kind' | 'docs' | 'items'>, body: () => void): void {
    const { writer } = this;
    const loop = () => {
      writer.writeAt(`for (${i} = 0; ${i} < ${sizeText(count)}; ${i} = ${i} + 1) begin : ${label}`, origin);
      this.#loops += 1;
      writer.indented(body);
      this.#loops -= 1;
      writer.write('end');
    };
    writer.blank();
    if (this.#loops > 0) {
      loop();
    } else {
      writer.write('generate');
      writer.indented(loop);
      writer.write('endgenerate');
    }
    writer.blank();
  }
}

type LocalparamItem = VItem & { readonly kind: 'localparam' };

function localparamHead(item: LocalparamItem): string {
  return `${item.width === 1 ? '' : `${rangeText(item)} `}${item.name}`;
}

/** Constants one below the other have their values in a column. */
function localparamColumns(items: readonly VItem[]): Map<VItem, number> {
  const columns = new Map<VItem, number>();
  let run: LocalparamItem[] = [];
  const flush = () => {
    const column = Math.max(0, ...run.map((item) => localparamHead(item).length));
    for (const item of run) columns.set(item, column);
    run = [];
  };
  for (const item of items) {
    if (item.kind === 'localparam') run.push(item);
    else flush();
  }
  flush();
  return columns;
}

/** `signed [7:0]`, `[7:0]`, or nothing for one bit. */
function rangeText({ signed, width }: { readonly signed: boolean; readonly width: VDeclaration['width'] }): string {
  const range = width === 1 ? '' : `[${highText(width)}:0]`;
  return signed ? `signed ${range}`.trimEnd() : range;
}
