/** What is kept is what was made; what is killed leaves nothing; what is no plain file is said. */
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  isAbandoned,
  isSealed,
  parseJson,
  publish,
  readPlainFile,
  seal,
  sweepAbandoned,
  unpackGzip,
  withWorkFolder,
  workName,
} from '../../src/store/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spinfire-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const made = (name: string, files: Record<string, string>) => {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
};

describe('a sealed folder', () => {
  it.each([
    ['a changed byte', (path: string) => writeFileSync(join(path, 'a'), 'x')],
    ['an emptied file', (path: string) => writeFileSync(join(path, 'a'), '')],
    ['a file that is gone', (path: string) => rmSync(join(path, 'a'))],
    ['a file more', (path: string) => writeFileSync(join(path, 'b'), '')],
    ['a seal that is gone', (path: string) => rmSync(join(path, 'seal.json'))],
  ])('is none any more with %s', async (_, damage) => {
    const path = made('kept', { a: '1' });
    expect(await isSealed(path)).toBe(false);
    await seal(path);
    expect(await isSealed(path)).toBe(true);
    damage(path);
    expect(await isSealed(path)).toBe(false);
  });

  it('stays when another run publishes the same, and makes place when it is damaged', async () => {
    const kept = join(folder, 'kept');
    await publish(made('one', { a: '1' }), kept);
    await publish(made('two', { a: '2' }), kept);
    expect(readFileSync(join(kept, 'a'), 'utf8')).toBe('1');
    writeFileSync(join(kept, 'a'), 'damaged');
    await publish(made('three', { a: '3' }), kept);
    expect(readFileSync(join(kept, 'a'), 'utf8')).toBe('3');
    expect(await isSealed(kept)).toBe(true);
  });

  it('is whole when many publish at once', async () => {
    const kept = join(folder, 'kept');
    await Promise.all(Array.from({ length: 20 }, (_, i) => publish(made(`n${i}`, { a: `${i}` }), kept)));
    expect(await isSealed(kept)).toBe(true);
  });
});

describe('a work folder', () => {
  it('has a name of its own, and is gone afterwards, whatever happens', async () => {
    expect(new Set(Array.from({ length: 100 }, workName)).size).toBe(100);
    await expect(
      withWorkFolder(folder, async () => {
        expect(readdirSync(folder)).toHaveLength(1);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a dead process is swept away, that of a living one or of another machine stays', async () => {
    const own = workName();
    const parts = own.split('-');
    const pid = spawnSync(process.execPath, ['-e', '']).pid;
    // `.spinfire-work-MARK-PID-START-RANDOM`
    const name = `${parts.slice(0, 3).join('-')}-${pid}-1-0123456789ab`;
    const foreign = own.replace(parts[2]!, '00000000');
    for (const each of [own, name, foreign, 'something']) made(each, {});
    await sweepAbandoned(folder);
    expect(readdirSync(folder).sort()).toEqual([own, foreign, 'something'].sort());
    utimesSync(join(folder, foreign), 0, 0);
    expect(isAbandoned(foreign, 0)).toBe(true);
  });

  it('and the tools of a killed process are ended by the guard', async () => {
    const script = join(folder, 'work.ts');
    const store = fileURLToPath(new URL('../../src/store/index.ts', import.meta.url));
    writeFileSync(
      script,
      `import { spawn } from 'node:child_process';
       import { writeFileSync } from 'node:fs';
       import { guardGroup, withWorkFolder } from ${JSON.stringify(store)};
       void withWorkFolder(${JSON.stringify(join(folder, 'place'))}, async () => {
         const tool = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
         guardGroup(tool.pid);
         writeFileSync(${JSON.stringify(join(folder, 'pid'))}, String(tool.pid));
         await new Promise((resolve) => setTimeout(resolve, 600_000));
       });`,
    );
    const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: 'ignore' });
    await until(() => existsSync(join(folder, 'pid')) && readFileSync(join(folder, 'pid'), 'utf8') !== '');
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    child.kill('SIGKILL');
    await until(() => !isRunning(pid) && readdirSync(join(folder, 'place')).length === 0);
  });
});

function isRunning(pid: number): boolean {
  try {
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(test: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    if (test()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come true in 20 s');
}

describe('reading', () => {
  it('takes plain files, through links too, and says what anything else is', () => {
    writeFileSync(join(folder, 'a'), 'text');
    symlinkSync(join(folder, 'a'), join(folder, 'link'));
    symlinkSync('/dev/zero', join(folder, 'zero'));
    spawnSync('mkfifo', [join(folder, 'fifo')]);
    expect(readPlainFile(join(folder, 'link')).toString()).toBe('text');
    expect(() => readPlainFile(join(folder, 'zero'))).toThrow('a device');
    expect(() => readPlainFile(join(folder, 'fifo'))).toThrow('a named pipe');
    expect(() => readPlainFile(folder)).toThrow('a folder');
    expect(() => readPlainFile(join(folder, 'none'))).toThrow('ENOENT');
    expect(() => readPlainFile(join(folder, 'a'), 'a', 3)).toThrow('found:    4 bytes');
  });

  it('unpacks no more than it may, and takes JSON with a byte order mark', () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    expect(() => unpackGzip(bomb, 'bomb.gz', 1_000_000)).toThrow('more than 1000000 bytes');
    expect(() => unpackGzip(bomb.subarray(0, 100), 'cut.gz')).toThrow('no whole gzip file');
    expect(parseJson('\uFEFF{"a": 1}')).toEqual({ a: 1 });
  });
});
