/** Lines of Verilog, each with the place in TypeScript that it came from. */
import { formatPlace, type Place } from '../../place.ts';
import { type Doc, layout } from './doc.ts';

export interface SourceLine {
  readonly text: string;
  readonly place: Place | undefined;
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
  write(doc: Doc, place?: Place, trailing?: string): void {
    const texts = layout(doc, maxColumns, this.#level * 2);
    texts.forEach((text, index) => {
      const comment =
        trailing !== undefined && index === texts.length - 1
          ? `  // ${trailing.split(lineBreak).join(' ').trimEnd()}`
          : '';
      this.lines.push({ text: text + comment, place });
    });
  }

  /** Lines of a comment. */
  comment(text: string): void {
    for (const each of text.split(lineBreak)) this.write(`// ${each}`.trimEnd());
  }

  /** As `write`, with the place as trailing comment. */
  writeAt(doc: Doc, place: Place): void {
    this.write(doc, place, place.source === undefined ? undefined : formatPlace(place));
  }

  /** A blank line, unless one is there or a comment leads over to what follows. */
  blank(): void {
    const last = this.lines.at(-1)?.text;
    if (last !== undefined && last !== '' && !/^ *\/\/ (?!verilator lint_on)/.test(last))
      this.lines.push({ text: '', place: undefined });
  }

  /** A directive of the preprocessor, in the first column. */
  directive(text: string): void {
    this.lines.push({ text, place: undefined });
  }

  indented(body: () => void): void {
    this.#level += 1;
    body();
    this.#level -= 1;
  }
}
