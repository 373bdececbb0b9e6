/** The operators of the hardware language for people, read from the very table that the property test runs (test/hdl/laws.ts). */
import { readFileSync } from 'node:fs';
import ts from 'typescript';

interface Row {
  readonly expression: string;
  readonly bits: string;
  readonly value: string;
}

/** Arguments of the laws, as the table names them. */
const operands = '`a` is a `uint(4)`, `b` a `uint(3)`, `s` an `sint(4)`, `t` an `sint(3)`.';

/** @param file test/hdl/laws.ts */
export function lawsTable(file: string): string {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const rows: Row[] = [];
  const visit = (node: ts.Node): void => {
    const row = ts.isObjectLiteralExpression(node) ? rowOf(node) : undefined;
    if (row) rows.push(row);
    else ts.forEachChild(node, visit);
  };
  visit(source);
  if (rows.length === 0) throw new Error(`no law is in ${file}`);
  const lines = rows.map(({ expression, bits, value }) => `| \`${expression}\` | ${bits} | \`${value}\` |`);
  return [operands, '', '| expression | bits | value, modulo 2^bits |', '| --- | --- | --- |', ...lines].join('\n');
}

function rowOf(node: ts.ObjectLiteralExpression): Row | undefined {
  const fields = new Map(
    node.properties.filter(ts.isPropertyAssignment).map(({ name, initializer }) => [name.getText(), initializer]),
  );
  const [build, law, width] = [fields.get('build'), fields.get('law'), fields.get('width')];
  if (!build || !law || !width || !ts.isArrowFunction(build) || !ts.isArrowFunction(law)) return undefined;
  return { expression: oneLine(build.body), bits: width.getText(), value: oneLine(law.body).replace(/(\d)n\b/g, '$1') };
}

/** A pipe would end the cell. */
const oneLine = (node: ts.Node) => node.getText().replace(/\s+/g, ' ').replaceAll('|', '\\|');
