/** The package as npm would publish it, without building it: its doors and its files. package.regress.ts builds, installs and uses it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { planSchemaFileName } from '../../src/plan/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  private?: boolean;
  exports: Record<string, { types: string; default: string } | string>;
  dependencies: Record<string, string>;
};

describe('the package', () => {
  it('may be published', () => {
    expect(about.private).toBeUndefined();
  });

  it('has a door for each room that is one, with code and types', () => {
    const doors = Object.entries(about.exports).filter(([name]) => !name.endsWith('.json'));
    for (const [name, door] of doors) {
      expect(door).toMatchObject({ types: expect.stringMatching(/\.d\.ts$/), default: expect.stringMatching(/\.js$/) });
      const source = (door as { types: string }).types.replace('./dist/', 'src/').replace('.d.ts', '.ts');
      expect(existsSync(join(root, source)), name).toBe(true);
    }
    // These are nobody's but spinfire's.
    const inner = ['cli', 'lazy', 'parallel', 'store'];
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const outer = rooms.map(({ name }) => name).filter((name) => !inner.includes(name));
    expect(
      doors
        .map(([name]) => name.slice(2))
        .filter((name) => name !== '' && !name.includes('/'))
        .sort(),
    ).toEqual(outer.sort());
  });

  it("gives the plan's JSON Schema to programs without its code", () => {
    expect(about.exports['./plan.schema.json']).toBe(`./dist/${planSchemaFileName}`);
    expect(readFileSync(join(root, 'scripts', 'build-package.ts'), 'utf8')).toContain('planJsonSchema()');
  });

  it('holds no tests, no source, no generated cores and nothing of a checkout', async () => {
    const { stdout } = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root });
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const folders = new Set(files.map(({ path }) => (path.includes('/') ? path.split('/')[0]! : path)));
    const allowed = ['LICENSE', 'NOTICE', 'README.md', 'bin', 'constraints', 'dist', 'models', 'package.json'];
    expect([...folders].filter((folder) => ![...allowed, 'boards', 'rtl-templates', 'sim'].includes(folder))).toEqual(
      [],
    );
    expect(files.filter(({ path }) => path.startsWith('models/')).map(({ path }) => path)).toContain(
      'models/digits-mlp.onnx',
    );
  });

  it('needs tsx for the designs of people, not for itself', () => {
    expect(about.dependencies).toHaveProperty('tsx');
    const users = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[jt]s$/.test(name))
      .filter((name) => readFileSync(join(root, 'src', name), 'utf8').includes("'tsx/esm/api'"));
    expect(users.sort()).toEqual(['app/load-module.ts', 'parallel/bootstrap.js']);
  });
});
