/** Names for what yosys makes of a module with parameters, `$paramod$<hash>\name`: netlists, liberty files and OpenSTA take plain ones. */

/** Gives every such module a name of its own, `name_1`, `name_2`; the same in all texts that it is used for. */
export class PlainModules {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** @param text RTLIL */
  rename(text: string): string {
    return text.replace(/\$paramod\S*/g, (name) => this.#plain(name));
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
