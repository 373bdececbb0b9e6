/** Names that netlists, liberty files and OpenSTA take, for modules with parameters and for memories in generate loops. */

/**
 * Gives every module with parameters, `$paramod$<hash>\name`, a name of its own, `name_1`, `name_2`, and every memory in a loop, `frames[0].words`, one without
 * brackets and dots; the same in all texts that it is used for.
 */
export class PlainNames {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** @param text RTLIL */
  rename(text: string): string {
    return text
      .replace(/\$paramod\S*/g, (name) => this.#plain(name))
      .replace(/^(\s*cell \$mem_v2 \\)(\S+)$/gm, (_, before: string, name: string) => before + plainMemory(name));
  }

  #plain(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    // `$paramod$<hash>\name`, or `$paramod\name\PARAMETER=value`.
    const base = name.split('\\')[1] ?? 'module';
    const count = (this.#counts.get(base) ?? 0) + 1;
    this.#counts.set(base, count);
    const made = `\\${base}_${count}`;
    this.#names.set(name, made);
    return made;
  }
}

function plainMemory(name: string): string {
  return name.replace(/\W+/g, '_');
}
