/** Text that knows where it may break: the outermost groups that don't fit are laid out over several lines. */

export type Doc = string | readonly Doc[] | Group | Indent | Line;

interface Group {
  readonly kind: 'group';
  readonly content: Doc;
}
interface Indent {
  readonly kind: 'indent';
  readonly content: Doc;
}
interface Line {
  readonly kind: 'line';
  /** What stands here when the group is on one line. */
  readonly flat: string;
}

/** A space, or a line break where the group doesn't fit. */
export const line: Doc = { kind: 'line', flat: ' ' };
/** Nothing, or a line break where the group doesn't fit. */
export const softline: Doc = { kind: 'line', flat: '' };

export function group(...content: readonly Doc[]): Doc {
  return { kind: 'group', content };
}

export function indent(...content: readonly Doc[]): Doc {
  return { kind: 'indent', content };
}

export function join(parts: readonly Doc[], separator: Doc): Doc {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
}

function isList(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}

/** The whole document on one line. */
export function flat(doc: Doc): string {
  if (typeof doc === 'string') return doc;
  if (isList(doc)) return doc.map(flat).join('');
  return doc.kind === 'line' ? doc.flat : flat(doc.content);
}

/** Lines of at most `width` columns where groups allow; continuation lines start at `base` plus their indentation. */
export function layout(doc: Doc, width: number, base: number): string[] {
  const lines: string[] = [];
  let current = ' '.repeat(base);
  const write = (part: Doc, level: number, broken: boolean): void => {
    if (typeof part === 'string') {
      current += part;
    } else if (isList(part)) {
      for (const inner of part) write(inner, level, broken);
    } else if (part.kind === 'indent') {
      write(part.content, level + 2, broken);
    } else if (part.kind === 'line') {
      if (!broken) {
        current += part.flat;
      } else {
        lines.push(current.trimEnd());
        current = ' '.repeat(level);
      }
    } else {
      const text = flat(part);
      if (current.length + text.length <= width) current += text;
      else write(part.content, level, true);
    }
  };
  write(doc, base, false);
  lines.push(current.trimEnd());
  return lines;
}
