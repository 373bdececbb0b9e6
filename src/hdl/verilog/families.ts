/**
 * Members of a family as one module with parameters. The members were described and prepared with numbers of their own; where their
 * trees differ in numbers, files or nothing, each number that differs becomes a parameter, or a parameter times a number plus a number. That
 * is exact: with a member's values put in again, its own tree comes out, which is checked.
 */
import { Unification } from './families/unify.ts';
import { allItems, type VInstance, type VItem, type VModule } from './syntax.ts';

export interface Prepared {
  readonly module: VModule;
  readonly family: string | undefined;
  /** Numbers with a name, for parameters that have the same values. */
  readonly constants: ReadonlyMap<string, bigint>;
}

/** What stands in an instance instead of a member. */
interface Replacement {
  readonly module: string;
  readonly parameters: VInstance['parameters'];
}

/** The modules to print, those used before those that use them; members that go well together are one. */
export function joinFamilies(prepared: readonly Prepared[]): VModule[] {
  return new Families(prepared).join();
}

class Families {
  readonly #prepared: readonly Prepared[];
  readonly #byName: ReadonlyMap<string, Prepared>;
  readonly #replacements = new Map<string, Replacement>();
  readonly #joined = new Map<string, VModule>();
  readonly #done = new Set<string>();

  constructor(prepared: readonly Prepared[]) {
    this.#prepared = prepared;
    this.#byName = new Map(prepared.map((each) => [each.module.name, each]));
  }

  join(): VModule[] {
    for (const each of this.#prepared) this.#resolve(each);
    const written = new Set<string>();
    return this.#prepared.flatMap(({ module }): VModule[] => {
      const replacement = this.#replacements.get(module.name);
      if (replacement === undefined) return [this.#rewritten(module)];
      if (written.has(replacement.module)) return [];
      written.add(replacement.module);
      return [this.#joined.get(replacement.module)!];
    });
  }

  /** Families of instances come first: what a member sets there may be a parameter of its own family. */
  #resolve({ module, family }: Prepared): void {
    if (this.#done.has(family ?? module.name)) return;
    this.#done.add(family ?? module.name);
    const members = family === undefined ? [] : this.#prepared.filter((each) => each.family === family);
    for (const each of [module, ...members.map((member) => member.module)]) {
      for (const item of allItems(each.items)) {
        const inner = item.kind === 'instance' ? this.#byName.get(item.module) : undefined;
        if (inner !== undefined) this.#resolve(inner);
      }
    }
    if (family !== undefined) this.#joinMembers(family, members);
  }

  #joinMembers(family: string, members: readonly Prepared[]): void {
    const rewritten = members.map((each) => ({ ...each, module: this.#rewritten(each.module) }));
    // Mostly all are one; then nobody has to be held against the first.
    const whole = rewritten.length > 2 ? Unification.of(family, rewritten) : undefined;
    const joined = whole === undefined ? this.#groups(rewritten) : [rewritten];
    joined.forEach((group, index) => {
      const name = index === 0 ? family : `${family}_${index + 1}`;
      const unified = whole ?? Unification.of(name, group);
      // Of one shape with the first, but not together: they stay modules of their own.
      if (unified === undefined) return;
      this.#joined.set(name, unified.module);
      group.forEach(({ module }, member) => {
        this.#replacements.set(module.name, { module: name, parameters: unified.valuesOf(member) });
      });
    });
  }

  /** Groups of several members of one shape. A member is held against the first of a group alone: a family of hundreds takes no longer. */
  #groups(members: readonly Prepared[]): Prepared[][] {
    const groups: [Prepared, ...Prepared[]][] = [];
    for (const member of members) {
      const group = groups.find(([first]) => Unification.fits(first, member));
      if (group === undefined) groups.push([member]);
      else group.push(member);
    }
    return groups.filter((group) => group.length > 1);
  }

  #rewritten(module: VModule): VModule {
    return { ...module, items: module.items.map((item) => this.#item(item)) };
  }

  #item(item: VItem): VItem {
    if (item.kind === 'loop') return { ...item, items: item.items.map((each) => this.#item(each)) };
    const replacement = item.kind === 'instance' ? this.#replacements.get(item.module) : undefined;
    if (item.kind !== 'instance' || replacement === undefined) return item;
    const { module, parameters } = replacement;
    return { ...item, module, parameters: [...item.parameters, ...parameters] };
  }
}
