/** Each planted fault has its place in the Verilog of today; what finds them is in planted.regress.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { plantedFaults, plantedPlan, plantFaults } from './planted.ts';
import { writeCoreFiles } from './small-core.ts';
import { temporaryFolder } from './temporary.ts';

it('every planted fault has its one place', () => {
  const plan = plantedPlan();
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  plantFaults(directory, plan.name);
  for (const [index, { module, what }] of plantedFaults.entries())
    expect(readFileSync(join(directory, `${plan.name}_${module}.v`), 'utf8'), what).toContain(
      `fault == 16'd${index + 1})`,
    );
});
