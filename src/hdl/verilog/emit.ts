/** A design as Verilog files, memory contents, and the map from their lines to TypeScript. */

import { createHash } from 'node:crypto';
import type { Design } from '../elaborate/design.ts';
import { isInLoop, type LoweredInstance, type LoweredMemory, type LoweredModule } from '../lower/netlist.ts';
import { formatOrigin } from '../origin.ts';
import { joinFamilies } from './families.ts';
import { memoryFileModule, memoryFileVerilog, memoryMacros } from './memory-file.ts';
import { verilogDepth } from './prepare/memories.ts';
import { prepareModule } from './prepare/module.ts';
import { printModule } from './print/module.ts';
import { lineBreak } from './print/writer.ts';
import { allItems, type VModule } from './syntax.ts';

/** What the header of each file says. */
export interface VerilogOptions {
  /** Name and version of the generator, for the header. */
  readonly generator: string;
  /** What the design was built from, in one line; the header shows it with its hash. */
  readonly configuration: string;
}

/** One emitted file: a module's Verilog, or the contents of a memory. */
export interface VerilogFile {
  /** Relative to the output folder. */
  readonly path: string;
  readonly text: string;
}

/** A Verilog line (from 1) and the TypeScript line that caused it. */
export interface LineOrigin {
  readonly file: string;
  readonly line: number;
  /** `src/core/x.ts:41` */
  readonly origin: string;
}

/** The emitted files, the top module, and which line came from where. */
export interface VerilogOutput {
  /** One .v file a module, one .mem file a memory with contents. */
  readonly files: readonly VerilogFile[];
  readonly map: readonly LineOrigin[];
  /** Name of the top module. */
  readonly top: string;
}

/** Verilog-2001 of every module of the design; the same design gives the same bytes everywhere. */
export function emitVerilog(design: Design, options: VerilogOptions): VerilogOutput {
  const files: VerilogFile[] = [];
  const map: LineOrigin[] = [];
  const instantiated = new Set(design.modules.flatMap(({ instances }) => instances.flatMap(instantiatedBy)));
  const own = design.modules.filter((module) => module === design.top || instantiated.has(module));
  const modules = joinFamilies(
    own.map((module) => ({ module: prepareModule(module), family: module.family, constants: constantsOf(module) })),
  );
  // One memory looks at its file itself, several share a module that does.
  const filed = modules.flatMap(({ items }) => allItems(items).filter(({ kind }) => kind === 'readmemh')).length;
  const checker = filed > 1 ? memoryFileModule(design.top.name) : undefined;
  for (const module of modules) {
    const path = `${module.name}.v`;
    const macros = allItems(module.items).some(({ kind }) => kind === 'readmemh') ? [...memoryMacros, ''] : [];
    const head = [...header(module, options, design.top.name), ...macros];
    const lines = printModule(module, checker);
    const texts = lines.map(({ text }) => text);
    files.push({ path, text: `${[...head, ...texts, '', '`default_nettype wire'].join('\n')}\n` });
    lines.forEach(({ origin }, index) => {
      if (origin?.source === undefined) return;
      map.push({ file: path, line: head.length + index + 1, origin: formatOrigin(origin) });
    });
  }
  if (checker !== undefined) {
    const name = checker;
    const docs = [
      'Looks at the file of a memory, in simulation: one that is missing or too short ends it with a word.',
    ];
    const head = header({ name, docs }, options, design.top.name);
    const text = memoryFileVerilog(design.top.name);
    files.push({ path: `${name}.v`, text: `${[...head, text].join('\n')}\n\`default_nettype wire\n` });
  }
  for (const module of design.modules) {
    for (const memory of module.memories) {
      const file = memoryFile(memory);
      if (file !== undefined) files.push(file);
    }
  }
  return { files, map, top: design.top.name };
}

/** The module of an instance, where it is one of its own. */
function instantiatedBy({ definition, repeat }: LoweredInstance): LoweredModule[] {
  return definition.blackBox !== undefined || isInLoop({ definition, repeat }) ? [] : [definition];
}

/** Numbers with a name: the module's, then those of what stands in its loops. */
function constantsOf(module: LoweredModule): Map<string, bigint> {
  const inLoops = module.instances.filter(isInLoop).flatMap(({ definition }) => [...constantsOf(definition)]);
  return new Map([...inLoops, ...module.constants.map(({ name, value }) => [name, value] as const)]);
}

/** The file of a memory's contents: a word a line, hexadecimal, padded with zeros up to the depth; none for a few zeros. */
function memoryFile(memory: LoweredMemory): VerilogFile | undefined {
  const { contentsFile, contents, type } = memory;
  if (contentsFile === undefined || contents === undefined) return undefined;
  const digits = Math.ceil(type.width / 4);
  const words = Array.from({ length: verilogDepth(memory) }, (_, address) => contents[address] ?? 0n);
  return { path: contentsFile, text: words.map((word) => `${word.toString(16).padStart(digits, '0')}\n`).join('') };
}

/** What the module is, and what it was made from; the whole configuration stands in the top. */
function header({ name, docs }: Pick<VModule, 'name' | 'docs'>, options: VerilogOptions, top: string): string[] {
  const { generator, configuration } = options;
  const hash = createHash('sha256').update(configuration).digest('hex').slice(0, 12);
  const whole = name === top ? `${configuration} (sha256 ${hash})` : `${hash}, see ${top}.v`;
  return [
    `// ${name}`,
    ...docs.flatMap((doc) => doc.split(lineBreak)).map((text) => `// ${text}`.trimEnd()),
    `// Generated by ${generator}; configuration ${whole}.`,
    '',
    '`timescale 1ns / 1ps',
    '`default_nettype none',
    '',
  ];
}
