/** Every register of the reference core is as wide in the Verilog, as the harness reads it, as in the golden model. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createCycleModel } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { verilogRegisters } from '../../src/sim/verilog-registers.ts';

const folder = fileURLToPath(new URL('../../generated/digits', import.meta.url));

it('widths of the reference core agree', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.v'));
  const read = files.map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
  const verilog = new Map(verilogRegisters(read, 'digits').map(({ path, width }) => [path, width]));
  const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as Plan;
  const registers = createCycleModel(plan).signals.filter(({ path }) => verilog.has(path));
  expect(registers.length).toBeGreaterThan(200);
  for (const { path, width } of registers) expect(verilog.get(path), path).toBe(width);
});
