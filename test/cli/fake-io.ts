/** A command's outside world that only remembers. */
import type { Io } from '../../src/cli/io.ts';

export interface FakeIo extends Io {
  out(): string;
  err(): string;
  abort(): void;
}

export function fakeIo(overrides: Partial<Pick<Io, 'env' | 'cwd'>> = {}): FakeIo {
  const out: string[] = [];
  const err: string[] = [];
  const controller = new AbortController();
  return {
    stdout: { write: (text) => void out.push(text) },
    stderr: { write: (text) => void err.push(text) },
    env: process.env,
    cwd: process.cwd(),
    signal: controller.signal,
    out: () => out.join(''),
    err: () => err.join(''),
    abort: () => controller.abort(),
    ...overrides,
  };
}
