/** Instances, with their ports in a column. */
import type { Expr } from '../ir/expr.ts';
import { copyName, type Entity, type InstanceIr, isPacked, isPort } from '../ir/module.ts';
import type { ScalarType } from '../ir/types.ts';
import type { Place } from '../place.ts';
import { type Doc, flat, indent } from './doc.ts';
import { declared, valueText } from './literals.ts';
import type { ModuleEmitter } from './module-emitter.ts';
import { isSignedValue } from './spills.ts';

/** Longer port expressions get a wire, so that the port list stays a list. */
const portColumns = 60;

export function writeInstance(emitter: ModuleEmitter, instance: InstanceIr): void {
  const { writer } = emitter;
  const { definition, name, place, repeat } = instance;
  const index = repeat === undefined ? '' : emitter.genvar(place);
  const connections: [string, Doc][] = [];
  for (const port of definition.entities) {
    if (!isPort(port)) continue;
    const { width } = port.type;
    const copy = width === 1 ? `[${index}]` : `[${width}*${index} +: ${width}]`;
    const input = instance.inputs.get(port.name);
    if (input !== undefined) {
      const packed = isPacked(instance, input.width, width);
      const text = packed
        ? [packedNet(emitter, input, `${name}_${port.name}`, place), copy]
        : portText(emitter, input, `${name}_${port.name}`, place);
      connections.push([port.name, text]);
      continue;
    }
    const output = instance.outputs.get(port.name);
    if (output === undefined) continue;
    const net = outputNet(emitter, output);
    connections.push([port.name, (repeat ?? 1) > 1 ? [net, copy] : net]);
  }
  writer.blank();
  if (instance.doc !== undefined) writer.write(`// ${instance.doc}`);
  if (repeat === undefined) {
    writeConnections(emitter, instance, name, connections);
  } else {
    writer.write('generate');
    writer.indented(() => {
      writer.writeAt(`for (${index} = 0; ${index} < ${repeat}; ${index} = ${index} + 1) begin : ${name}`, place);
      writer.indented(() => writeConnections(emitter, instance, copyName, connections));
      writer.write('end');
    });
    writer.write('endgenerate');
  }
  writer.blank();
}

function writeConnections(
  { writer }: ModuleEmitter,
  instance: InstanceIr,
  name: string,
  connections: readonly (readonly [string, Doc])[],
): void {
  const { definition, place, repeat } = instance;
  const parameters = parameterTexts(instance);
  const head = parameters.length === 0 ? definition.name : `${definition.name} #(${parameters.join(', ')})`;
  if (repeat === undefined) writer.writeAt(`${head} ${name} (`, place);
  else writer.write(`${head} ${name} (`, place);
  const column = Math.max(...connections.map(([port]) => port.length));
  writer.indented(() => {
    connections.forEach(([port, text], index) => {
      const comma = index === connections.length - 1 ? '' : ',';
      writer.write([`.${port.padEnd(column)} (`, indent(text), `)${comma}`], place);
    });
  });
  writer.write(');', place);
}

/** The name of a signal that holds the inputs of all copies. */
function packedNet(emitter: ModuleEmitter, expr: Expr, wireName: string, place: Place): string {
  emitter.prepare(expr, wireName, place);
  const text = flat(emitter.printer.print(expr));
  return /^\w+$/.test(text) ? text : portWire(emitter, expr, wireName, place);
}

function portText(emitter: ModuleEmitter, expr: Expr, wireName: string, place: Place): Doc {
  emitter.prepare(expr, wireName, place);
  const text = emitter.printer.print(expr);
  return flat(text).length <= portColumns ? text : portWire(emitter, expr, wireName, place);
}

function portWire(emitter: ModuleEmitter, expr: Expr, wireName: string, place: Place): string {
  const signed = isSignedValue(expr);
  const name = emitter.freshName(wireName);
  const type: ScalarType = { kind: signed ? 'sint' : 'uint', width: expr.width };
  emitter.writer.write([`${declared('wire', type)} ${name} = `, indent(emitter.printer.print(expr)), ';'], place);
  return name;
}

/** The net on an output of an instance: the signal it drives, or a wire of its own. */
function outputNet(emitter: ModuleEmitter, output: Entity): string {
  const direct = emitter.directNet(output);
  if (direct !== undefined) return direct.name;
  const read = emitter.readBits(output);
  const { type, place } = output;
  if (read === 0n) {
    // The linter lets signals with this word in their names be.
    const name = emitter.freshName(`unused_${output.name}`);
    emitter.writer.write(`${declared('wire', type)} ${name};`, place);
    return name;
  }
  emitter.declaration(`${declared('wire', type)} ${output.name};`, place, undefined, read, type.width);
  return output.name;
}

function parameterTexts({ definition, parameters }: InstanceIr): string[] {
  const box = [...(definition.blackBox?.parameters ?? [])].map(([name, value]) => {
    return `.${name}(${typeof value === 'string' ? `"${value}"` : value})`;
  });
  const own = definition.entities.flatMap((entity) => {
    const value = parameters.get(entity.name);
    return value === undefined ? [] : [`.${entity.name}(${valueText(entity, value)})`];
  });
  return [...box, ...own];
}
