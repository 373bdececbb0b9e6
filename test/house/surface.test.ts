/** What the package's doors give to others: every name has a doc comment, and the list of names and types changes on purpose only. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Node, Project, SyntaxKind } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { root } from './docs.ts';

const listFile = join(root, 'test', 'house', 'surface.txt');
const accept = process.env.SPINFIRE_ACCEPT === '1';

interface Exported {
  readonly door: string;
  readonly name: string;
  readonly place: string;
  /** Its doc comment; undefined without. */
  readonly doc: string | undefined;
  /** Functions and methods that come with it, their own doc comments, and whether they throw what a person sees. */
  readonly callables: readonly Callable[];
  /** One line: what it is, and the names and types that are part of it. */
  readonly signature: string;
}

interface Callable {
  readonly name: string;
  readonly doc: string;
  readonly throws: boolean;
}

function exported(): Exported[] {
  const project = new Project({ tsConfigFilePath: join(root, 'tsconfig.json'), skipAddingFilesFromTsConfig: true });
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, { types?: string }>;
  };
  const doors = Object.entries(exports).flatMap(([door, { types }]) =>
    types === undefined ? [] : [{ door, file: types.replace('./dist/', 'src/').replace('.d.ts', '.ts') }],
  );
  return doors.flatMap(({ door, file }) => {
    const source = project.addSourceFileAtPath(join(root, file));
    return [...source.getExportedDeclarations()].map(([name, declarations]) => {
      const [first] = declarations;
      return {
        door,
        name,
        place: `${first!.getSourceFile().getFilePath().slice(root.length)}:${first!.getStartLineNumber()}`,
        doc: declarations.map(docOf).find((doc) => doc !== undefined),
        callables: declarations.flatMap((declaration) => callablesOf(name, declaration)),
        signature: signatureOf(first!),
      };
    });
  });
}

function docOf(node: Node): string | undefined {
  const owner = Node.isVariableDeclaration(node) ? node.getVariableStatement() : node;
  if (owner === undefined || !Node.isJSDocable(owner)) return undefined;
  const docs = owner.getJsDocs().map((doc) => doc.getInnerText());
  return docs.length === 0 ? undefined : docs.join('\n');
}

