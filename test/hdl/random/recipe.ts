/** What fast-check chooses: numbers from which a circuit is put together. All recipes give circuits that the language accepts. */
import fc from 'fast-check';

export interface TypeChoice {
  readonly kind: number;
  readonly width: number;
}

export interface StatementChoice {
  readonly what: number;
  readonly target: number;
  readonly pick: number;
  readonly n: number;
  readonly bodies: readonly (readonly StatementChoice[])[];
}

export interface ItemChoice {
  readonly what: 'operation' | 'memory' | 'dualMemory' | 'wires' | 'instance';
  readonly pick: number;
  readonly picks: readonly number[];
  readonly n: number;
  readonly named: boolean;
  readonly type: TypeChoice;
  readonly tree: StatementChoice;
}

export interface Recipe {
  readonly inputs: readonly TypeChoice[];
  readonly registers: readonly {
    readonly type: TypeChoice;
    readonly reset: number;
    readonly resetless: boolean;
    readonly clock: 0 | 1;
  }[];
  /** The circuit has a second clock where anything chooses it. */
  readonly twoClocks: boolean;
  readonly items: readonly ItemChoice[];
  readonly statements: readonly StatementChoice[];
  readonly driven: readonly { readonly type: TypeChoice; readonly value: number }[];
  readonly children: readonly Recipe[];
  readonly seed: number;
}

const number = fc.nat(0xfff_ffff);

const typeChoice: fc.Arbitrary<TypeChoice> = fc.record({
  kind: fc.nat(9),
  width: fc.oneof(
    { weight: 7, arbitrary: fc.integer({ min: 1, max: 9 }) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 34 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 100 }) },
  ),
});

const { statement } = fc.letrec<{ statement: StatementChoice; bodies: readonly (readonly StatementChoice[])[] }>(
  (tie) => ({
    bodies: fc.array(fc.array(tie('statement'), { maxLength: 3, size: 'small' }), { maxLength: 4 }),
    statement: fc.record({
      what: fc.nat(9),
      target: number,
      pick: number,
      n: number,
      bodies: fc.oneof({ maxDepth: 2, withCrossShrink: true }, fc.constant([]), tie('bodies')),
    }),
  }),
);

const item: fc.Arbitrary<ItemChoice> = fc.record({
  what: fc.oneof(
    { weight: 24, arbitrary: fc.constant('operation' as const) },
    { weight: 2, arbitrary: fc.constant('wires' as const) },
    { weight: 2, arbitrary: fc.constant('memory' as const) },
    { weight: 1, arbitrary: fc.constant('dualMemory' as const) },
    { weight: 2, arbitrary: fc.constant('instance' as const) },
  ),
  pick: number,
  picks: fc.array(number, { minLength: 8, maxLength: 8 }),
  n: number,
  named: fc.nat(3).map((choice) => choice === 3),
  type: typeChoice,
  tree: statement,
});

/** Recipes with at most `depth` levels of instances. */
export function recipes(depth = 2): fc.Arbitrary<Recipe> {
  return fc.record({
    inputs: fc.array(typeChoice, { minLength: 1, maxLength: 4 }),
    registers: fc.array(
      fc.record({
        type: typeChoice,
        reset: number,
        resetless: fc.nat(3).map((n) => n === 3),
        clock: fc.constantFrom(0, 1),
      }),
      {
        maxLength: 4,
      },
    ),
    items: fc.array(item, { minLength: 1, maxLength: depth === 2 ? 24 : 8, size: 'max' }),
    statements: fc.array(statement, { maxLength: 4 }),
    twoClocks: fc.boolean(),
    driven: fc.array(fc.record({ type: typeChoice, value: number }), { maxLength: 2 }),
    children: depth === 0 ? fc.constant([]) : fc.array(recipes(depth - 1), { maxLength: 2, size: 'small' }),
    seed: fc.nat(0x7fff_ffff),
  });
}
