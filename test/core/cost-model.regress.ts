/** A few cores of the grid, synthesised again: the measurements that are kept are what this yosys counts. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { measure, readMeasured } from '../../scripts/cost-model/measure.ts';
import { systemEnvironment } from '../../src/flow/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** One in sixteen, of all kinds. */
const again = readMeasured().filter((_, index) => index % 16 === 0);

describe('measured grid', () => {
  it.each(again)('$recipe.name for $target as kept', { timeout: 600_000 }, async ({ recipe, target, ...kept }) => {
    const found = await measure(recipe, target, `${root}build/cost-model`, systemEnvironment(process.env, root));
    if (found.yosys !== kept.yosys) {
      console.log(`${recipe.name}: left out, measured with yosys ${kept.yosys}, this is ${found.yosys}`);
      return;
    }
    expect(found.rams).toBe(kept.rams);
    expect(Math.abs(found.luts - kept.luts) / kept.luts).toBeLessThan(0.01);
  });
});
