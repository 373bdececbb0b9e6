/** A netlist as text, for tests: a net, a node and a statement a line; the same design gives the same text. */
import { describeType } from '../ir/types.ts';
import type { LoweredModule, Net, Process, Statement } from './netlist.ts';
import { type Node, operands } from './nodes.ts';

/** The lowered module as text, a node a line: for tests, and for people who look at what became of their description. */
export function netlistText(module: LoweredModule): string {
  const lines = [`module ${module.name}`];
  for (const net of module.nets) lines.push(`  ${netText(net)}`);
  for (const { name, type, depth, collision, reads, writes } of module.memories) {
    lines.push(`  memory ${name}: ${depth} x ${describeType(type)}, collision ${collision}`);
    for (const { output, address, enable, clock } of reads)
      lines.push(`    ${clock.name}: ${output.name} <= [${ref(address)}]${enable ? ` if ${ref(enable)}` : ''}`);
    for (const { address, data, enable, clock } of writes)
      lines.push(`    ${clock.name}: [${ref(address)}] <= ${ref(data)} if ${ref(enable)}`);
  }
  for (const { name, definition, repeat, inputs, outputs, clocks, parameters } of module.instances) {
    lines.push(`  instance ${name}${repeat === undefined ? '' : `[${repeat}]`}: ${definition.name}`);
    for (const [parameter, value] of parameters) lines.push(`    ${parameter} = ${value}`);
    for (const [port, node] of inputs) lines.push(`    ${port} <- ${ref(node)}`);
    for (const [port, net] of clocks) lines.push(`    ${port} -> clock ${net.name}`);
    for (const [port, net] of outputs) lines.push(`    ${port} -> ${net.name}`);
  }
  for (const node of module.nodes) if (node.kind !== 'net' && node.kind !== 'const') lines.push(`  ${nodeText(node)}`);
  for (const process of module.processes) lines.push(...processLines(process));
  return `${lines.join('\n')}\n`;
}

function netText(net: Net): string {
  const head = `${net.role} ${net.name}: ${describeType(net.type)}`;
  switch (net.role) {
    case 'clock':
    case 'reset':
    case 'input':
      if (net.role === 'input') return head;
      return `${net.role === 'clock' && net.isLocal ? 'local ' : ''}${net.role} ${net.name}`;
    case 'output':
    case 'wire':
      return net.defaultValue === undefined ? head : `${head}, else ${net.defaultValue}`;
    case 'register': {
      const { clock, reset, isPort } = net;
      const resets = reset && `, ${reset.value} ${reset.atOnce ? 'at once ' : ''}on ${reset.signal.name}`;
      return `${isPort ? 'output ' : ''}${head} at ${clock.name}${resets ?? ''}`;
    }
    case 'named':
      return `${head} = ${ref(net.value)}`;
    case 'parameter':
      return `${head} = ${net.value}`;
    case 'memoryRead':
      return `${net.isPort ? 'output ' : ''}${head} at ${net.clock.name}`;
    case 'instanceOutput':
      return `${head} of ${net.instance}.${net.port}`;
  }
}

/** A node where it is used: constants and nets as such, others by number. */
function ref(node: Node): string {
  if (node.kind === 'net') return node.net.name;
  if (node.kind !== 'const') return `%${node.id}`;
  const text = `${node.signed ? BigInt.asIntN(node.width, node.value) : node.value}:${typeText(node)}`;
  if (node.state !== undefined) return `${node.state.state}(${text})`;
  return node.named === undefined ? text : `${node.named.name}(${text})`;
}

function nodeText(node: Node): string {
  const parts = operands(node).map(ref).join(' ');
  const operator =
    node.kind === 'unary' || node.kind === 'binary' || node.kind === 'compare'
      ? node.op
      : node.kind === 'shift'
        ? `shift ${node.op}`
        : node.kind === 'slice'
          ? `slice ${node.low + node.width - 1}:${node.low}`
          : node.kind === 'read'
            ? `read ${node.memory.name}`
            : node.kind;
  return `%${node.id}:${typeText(node)} = ${operator} ${parts}`;
}

function typeText({ width, signed }: Node): string {
  return `${signed ? 's' : 'u'}${width}`;
}

function processLines(process: Process): string[] {
  const targets = [...process.targets].map(({ name }) => name).join(', ');
  const reset = process.kind === 'clocked' && process.reset !== undefined ? `, ${process.reset.signal.name}` : '';
  const head = process.kind === 'clocked' ? `at ${process.clock.name}${reset}` : 'always';
  return [`  ${head}: ${targets}`, ...statementLines(process.statements, '    ')];
}

function statementLines(statements: readonly Statement[], indent: string): string[] {
  const inner = (body: readonly Statement[]) => statementLines(body, `${indent}  `);
  const linesOf = (statement: Statement): string[] => {
    switch (statement.kind) {
      case 'comment':
        return [];
      case 'assign':
        return [`${indent}${statement.target.name} = ${ref(statement.value)}`];
      case 'if': {
        const branches = statement.branches.flatMap(({ condition, body }, index) => [
          `${indent}${index === 0 ? 'if' : 'else if'} ${ref(condition)}`,
          ...inner(body),
        ]);
        return [...branches, ...(statement.otherwise ? [`${indent}else`, ...inner(statement.otherwise)] : [])];
      }
      case 'switch':
        return [
          `${indent}switch ${ref(statement.subject)}`,
          ...statement.cases.flatMap(({ value, body }) => [
            `${indent}  ${ref(value)}`,
            ...statementLines(body, `${indent}    `),
          ]),
          ...(statement.otherwise
            ? [`${indent}  default`, ...statementLines(statement.otherwise, `${indent}    `)]
            : []),
        ];
    }
  };
  return statements.flatMap(linesOf);
}
