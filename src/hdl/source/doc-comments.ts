/** Doc comments of a design's modules and signals, by the place at which the design declares them. */
import { type CallExpression, Node, ts } from 'ts-morph';
import { placeAt, type SourcePlace } from '../place.ts';
import type { DocOf } from './index.ts';
import { openSources } from './project.ts';

export function readDocComments(files: readonly string[]): DocOf {
  const docs = new Map<string, string>();
  for (const file of openSources(files).files) {
    file.forEachDescendant((node) => {
      if (!Node.isCallExpression(node)) return;
      const doc = docOf(node);
      const place = placeAt(file.getFilePath(), callLine(node)).source;
      // What stands first on a line is what the line is about.
      if (doc !== undefined && place !== undefined && !docs.has(key(place))) docs.set(key(place), doc);
    });
  }
  return (place) => (place === undefined ? undefined : docs.get(key(place)));
}

function key(place: SourcePlace): string {
  return `${place.file}:${place.line}`;
}

/** Where a stack says the call is: at the name that is called. */
function callLine(call: CallExpression): number {
  const callee = call.getExpression();
  return (Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee).getStartLineNumber();
}

function docOf(call: CallExpression): string | undefined {
  const callee = call.getExpression();
  const isModule = Node.isIdentifier(callee) && callee.getText() === 'defineModule';
  for (let node: Node | undefined = call; node !== undefined; node = node.getParent()) {
    const doc = ownDoc(node);
    if (doc !== undefined) return doc;
    if (isFunction(node) ? !isModule : Node.isBlock(node) && !isModule) return undefined;
    // A call among the arguments of another one is not what the comment is about.
    const parent = node.getParent();
    if (Node.isCallExpression(parent) && parent.getExpression() !== node) return undefined;
  }
  return undefined;
}

function isFunction(node: Node): boolean {
  return Node.isFunctionLikeDeclaration(node) || Node.isFunctionExpression(node);
}

/** The comment right above a node, without its tags. */
function ownDoc(node: Node): string | undefined {
  const comments = ts.getJSDocCommentsAndTags(node.compilerNode).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(comments.at(-1)?.comment)?.trim();
  return text === '' ? undefined : text;
}
