/** An instance with its parameters and connections. */
import type { VInstance } from '../syntax.ts';
import { type Doc, flat, group, indent, line } from './doc.ts';
import { expressionDoc, isFormula, sizeText } from './expressions.ts';
import { maxColumns, type Writer } from './writer.ts';

export function printConnections(
  writer: Writer,
  { module, name, parameters, connections, loop, origin }: VInstance,
): void {
  const docs = parameters.map(([parameter, value]): Doc => [`.${parameter}(`, indent(parameterDoc(value)), ')']);
  const flatHead = docs.length === 0 ? module : `${module} #(${docs.map(flat).join(', ')})`;
  const fits = flatHead.length + name.length + 3 <= maxColumns - writer.column;
  if (!fits) {
    writer.write(`${module} #(`, origin);
    writer.indented(() => writer.write(filled(docs), origin));
  }
  const head = fits ? `${flatHead} ${name} (` : `) ${name} (`;
  if (loop === undefined) writer.writeAt(head, origin);
  else writer.write(head, origin);
  const column = Math.max(...connections.map(([port]) => port.length));
  writer.indented(() => {
    connections.forEach(([port, expr], index) => {
      const comma = index === connections.length - 1 ? '' : ',';
      writer.write([`.${port.padEnd(column)} (`, indent(expressionDoc(expr)), `)${comma}`], origin);
    });
  });
  writer.write(');', origin);
}

/** As many in a line as fit. */
function filled(docs: readonly Doc[]): Doc {
  return docs.map((doc, index) => (index === 0 ? doc : group(',', line, doc)));
}

function parameterDoc(value: VInstance['parameters'][number][1]): Doc {
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'bigint' || typeof value === 'number') return `${value}`;
  return isFormula(value) ? sizeText(value) : expressionDoc(value);
}
