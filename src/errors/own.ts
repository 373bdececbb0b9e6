/**
 * What a table has under a name that came from outside. Every object answers to `constructor` and `toString`, too: those are nobody's entries.
 */
export function ownValue<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
