/** Which TypeScript types are signals: those of the classes in values/signals.ts, whatever they are called where they are used. */
import { fileURLToPath } from 'node:url';
import type { Node, Project, Type } from 'ts-morph';

// The package has the types beside the code.
const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'd.ts';
const signalsFile = fileURLToPath(new URL(`../values/signals.${ending}`, import.meta.url));

/** What the members of a (union) type are. */
export interface TypeParts {
  /** Names of the signal classes among them. */
  readonly signals: readonly string[];
  readonly nullish: boolean;
  /** Others that are always false in a condition: `false`, `0`, `''`. */
  readonly falsy: boolean;
  /** Anything else. */
  readonly other: boolean;
}

export class SignalTypes {
  readonly #classes: ReadonlySet<Node>;

  constructor(project: Project) {
    const source = project.addSourceFileAtPath(signalsFile);
    const union = source.getTypeAliasOrThrow('Signal').getType().getUnionTypes();
    this.#classes = new Set(union.flatMap((type) => type.getSymbolOrThrow().getDeclarations()));
  }

  parts(node: Node): TypeParts {
    const members = membersOf(node.getType());
    const signals = members.filter((type) => this.#isSignal(type));
    const rest = members.filter((type) => !signals.includes(type));
    const nullish = rest.filter(isNullish);
    const falsy = rest.filter(isFalsy);
    return {
      signals: [...new Set(signals.map((type) => type.getSymbolOrThrow().getName()))],
      nullish: nullish.length > 0,
      falsy: falsy.length > 0,
      other: rest.length > nullish.length + falsy.length,
    };
  }

  #isSignal(type: Type): boolean {
    const declarations = type.getSymbol()?.getDeclarations() ?? [];
    return declarations.some((declaration) => this.#classes.has(declaration));
  }
}

function membersOf(type: Type): Type[] {
  if (type.isTypeParameter()) {
    const constraint = type.getConstraint();
    return constraint === undefined ? [type] : membersOf(constraint);
  }
  if (type.isUnion()) return type.getUnionTypes().flatMap(membersOf);
  // `T & Bool`, as narrowing writes it, is at least a Bool.
  if (type.isIntersection()) return type.getIntersectionTypes().flatMap(membersOf).slice(-1);
  return [type];
}

function isNullish(type: Type): boolean {
  return type.isUndefined() || type.isNull() || type.isVoid();
}

function isFalsy(type: Type): boolean {
  if (type.isBooleanLiteral()) return type.getText() === 'false';
  return type.isNumberLiteral() || type.isStringLiteral() ? !type.getLiteralValue() : false;
}
