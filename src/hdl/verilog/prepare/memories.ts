/** Memories: their words, their contents, and the blocks that read and write them. */
import { isSigned } from '../../ir/types.ts';
import {
  type ClockNet,
  type LoweredMemory,
  type LoweredMemoryRead,
  type LoweredMemoryWrite,
  startsWithZeros,
} from '../../lower/netlist.ts';
import type { Node } from '../../lower/nodes.ts';
import { fileCheckNames } from '../memory-file.ts';
import type { VExpr, VStatement } from '../syntax.ts';
import { literal } from './expressions.ts';
import type { Scope } from './scope.ts';

/** Words in Verilog: a memory of one word has two, so that its address has a bit. */
export function verilogDepth(memory: Pick<LoweredMemory, 'depth'>): number {
  return Math.max(2, memory.depth);
}

export function declareMemory(scope: Scope, memory: LoweredMemory): void {
  const { name, type, origin, doc, reads, style, collision } = memory;
  const read =
    reads.length > 0 || [...scope.usage.nodeBits.keys()].some((node) => node.kind === 'read' && node.memory === memory);
  const attributes = [
    ...(style === 'auto' ? [] : [`ram_style = "${style}"`]),
    // Without it yosys builds logic around the block RAM that keeps the old value in a collision.
    ...(collision === 'undefined' && memory.writes.length > 0 ? ['no_rw_check'] : []),
  ];
  const depth = verilogDepth(memory);
  const base = { kind: 'declare', net: 'reg', signed: isSigned(type), width: type.width, name, doc, origin } as const;
  scope.items.push({ ...base, depth, attributes, partlyUnused: !read });
  for (const { output } of reads)
    if (!output.isPort) scope.items.push(scope.declaration(output, 'reg', output.name, scope.readBits(output)));
  if (memory.contentsFile !== undefined) {
    const check = fileCheckNames(`${name}_file`, (wanted) => scope.freshName(wanted));
    scope.items.push({ kind: 'readmemh', memory: name, depth, file: memory.contentsFile, check, origin });
  } else if (startsWithZeros(memory)) {
    const word = literal(0n, type.width, isSigned(type));
    scope.items.push({ kind: 'zeros', memory: name, depth, variable: scope.integerName(origin), word, origin });
  }
}

export function memoryPorts(scope: Scope, memory: LoweredMemory): void {
  interface Block {
    clock: ClockNet;
    reads: LoweredMemoryRead[];
    writes: LoweredMemoryWrite[];
  }
  const blocks = new Map<string, Block>();
  const blockOf = (port: string | undefined, clock: ClockNet) => {
    const key = `${port ?? ''}/${clock.name}`;
    const block = blocks.get(key) ?? { clock, reads: [], writes: [] };
    blocks.set(key, block);
    return block;
  };
  for (const write of memory.writes) blockOf(write.port, write.clock).writes.push(write);
  for (const read of memory.reads) blockOf(read.port, read.clock).reads.push(read);
  for (const { clock, reads, writes } of blocks.values()) {
    // Reads that give new data name what the other port writes, too.
    for (const write of memory.collision === 'new' ? memory.writes : writes) {
      scope.need(write.address, `${memory.name}_wr_addr`, write.origin);
      scope.need(write.data, `${memory.name}_wr_data`, write.origin);
      scope.need(write.enable, `${memory.name}_wr_enable`, write.origin);
    }
    for (const read of reads) {
      scope.need(read.address, `${read.output.name}_addr`, read.origin);
      if (read.enable) scope.need(read.enable, `${read.output.name}_enable`, read.origin);
    }
    const { origin } = [...writes, ...reads][0]!;
    const body = [
      ...writes.map((write) => store(scope, memory, write)),
      ...reads.flatMap((read) => load(scope, memory, read)),
    ];
    scope.items.push({ kind: 'always', clock: clock.name, body: joined(body), origin });
  }
}

function word(scope: Scope, memory: LoweredMemory, address: Node): VExpr {
  return { kind: 'word', memory: memory.name, index: scope.writer.index(address), signed: isSigned(memory.type) };
}

function store(scope: Scope, memory: LoweredMemory, { address, data, enable, origin }: LoweredMemoryWrite): VStatement {
  const target = word(scope, memory, address);
  const store: VAssign = { kind: 'assign', target, operator: '<=', value: scope.writer.write(data), origin };
  return guarded(
    [enable].map((node) => scope.writer.write(node)),
    store,
  );
}

function load(
  scope: Scope,
  memory: LoweredMemory,
  { output, address, enable, origin }: LoweredMemoryRead,
): VStatement[] {
  const target = scope.name(output);
  const load = (value: VExpr): VAssign => ({ kind: 'assign', target, operator: '<=', value, origin });
  const enables = enable === undefined ? [] : [scope.writer.write(enable)];
  const loads: VStatement[] = [guarded(enables, load(word(scope, memory, address)))];
  if (memory.collision !== 'new') return loads;
  for (const write of memory.writes) {
    const terms = [write.address, address].map((node) => scope.writer.write(node));
    const hit: VExpr = { kind: 'binary', operator: '==', terms, signed: false };
    const conditions = [...enables, scope.writer.write(write.enable), hit];
    loads.push(guarded(conditions, load(scope.writer.write(write.data))));
  }
  return loads;
}

/** Stores and loads under one condition are one branch. */
function joined(statements: readonly VStatement[]): VStatement[] {
  const all: VStatement[] = [];
  for (const statement of statements) {
    const last = all.at(-1);
    const [one, other] = [last, statement].map((each) => (each?.kind === 'if' ? each.branches[0]! : undefined));
    if (last?.kind === 'if' && one && other && textOf(one.condition) === textOf(other.condition))
      all[all.length - 1] = { ...last, branches: [{ ...one, body: [...one.body, ...other.body] }] };
    else all.push(statement);
  }
  return all;
}

const textOf = (expr: VExpr) => JSON.stringify(expr, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));

type VAssign = VStatement & { readonly kind: 'assign' };

function guarded(conditions: readonly VExpr[], statement: VAssign): VStatement {
  const [first, ...others] = conditions;
  if (first === undefined) return statement;
  const condition: VExpr =
    others.length === 0 ? first : { kind: 'binary', operator: '&&', terms: conditions, signed: false };
  const { origin } = statement;
  return { kind: 'if', branches: [{ condition, body: [statement], origin }], otherwise: undefined, origin };
}