function callablesOf(name: string, node: Node): Callable[] {
  const callable = (called: string, one: Node, doc = docOf(one) ?? ''): Callable => ({
    name: called,
    doc,
    // A plain Error is a mistake of ours, not of the caller's.
    throws: one
      .getDescendantsOfKind(SyntaxKind.ThrowStatement)
      .some((thrown) => !/^throw new Error\(/.test(thrown.getText())),
  });
  if (Node.isFunctionDeclaration(node)) {
    const overloads = node.getOverloads().map((overload) => docOf(overload) ?? '');
    return [callable(name, node, [docOf(node) ?? '', ...overloads].join('\n'))];
  }
  if (Node.isClassDeclaration(node))
    return node
      .getMethods()
      .filter((method) => method.getScope() === 'public' && !method.getName().startsWith('#'))
      .map((method) => {
        const overloads = method.getOverloads().map((overload) => docOf(overload) ?? '');
        return callable(`${name}.${method.getName()}`, method, [docOf(method) ?? '', ...overloads].join('\n').trim());
      });
  if (Node.isInterfaceDeclaration(node))
    return node.getMethods().map((method) => callable(`${name}.${method.getName()}`, method));
  return [];
}

const filler = new Set(
  (
    'a an the of and or in on at to for from by with as is are be been that which who what how it its their them they this these those one any ' +
    'all each every some so no not none can may into out up has have was were do does did than then there where when if only own same other ' +
    'others more most another between through about over under after before per'
  ).split(' '),
);

const stem = (word: string) =>
  word
    .toLowerCase()
    .replace(/ies$/, 'y')
    .replace(/(ing|ed|es|s|d)$/, '')
    .replace(/e$/, '');

/** Words of a comment that its name does not say already: `Name of an alarm.` tells nothing of AlarmName. */
function freshWords(name: string, doc: string): string[] {
  const own = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map(stem);
  const said = (word: string) =>
    own.some(
      (one) =>
        one === word || (Math.min(one.length, word.length) > 3 && (one.startsWith(word) || word.startsWith(one))),
    );
  const words = doc
    .replace(/@\w+/g, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '' && !filler.has(word.toLowerCase()))
    .map(stem);
  return [...new Set(words)].filter((word) => !said(word));
}

/** From the syntax alone, so that the list reads like the source. */
function signatureOf(node: Node): string {
  const line = (text: string | undefined) => (text ?? '').replace(/\s+/g, ' ').trim();
  const parameters = (of: { getParameters(): Node[] }) =>
    of
      .getParameters()
      .map((one) => line(one.getText()))
      .join(', ');
  if (Node.isFunctionDeclaration(node))
    return `function(${parameters(node)}): ${line(node.getReturnTypeNode()?.getText()) || '?'}`;
  if (Node.isInterfaceDeclaration(node)) {
    const members = node.getMembers().map((member) => line(member.getText().replace(/\/\*\*[\s\S]*?\*\//g, '')));
    return `interface { ${members.join(' ')} }`;
  }
  if (Node.isTypeAliasDeclaration(node))
    return `type ${line(
      node
        .getTypeNode()
        ?.getText()
        .replace(/\/\*\*[\s\S]*?\*\//g, ''),
    )}`;
  if (Node.isClassDeclaration(node)) {
    const members = node
      .getMethods()
      .filter((method) => method.getScope() === 'public')
      .map(
        (method) =>
          `${method.getName()}(${parameters(method)}): ${line(method.getReturnTypeNode()?.getText()) || '?'};`,
      );
    return `class { ${members.join(' ')} }`;
  }
  if (Node.isVariableDeclaration(node)) return `const ${line(node.getTypeNode()?.getText()) || ''}`.trim();
  return node.getKindName();
}

describe('the surface of the package', () => {
  const all = exported();

  it('has a doc comment on every exported name', () => {
    expect(all.length).toBeGreaterThan(600);
    const bare = all.filter(({ doc }) => doc === undefined).map(({ door, name, place }) => `${door} ${name} ${place}`);
    expect(bare).toEqual([]);
  });

  it('has no doc comment that only says the name again', () => {
    expect(freshWords('AlarmName', 'Name of an alarm.')).toEqual([]);
    expect(freshWords('termNames', 'All terms.')).toEqual([]);
    expect(freshWords('chirp', 'A swept tone.')).toEqual(['swept', 'ton']);
    const empty = all
      .filter(({ name, doc }) => doc !== undefined && freshWords(name, doc).length < 2)
      .map(({ name, place, doc }) => `${name} ${place}: ${doc}`);
    expect([...new Set(empty)]).toEqual([]);
  });

  it('has a doc comment on every method, and one that says so on whatever throws', () => {
    const callables = all.flatMap(({ callables: own, place }) => own.map((one) => ({ ...one, place })));
    expect(callables.filter(({ throws }) => throws).length).toBeGreaterThan(80);
    const bare = callables.filter(({ doc }) => doc.trim() === '').map(({ name, place }) => `${name} ${place}`);
    const silent = callables
      .filter(({ throws, doc }) => throws && !/throw|refus|reject/i.test(doc))
      .map(({ name, place }) => `${name} ${place} throws and does not say so`);
    expect([...new Set([...bare, ...silent])]).toEqual([]);
  });

  it('is as it was when somebody last looked (SPINFIRE_ACCEPT=1 npx vitest run test/house/surface.test.ts takes the new one)', () => {
    const list = `${all
      .map(({ door, name, signature }) => `${door} ${name}: ${signature}`)
      .sort()
      .join('\n')}\n`;
    if (accept) writeFileSync(listFile, list);
    const [was, is] = [readFileSync(listFile, 'utf8'), list].map((text) => new Set(text.split('\n')));
    expect({ gone: [...was!].filter((one) => !is!.has(one)), fresh: [...is!].filter((one) => !was!.has(one)) }).toEqual(
      {
        gone: [],
        fresh: [],
      },
    );
  });
});
