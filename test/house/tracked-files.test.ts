import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Tracked files, byte for byte. */
function tracked(): { path: string; text: string }[] {
  const paths = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
  return paths
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'latin1') }));
}

/** Those that are text. */
const trackedText = () => tracked().filter(({ text }) => !text.includes('\0'));

function linesMatching(pattern: RegExp, exempt: (path: string) => boolean = () => false): string[] {
  return trackedText()
    .filter(({ path }) => !exempt(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
    );
}

describe('tracked files', () => {
  it('hold no path of one machine', () => {
    // Spelled apart, so that this file does not hold them either.
    const folders = ['work', 'tmp', 'root', 'home'].map((name) => `/${name}/`).join('|');
    expect(linesMatching(new RegExp(`(^|[\\s'"\`(=])(${folders})[A-Za-z]`))).toEqual([]);
    expect(linesMatching(new RegExp(['\\.\\.', 'shared\\b'].join('/')))).toEqual([]);
  });

  it('hold none in what an exporter notes beside a network either (test/zoo/without_paths.py takes them out)', () => {
    const folders = ['work', 'root', 'home', 'Users'].map((name) => `/${name}/[A-Za-z]`).join('|');
    const networks = tracked().filter(({ path }) => /\.(onnx|nir|data)$/.test(path));
    expect(networks.length).toBeGreaterThan(300);
    expect(networks.filter(({ text }) => new RegExp(folders).test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('name files of the project that are there', () => {
    const named = /\b(?:src|scripts|sim|test|rtl-templates)\/[\w/-]+(?:\.[\w-]+)*\.(?:ts|v|vh|sv|py|cpp|h)\b/g;
    const readers = /\.md$|^(?:scripts|src\/flow)\/.*\.ts$/;
    const madeUp = /NAME|\/x\.ts$/;
    const missing = trackedText()
      .filter(({ path }) => readers.test(path))
      .flatMap(({ path, text }) => [...text.matchAll(named)].map(([file]) => ({ path, file })))
      .filter(({ file }) => !madeUp.test(file) && !existsSync(join(root, file)));
    expect(missing).toEqual([]);
  });

  it('are none that .gitignore names: caches stay out', () => {
    const ignored = execFileSync('git', ['ls-files', '-ci', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
    expect(ignored.split('\n').filter((path) => path !== '')).toEqual([]);
  });

  it('end their lines as on Linux', () => {
    expect(
      trackedText()
        .filter(({ text }) => text.includes('\r\n'))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it('lock packages without naming a registry host', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { resolved?: string; integrity?: string; link?: boolean }>;
    };
    const entries = Object.entries(lock.packages).filter(([path]) => path !== '');
    expect(entries.length).toBeGreaterThan(50);
    expect(entries.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(entries.filter(([, entry]) => entry.integrity === undefined).map(([path]) => path)).toEqual([]);
    expect(readFileSync(join(root, '.npmrc'), 'utf8')).toContain('omit-lockfile-registry-resolved=true');
  });
});
