/** The head of a module: ports in a column, states of its enumerations. */
import { mask } from '../ir/expr.ts';
import { type Entity, isPort, type ModuleIr } from '../ir/module.ts';
import { type EnumType, isSigned, stateName } from '../ir/types.ts';
import { declared, literal, rangeText } from './literals.ts';
import type { ModuleEmitter } from './module-emitter.ts';
import type { SourceLine } from './writer.ts';

export function writePorts(emitter: ModuleEmitter, module: ModuleIr, procedural: ReadonlySet<Entity>): void {
  const { writer } = emitter;
  const ports = module.entities.filter(isPort);
  if (ports.length === 0) {
    writer.write(`module ${module.name};`, module.place);
    return;
  }
  writeHead(emitter, module);
  const rangeColumn = Math.max(...ports.map((port) => rangeText(port.type).length));
  const texts = ports.map((port, index) => {
    const direction = port.role === 'output' ? (procedural.has(port) ? 'output reg ' : 'output wire') : 'input  wire';
    const range = rangeText(port.type).padEnd(rangeColumn);
    const comma = index === ports.length - 1 ? '' : ',';
    return `${direction} ${rangeColumn === 0 ? '' : `${range} `}${port.name}${comma}`;
  });
  const docColumn = Math.max(...texts.map((text) => text.length));
  writer.indented(() => {
    ports.forEach((port, index) => {
      const text = port.doc === undefined ? texts[index]! : texts[index]!.padEnd(docColumn);
      const partly =
        port.role !== 'output' && emitter.readBits(port) !== mask(port.type.width) && !isClocking(module, port);
      if (partly) writer.write('// verilator lint_off UNUSED');
      writer.write(text, port.place, port.doc);
      if (partly) writer.write('// verilator lint_on UNUSED');
    });
  });
  writer.write(');');
}

function writeHead({ writer }: ModuleEmitter, module: ModuleIr): void {
  const parameters = module.entities.filter((entity) => entity.role === 'parameter');
  if (parameters.length === 0) {
    writer.write(`module ${module.name} (`, module.place);
    return;
  }
  writer.write(`module ${module.name} #(`, module.place);
  writer.indented(() => {
    parameters.forEach(({ name, type, place, doc, defaultValue = 0n }, index) => {
      const comma = index === parameters.length - 1 ? '' : ',';
      writer.write(
        `${declared('parameter', type)} ${name} = ${literal(defaultValue, type.width, isSigned(type))}${comma}`,
        place,
        doc,
      );
    });
  });
  writer.write(') (');
}

function isClocking(module: ModuleIr, port: Entity): boolean {
  return (
    module.entities.some((entity) => entity.clock === port || entity.resetSignal === port) ||
    module.memories.some((memory) => memory.writes.some((write) => write.clock === port))
  );
}

/** Localparams for the states of every enumeration of the module; those that the body does not name are comments. */
export function stateLines(module: ModuleIr, body: readonly SourceLine[]): SourceLine[] {
  const types = new Map<string, EnumType>();
  for (const { type } of module.entities) if (type.kind === 'enum') types.set(type.name, type);
  const words = new Set(body.flatMap(({ text }) => text.replace(/\/\/.*/, '').match(/\w+/g) ?? []));
  const lines: string[] = [];
  for (const type of types.values()) {
    const range = type.width === 1 ? '' : `[${type.width - 1}:0] `;
    const column = Math.max(...type.states.map((state) => stateName(type.name, state).length));
    const texts = type.states.map((state, index) => {
      const name = stateName(type.name, state);
      const value = literal(BigInt(index), type.width);
      return words.has(name)
        ? `  localparam ${range}${name.padEnd(column)} = ${value};`
        : `  // ${name} = ${value} is not named below`;
    });
    lines.push('', ...texts);
  }
  if (lines.length > 0 && body[0]?.text !== '') lines.push('');
  return lines.map((text) => ({ text, place: undefined }));
}
