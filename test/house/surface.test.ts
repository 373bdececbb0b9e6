/** What the package's doors give to others: every name has a doc comment, and the list of names and types changes on purpose only. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Node, Project } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { root } from './docs.ts';

const listFile = join(root, 'test', 'house', 'surface.txt');
const accept = process.env.SPINFIRE_ACCEPT === '1';

interface Exported {
  readonly door: string;
  readonly name: string;
  readonly place: string;
  readonly documented: boolean;
  /** One line: what it is, and the names and types that are part of it. */
  readonly signature: string;
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
        documented: declarations.some(hasDoc),
        signature: signatureOf(first!),
      };
    });
  });
}

function hasDoc(node: Node): boolean {
  const owner = Node.isVariableDeclaration(node) ? node.getVariableStatement() : node;
  return owner !== undefined && Node.isJSDocable(owner) && owner.getJsDocs().length > 0;
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
    const bare = all.filter(({ documented }) => !documented).map(({ door, name, place }) => `${door} ${name} ${place}`);
    expect(bare).toEqual([]);
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
