/** Files that are made from the description of the link. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cHeader, linkTables, pythonModule, verilogHeader, withTables } from '../../src/link/index.ts';

const place = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export function linkFiles(): readonly { readonly path: string; readonly text: string }[] {
  const page = place('docs/link.md');
  return [
    { path: place('src/host/c/spinfire_link.h'), text: cHeader() },
    { path: place('rtl-templates/spinfire_link.vh'), text: verilogHeader() },
    { path: place('src/host/python/spinfire_host/protocol.py'), text: pythonModule() },
    { path: page, text: withTables(readFileSync(page, 'utf8'), linkTables()) },
  ];
}
