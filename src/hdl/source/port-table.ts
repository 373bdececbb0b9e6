/** The ports and registers of a design as Markdown. */
import type { Design } from '../elaborate/design.ts';
import type { DocOf } from './index.ts';

/** A table of the top module's ports; docs come from `{ doc }` or else from doc comments. */
export function portTable(design: Design, docOf: DocOf = () => undefined): string {
  const rows = design.ports().map((port) => {
    const meaning = port.role === 'data' ? undefined : `${port.role}${port.role === 'reset' ? ', active high' : ''}`;
    return [code(port.name), port.direction, typeName(port), port.doc ?? docOf(port.place.source) ?? meaning];
  });
  return markdown(['port', 'direction', 'type', 'meaning'], rows);
}

/** A table of all registers of all instances, in the order of `design.registers()`. */
export function registerTable(design: Design, docOf: DocOf = () => undefined): string {
  const rows = design
    .registers()
    .map((register) => [code(register.path), register.module, typeName(register), docOf(register.place.source)]);
  return markdown(['register', 'module', 'type', 'meaning'], rows);
}

interface Typed {
  readonly kind: string;
  readonly width: number;
  readonly states?: readonly string[] | undefined;
}

function typeName({ kind, width, states }: Typed): string {
  if (kind === 'bool') return 'bool';
  return kind === 'enum' ? `${(states ?? []).join(', ')} (${width} bits)` : `${kind}(${width})`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function markdown(head: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string {
  const cells = [
    head,
    head.map(() => '---'),
    ...rows.map((row) => row.map((cell) => (cell ?? '').replace(/\s*\n\s*/g, ' ').replace(/\|/g, '\\|'))),
  ];
  return `${cells.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
}
