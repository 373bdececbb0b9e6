/**
 * npm run build: dist/, what the package holds instead of src/, file by file, so that what lies beside the code is found by the same paths.
 * Beside it the plan's JSON Schema. Types are kept where a door leads to them, source maps where lines of the source are shown: in descriptions of hardware.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { planJsonSchema, planSchemaFileName } from '../src/plan/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
await execa(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });

// For programs that read a plan.json without spinfire's code.
writeFileSync(join(dist, planSchemaFileName), planJsonSchema());

const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((name) => join(dist, name));
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, { types?: string }>;
};
const doors = Object.values(exports).flatMap(({ types }) => (types === undefined ? [] : [join(root, types)]));

const declarations = files.filter((file) => file.endsWith('.d.ts'));
// The compiler rewrites the imports of JavaScript, not those of declarations.
for (const file of declarations)
  edit(file, (text) => text.replace(/(from ['"]|import\(["'])(\.[^'"]*)\.ts(['"])/g, '$1$2.js$3'));
const kept = reachable(doors);
// What the source check looks for.
kept.add(join(dist, 'hdl', 'values', 'signals.d.ts'));
for (const file of declarations) if (!kept.has(file)) rmSync(file);

for (const file of files.filter((one) => one.endsWith('.js.map'))) {
  if (/\/dist\/(core|hdl\/lib)\//.test(file)) continue;
  rmSync(file);
  edit(file.replace(/\.map$/, ''), (text) => text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
}

/** The doors' declarations and all that they import. */
function reachable(from: readonly string[]): Set<string> {
  const found = new Set(from);
  for (const file of found) {
    const imports = readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]*)\.js['"]/g);
    for (const [, specifier] of imports) {
      const target = `${resolve(dirname(file), specifier!)}.d.ts`;
      if (existsSync(target)) found.add(target);
    }
  }
  return found;
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}
