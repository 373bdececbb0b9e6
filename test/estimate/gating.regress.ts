/** Clock gates in a netlist: it still answers as the golden model does, and draws what its open gates say. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { measureCellPower, powerSum } from '../../src/estimate/index.ts';
import { systemEnvironment } from '../../src/flow/index.ts';
import { smallPlan, writeCoreFiles } from '../sim/small-core.ts';
import { temporaryFolder } from '../sim/temporary.ts';

const environment = systemEnvironment(process.env, process.cwd());
const count = 1;

it('saves what the clock costs registers that take nothing', { timeout: 1_800_000 }, async () => {
  const directory = temporaryFolder();
  const plan = smallPlan();
  writeCoreFiles(plan, directory);
  const core = {
    directory,
    plan,
    verilogFiles: readdirSync(directory).filter((file) => file.endsWith('.v')),
    images: Uint8Array.from({ length: (count + 3) * 36 }, (_, pixel) => (pixel * 37 + 11) % 256),
    timeSteps: 4,
    count,
    clockMHz: 100,
    outputDirectory: `${directory}/out`,
  };
  const plain = await measureCellPower(core, environment);
  const gated = await measureCellPower({ ...core, clockGating: true }, environment);
  expect(gated.cyclesPerImage).toBe(plain.cyclesPerImage);
  expect(plain.gating).toEqual({ flipFlops: 0, gates: 0, meanOpen: 1 });
  const { flipFlops, gates, meanOpen } = gated.gating;
  expect(flipFlops).toBeGreaterThan(0.3 * gated.synthesis.ffs);
  expect(gates).toBeLessThan(flipFlops / 3);
  expect(meanOpen).toBeGreaterThan(0);
  expect(meanOpen).toBeLessThan(0.9);
  expect(gated.totalW).toBeLessThan(plain.totalW);
  expect(gated.idleW).toBeLessThan(plain.idleW);
  expect(powerSum(gated.power)).toBeCloseTo(
    gated.modules.reduce((sum, own) => sum + powerSum(own), 0),
    12,
  );
});
