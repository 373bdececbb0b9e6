/** Instances, with their ports in a column. */
import type { Expr } from '../ir/expr.ts';
import { type Entity, type InstanceIr, isPort } from '../ir/module.ts';
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
  const { definition, name, place } = instance;
  const connections: [string, Doc][] = [];
  for (const port of definition.entities) {
    if (!isPort(port)) continue;
    const input = instance.inputs.get(port.name);
    if (input !== undefined) {
      connections.push([port.name, portText(emitter, input, `${name}_${port.name}`, place)]);
      continue;
    }
    const output = instance.outputs.get(port.name);
    if (output === undefined) continue;
    connections.push([port.name, outputNet(emitter, output)]);
  }
  writer.blank();
  if (instance.doc !== undefined) writer.write(`// ${instance.doc}`);
  const parameters = parameterTexts(instance);
  const head = parameters.length === 0 ? definition.name : `${definition.name} #(${parameters.join(', ')})`;
  writer.writeAt(`${head} ${name} (`, place);
  const column = Math.max(...connections.map(([port]) => port.length));
  writer.indented(() => {
    connections.forEach(([port, text], index) => {
      const comma = index === connections.length - 1 ? '' : ',';
      writer.write([`.${port.padEnd(column)} (`, indent(text), `)${comma}`], place);
    });
  });
  writer.write(');', place);
  writer.blank();
}

function portText(emitter: ModuleEmitter, expr: Expr, wireName: string, place: Place): Doc {
  emitter.prepare(expr, wireName, place);
  const text = emitter.printer.print(expr);
  if (flat(text).length <= portColumns) return text;
  const signed = isSignedValue(expr);
  const name = emitter.freshName(wireName);
  const type: ScalarType = { kind: signed ? 'sint' : 'uint', width: expr.width };
  emitter.writer.write([`${declared('wire', type)} ${name} = `, indent(text), ';'], place);
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
