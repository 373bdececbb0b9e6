/**
 * Blocks of the pages that want Python packages which are not spinfire's: `sh python MODULE ...`. SPINFIRE_PYTHON names a python3 that can
 * import them (pip install torch onnxscript onnx2torch keras scikit-learn skl2onnx).
 */
import { mkdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { execa, execaSync } from 'execa';
import { describe, expect, it } from 'vitest';
import { documents, root, shellBlocks } from './docs.ts';

const python = process.env.SPINFIRE_PYTHON ?? 'python3';
const blocks = documents()
  .flatMap((file) => shellBlocks(file))
  .filter(({ when }) => when === 'python');

/** Keras looks for TensorFlow unless it is told. */
const keras = { KERAS_BACKEND: 'torch' };

describe('with Python', () => {
  it('some page shows how', () => expect(blocks.length).toBeGreaterThan(2));

  for (const { file, line, modules, script } of blocks) {
    const { failed } = execaSync(python, ['-c', `import ${modules.join(', ')}`], { reject: false, env: keras });
    if (failed) console.warn(`${file}:${line} is not tried: ${python} can not import ${modules.join(', ')}`);
    it.skipIf(failed)(`${file} line ${line}`, { timeout: 1_800_000 }, async () => {
      mkdirSync(join(root, 'build', 'docs'), { recursive: true });
      const path = isAbsolute(python) ? `${dirname(python)}:${process.env.PATH}` : process.env.PATH;
      const { exitCode, all } = await execa('bash', ['-euo', 'pipefail', '-c', script], {
        cwd: root,
        reject: false,
        all: true,
        stdin: 'ignore',
        env: { PATH: path, ...keras },
      });
      expect(exitCode, all).toBe(0);
      expect(Number(/right: ([\d.]+) %/.exec(all)?.[1]), all).toBeGreaterThan(90);
    });
  }
});
