/** Pretend tools: shell scripts in a folder of their own, which is all that PATH names. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemEnvironment, type ToolEnvironment, type ToolPaths } from '../../src/flow/index.ts';

/** Removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-flow-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** @returns the script's file */
export function fakeTool(folder: string, name: string, body: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

export interface FakeWorld {
  readonly folder: string;
  /** On PATH. */
  readonly bin: string;
  readonly environment: ToolEnvironment;
}

/** A world in which only `tools` (name to shell script) exist, and no npm packages. */
export function fakeWorld(tools: Readonly<Record<string, string>>, more: WorldOptions = {}): FakeWorld {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, body] of Object.entries(tools)) fakeTool(bin, name, body);
  const environment = systemEnvironment({ PATH: bin, ...more.env }, folder, more.paths ?? {});
  return { folder, bin, environment: { ...environment, packageEntry: (name) => more.packages?.[name] } };
}

interface WorldOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly paths?: ToolPaths;
  readonly packages?: Readonly<Record<string, string>>;
}

/** What `work` rejects with, as a person sees it; temporary folders are shown as <folder>. */
export async function messageOf(work: Promise<unknown>, folder: string): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error.message.replaceAll(folder, '<folder>');
    throw error;
  }
  throw new Error('nothing was thrown');
}
