/** A circuit as text, for the message of a failing test. */
import {
  type Circuit,
  type Item,
  inputsOf,
  type Operation,
  outputsOf,
  type Statement,
  type Target,
} from './circuit.ts';
import type { Type } from './types.ts';

export function circuitText(circuit: Circuit): string {
  return [...children(circuit).map(moduleText), moduleText(circuit)].join('\n');
}

function children(circuit: Circuit): Circuit[] {
  const own = circuit.items.flatMap((item) => (item.kind === 'instance' ? [item.child] : []));
  return [...new Set(own.flatMap((child) => [...children(child), child]))];
}

function moduleText(circuit: Circuit): string {
  const type = (id: number) => typeText(circuit.types[id]!);
  const lines = [
    ...inputsOf(circuit).map(({ name, type: own }, id) => `v${id} = input ${name}: ${typeText(own)}`),
    ...circuit.registers.map(
      ({ id, reset }, index) =>
        `v${id} = register r${index}: ${type(id)}, ${reset === undefined ? 'no reset' : `reset ${reset}`}`,
    ),
    ...circuit.items.flatMap((item) => itemLines(item, type)),
    ...circuit.statements.flatMap((statement) => statementLines(statement, type)),
    ...circuit.items.flatMap((item) =>
      item.kind === 'memory' && item.write !== undefined
        ? [`${item.name}[v${item.write.address}] <= v${item.write.data} if v${item.write.enable}`]
        : [],
    ),
    ...outputsOf(circuit).map(({ name, type: own }, index) => {
      const id = circuit.exported[index];
      const source =
        id === undefined ? `default ${circuit.driven[index - circuit.exported.length]?.default}` : `v${id}`;
      return `output ${name}: ${typeText(own)} = ${source}`;
    }),
  ];
  return `${circuit.name}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

function typeText({ kind, width, states }: Type): string {
  return kind === 'bool' ? 'bool' : `${kind}(${kind === 'enum' ? states : width})`;
}

function values(ids: readonly number[]): string {
  return ids.map((id) => `v${id}`).join(', ');
}

function itemLines(item: Item, type: (id: number) => string): string[] {
  switch (item.kind) {
    case 'operation':
      return [operationText(item, type)];
    case 'memory':
      return [
        `memory ${item.name}: ${item.depth} x ${typeText(item.type)}, collision ${item.collision}, ${item.contents.join(' ')}`,
        ...item.reads.map(({ id, synchronous, address, enable }) => {
          const when = enable === undefined ? '' : ` if v${enable}`;
          return `v${id} = ${item.name}[v${address}] ${synchronous ? `one clock later${when}` : 'at once'}`;
        }),
      ];
    case 'dualMemory':
      return [
        `memory ${item.name}: ${item.depth} x ${typeText(item.type)}, two ports, collision ${item.collision}, ${item.contents.join(' ')}`,
        ...item.ports.map(({ id, address, data, enable, readEnable }) => {
          const when = readEnable === undefined ? '' : ` if v${readEnable}`;
          return `v${id} = ${item.name}[v${address}] one clock later${when}; [v${address}] <= v${data} if v${enable}`;
        }),
      ];
    case 'wires':
      return [
        ...item.wires.map(({ id, default: initial }) => `v${id} = wire: ${type(id)}, default ${initial ?? 'none'}`),
        ...statementLines(item.driver, type),
      ];
    case 'instance':
      return [`${values(item.outputs)} = ${item.child.name} ${item.name}(${values(item.inputs)})`];
  }
}

function operationText({ id, operator, operands, n, named }: Operation, type: (id: number) => string): string {
  return `v${id}${named ? ' (named)' : ''} = ${operator}(${values(operands)}) with ${n}: ${type(id)}`;
}

function statementLines(statement: Statement, type: (id: number) => string): string[] {
  const block = (body: readonly Statement[]) =>
    body.flatMap((inner) => statementLines(inner, type)).map((line) => `  ${line}`);
  switch (statement.kind) {
    case 'assign':
      return [
        ...statement.locals.map((local) => operationText(local, type)),
        `${targetText(statement.target)} := v${statement.value}`,
      ];
    case 'when':
      return [
        ...statement.branches.flatMap(({ condition, body }) => [`when v${condition}`, ...block(body)]),
        ...(statement.otherwise === undefined ? [] : ['otherwise', ...block(statement.otherwise)]),
      ];
    case 'switch':
      return [
        `switch v${statement.subject}`,
        ...statement.cases.flatMap(({ value, body }) => [`case ${value}`, ...block(body)]),
        ...(statement.otherwise === undefined ? [] : ['default', ...block(statement.otherwise)]),
      ];
  }
}

function targetText({ kind, index }: Target): string {
  return kind === 'wire' ? `v${index}` : `${kind === 'register' ? 'r' : 'd'}${index}`;
}
