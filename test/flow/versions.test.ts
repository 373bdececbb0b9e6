/** The newest of the tools that come with Python's packages, where they are installed: one command each. The chain is in versions.regress.ts. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Workbench, workbench } from '../cli/small-files.ts';
import { environmentOf, failureOf, otherVersions, whyNone } from './other-tools.ts';

let bench: Workbench;
beforeAll(() => {
  bench = workbench();
});
afterAll(() => bench.dispose());

const smoke = {
  verilator: ['verify', 'core', '--images', 'images.idx', '--limit', '2', '--plain'],
  yosys: ['synth', 'core', '--target', 'ice40'],
} as const;

for (const tool of ['verilator', 'yosys'] as const) {
  const newest = (await otherVersions(tool)).at(-1);
  if (newest === undefined) it.skip(whyNone(tool));
  else
    it(`${tool} ${newest}`, async () => {
      expect(await failureOf(['build', 'model.onnx', '-o', 'core'], bench.folder, {})).toBeUndefined();
      expect(await failureOf(smoke[tool], bench.folder, environmentOf(tool, newest))).toBeUndefined();
    }, 300_000);
}
