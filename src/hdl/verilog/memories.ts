/** Memories in the form that synthesis tools recognise as block RAM. */
import { contentsFileOf } from '../elaborate/design.ts';
import { mask } from '../ir/expr.ts';
import type { Entity, MemoryIr, MemoryReadIr, MemoryWriteIr } from '../ir/module.ts';
import { declared } from './literals.ts';
import type { ModuleEmitter } from './module-emitter.ts';

/** Words in Verilog: a memory of one word has two, so that its address has a bit. */
export function verilogDepth(memory: MemoryIr): number {
  return Math.max(2, memory.depth);
}

/** The file of a memory's contents: a word a line, hexadecimal, padded with zeros up to the depth. */
export function memoryFile(memory: MemoryIr): { path: string; text: string } | undefined {
  const path = contentsFileOf(memory);
  if (path === undefined || memory.contents === undefined) return undefined;
  const digits = Math.ceil(memory.width / 4);
  const words = Array.from({ length: verilogDepth(memory) }, (_, address) => memory.contents?.[address] ?? 0n);
  return { path, text: words.map((word) => `${word.toString(16).padStart(digits, '0')}\n`).join('') };
}

export function writeMemory(emitter: ModuleEmitter, memory: MemoryIr): void {
  const { writer } = emitter;
  const attributes = [
    ...(memory.style === 'auto' ? [] : [`ram_style = "${memory.style}"`]),
    // Without it yosys builds logic around the block RAM that keeps the old value in a collision.
    ...(memory.collision === 'undefined' ? ['no_rw_check'] : []),
  ];
  const style = attributes.length === 0 ? '' : `(* ${attributes.join(', ')} *) `;
  writer.blank();
  const words = `${declared('reg', memory.type)} ${memory.name} [0:${verilogDepth(memory) - 1}];`;
  emitter.declaration(
    style + words,
    memory.place,
    memory.doc,
    isRead(emitter, memory) ? mask(memory.width) : 0n,
    memory.width,
  );
  for (const { output } of memory.reads) {
    emitter.declaration(
      `${declared('reg', output.type)} ${output.name};`,
      output.place,
      output.doc,
      emitter.readBits(output),
      memory.width,
    );
  }
  const file = contentsFileOf(memory);
  if (file !== undefined) writer.write(`initial $readmemh("${file}", ${memory.name});`, memory.place);
}

/** A memory whose only reads are combinational, and in values that nothing uses, is only written. */
function isRead({ usage }: ModuleEmitter, memory: MemoryIr): boolean {
  if (memory.reads.length > 0) return true;
  for (const expr of usage.exprBits.keys()) if (expr.kind === 'read' && expr.memory === memory) return true;
  return false;
}

export function writeMemoryPorts(emitter: ModuleEmitter, memory: MemoryIr): void {
  const blocks = new Map<string, { clock: Entity; reads: MemoryReadIr[]; writes: MemoryWriteIr[] }>();
  const blockOf = (port: string | undefined, clock: Entity) => {
    const key = `${port ?? ''}/${clock.name}`;
    const block = blocks.get(key) ?? { clock, reads: [], writes: [] };
    blocks.set(key, block);
    return block;
  };
  for (const write of memory.writes) blockOf(write.port, write.clock).writes.push(write);
  for (const read of memory.reads) blockOf(read.port, read.clock).reads.push(read);
  for (const block of blocks.values()) writeBlock(emitter, memory, block);
}

function writeBlock(
  emitter: ModuleEmitter,
  memory: MemoryIr,
  block: { clock: Entity; reads: MemoryReadIr[]; writes: MemoryWriteIr[] },
): void {
  const { writer, printer } = emitter;
  // Reads that give new data name what the other port writes, too.
  for (const write of memory.collision === 'new' ? memory.writes : block.writes) {
    emitter.prepare(write.address, `${memory.name}_wr_addr`, write.place);
    emitter.prepare(write.data, `${memory.name}_wr_data`, write.place);
    emitter.prepare(write.enable, `${memory.name}_wr_enable`, write.place);
  }
  for (const read of block.reads) {
    emitter.prepare(read.address, `${read.output.name}_addr`, read.place);
    if (read.enable) emitter.prepare(read.enable, `${read.output.name}_enable`, read.place);
  }
  const { place } = [...block.writes, ...block.reads][0]!;
  writer.blank();
  writer.writeAt(`always @(posedge ${block.clock.name}) begin`, place);
  writer.indented(() => {
    for (const { address, data, enable, place } of block.writes) {
      const store = [`${memory.name}[`, printer.index(address), '] <= ', printer.print(data), ';'];
      writer.write(['if (', printer.print(enable), ') ', store], place);
    }
    for (const read of block.reads) {
      const load = [`${read.output.name} <= ${memory.name}[`, printer.index(read.address), '];'];
      const guard = read.enable === undefined ? '' : ['if (', printer.print(read.enable), ') '];
      writer.write([guard, load], read.place);
      if (memory.collision !== 'new') continue;
      for (const write of memory.writes) {
        const hit = ['(', printer.print(write.address), ') == (', printer.print(read.address), ')'];
        const enables = read.enable === undefined ? '' : ['(', printer.print(read.enable), ') && '];
        const bypass = [`${read.output.name} <= `, printer.print(write.data), ';'];
        writer.write(['if (', enables, '(', printer.print(write.enable), ') && (', hit, ')) ', bypass], read.place);
      }
    }
  });
  writer.write('end');
  writer.blank();
}
