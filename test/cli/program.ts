/**
 * The program as the package has it, for tests of what it does as a process: it starts in a third of the time that the checkout's source
 * needs, which test/cli/process.test.ts starts.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { regress } from '../slice.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const own = fileURLToPath(import.meta.url);
const shelf = join(root, 'node_modules', '.cache', 'spinfire-program');

/** Its file to start: compiled once for each state of the source, whichever test comes first. */
export function packagedProgram(): string {
  const files = ['bin', 'src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .sort(),
  );
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const hash = createHash('sha256')
    .update(JSON.stringify([...texts, readFileSync(own, 'utf8'), regress]))
    .digest('hex')
    .slice(0, 16);
  const folder = join(shelf, hash);
  const program = join(folder, 'bin', 'spinfire.js');
  if (existsSync(program)) return program;
  mkdirSync(shelf, { recursive: true });
  const begun = mkdtempSync(join(shelf, '.begun-'));
  compile(files, begun);
  for (const name of readdirSync(root))
    if (!['bin', 'src', 'dist', '.git'].includes(name)) symlinkSync(join(root, name), join(begun, name));
  try {
    renameSync(begun, folder);
  } catch (error) {
    // Another test was quicker.
    rmSync(begun, { recursive: true });
    if (!existsSync(program)) throw error;
  }
  const yesterday = Date.now() - 86_400_000;
  for (const name of readdirSync(shelf))
    if (statSync(join(shelf, name)).mtimeMs < yesterday) rmSync(join(shelf, name), { recursive: true, force: true });
  return program;
}

function compile(files: readonly string[], folder: string): void {
  const isSource = (file: string) => file.startsWith('src/') && file.endsWith('.ts');
  const built = buildSync({
    entryPoints: files.filter(isSource).map((file) => join(root, file)),
    ...{ absWorkingDir: root, outbase: 'src', outdir: join(folder, 'dist'), write: false },
    ...{ format: 'esm', platform: 'node', target: 'node20', sourcemap: true, sourcesContent: false },
  });
  for (const { path, text } of built.outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path.endsWith('.js') ? text.replace(sourceImport, '$1.js"') : text);
  }
  // `hdl` reads the types of signals; on every change its commands are tried in one process.
  if (regress) declare(join(folder, 'dist'));
  for (const file of files.filter((each) => !isSource(each)))
    cpSync(join(root, file), join(folder, file.replace(/^src\//, 'dist/')));
}

function declare(dist: string): void {
  const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
  const options = ['--emitDeclarationOnly', '--outDir', dist];
  execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json'), ...options]);
  for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue;
    const file = join(dist, name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(declaredImport, '$1.js$2'));
  }
}

/** What the compiler leaves as it stands. */
const declaredImport = /(from ['"]\.[^'"]*)\.ts(['"])/g;
const sourceImport = /((?:\bfrom|\bimport) *\(?"\.{1,2}\/[^"]*)\.ts"/g;
