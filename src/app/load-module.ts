/** Runs a person's TypeScript file and gives what it exports. */
import { pathToFileURL } from 'node:url';

/**
 * In a checkout tsx is there already, for spinfire's own source; in the package it is there for this file and what it imports.
 *
 * @param path absolute
 */
export async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  const { href } = pathToFileURL(path);
  if (import.meta.url.endsWith('.ts')) return import(href);
  const { register } = await import('tsx/esm/api');
  // No tsconfig.json: that of the folder which a person happens to be in need not be the file's.
  const unregister = register({ tsconfig: false });
  try {
    return await import(href);
  } finally {
    await unregister();
    // What the module left running may fail later: at a line of its source, not of what was compiled from it.
    process.setSourceMapsEnabled(true);
  }
}
