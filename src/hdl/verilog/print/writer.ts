/** Lines of Verilog, each with its origin in TypeScript. */
import { formatOrigin, type Origin } from '../../origin.ts';
import { type Doc, layout } from './doc.ts';

export interface SourceLine {
  readonly text: string;
  readonly origin: Origin | undefined;
}

export const maxColumns = 110;

/** Wherever a tool may begin a new line: a comment must not end there. */
export const lineBreak = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

export class Writer {
  readonly lines: SourceLine[] = [];
  #level = 0;

  /** Where lines begin. */
  get column(): number {
    return this.#level * 2;
  }

  /** One laid-out line or several; `trailing` is a comment at the end of the last one. */
  write(doc: Doc, origin?: Origin, trailing?: string): void {
    const texts = layout(doc, maxColumns, this.#level * 2);
    texts.forEach((text, index) => {
      const comment =
        trailing !== undefined && index === texts.length - 1
          ? `  // ${trailing.split(lineBreak).join(' ').trimEnd()}`
          : '';
      this.lines.push({ text: text + comment, origin });
    });
  }

  /** Lines of a comment. */
  comment(text: string): void {
    for (const each of text.split(lineBreak)) this.write(`// ${each}`.trimEnd());
  }

  /** As `write`, with the origin as trailing comment. */
  writeAt(doc: Doc, origin: Origin): void {
    this.write(doc, origin, origin.source === undefined ? undefined : formatOrigin(origin));
  }

  /** A blank line, unless one is there or a comment leads over to what follows. */
  blank(): void {
    const last = this.lines.at(-1)?.text;
    if (last !== undefined && last !== '' && !/^ *\/\/ (?!verilator lint_on)/.test(last))
      this.lines.push({ text: '', origin: undefined });
  }

  /** A directive of the preprocessor, in the first column. */
  directive(text: string): void {
    this.lines.push({ text, origin: undefined });
  }

  indented(body: () => void): void {
    this.#level += 1;
    body();
    this.#level -= 1;
  }
}
