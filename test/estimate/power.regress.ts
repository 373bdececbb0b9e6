/** Power of a whole small core, in standard cells and on an iCE40, with the activity of images in its netlist. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { measureCellPower, measureFpgaPower, powerSum, sumRanges } from '../../src/estimate/index.ts';
import { systemEnvironment } from '../../src/flow/index.ts';
import { seal } from '../../src/store/index.ts';
import { smallPlan, writeCoreFiles } from '../sim/small-core.ts';
import { temporaryFolder } from '../sim/temporary.ts';

const environment = systemEnvironment(process.env, process.cwd());
const count = 4;

function smallCore() {
  const directory = temporaryFolder();
  const plan = smallPlan();
  writeCoreFiles(plan, directory);
  const verilogFiles = readdirSync(directory).filter((file) => file.endsWith('.v'));
  const images = Uint8Array.from({ length: (count + 3) * 36 }, (_, pixel) => (pixel * 37 + 11) % 256);
  const outputDirectory = join(directory, 'out');
  return { directory, plan, verilogFiles, images, timeSteps: 4, count, clockMHz: 100, outputDirectory };
}

it('adds up over the blocks, and refuses a netlist that answers wrongly', { timeout: 1_800_000 }, async () => {
  const core = smallCore();
  const cells = await measureCellPower(core, environment);
  const sum = cells.modules.reduce((all, own) => all + powerSum(own), 0);
  expect(sum).toBeCloseTo(cells.totalW, 12);
  expect(powerSum(cells.power)).toBeCloseTo(cells.totalW, 12);
  expect(cells.energyPerImageJ).toBeCloseTo((cells.totalW * cells.cyclesPerImage) / 100e6, 15);
  expect(cells.annotated.measured / cells.annotated.cells).toBeGreaterThan(0.99);
  expect(cells.idleW).toBeLessThan(cells.totalW);
  // The same again is the same, and is not simulated again.
  const again = await measureCellPower(core, environment);
  expect([again.cached, again.totalW]).toEqual([true, cells.totalW]);

  const fpga = await measureFpgaPower({ ...core, part: 'up5k', hasPll: true }, environment);
  expect(fpga.cyclesPerImage).toBe(cells.cyclesPerImage);
  expect(fpga.annotated.measured).toBe(fpga.annotated.cells);
  const { parts, powerW } = fpga;
  for (const bound of ['low', 'typical', 'high'] as const) {
    const shared = sumRanges([parts.static, parts.pll]);
    const blocks = sumRanges(fpga.modules.map((own) => own.powerW));
    // What is in no block is the clock network's own energy.
    expect(powerW[bound]).toBeGreaterThan(shared[bound] + blocks[bound]);
    expect(sumRanges(Object.values(parts))[bound]).toBeCloseTo(powerW[bound], 15);
  }

  // Lookup tables of the last layer's adders with another content are another circuit.
  const file = join(fpga.synthesis.directory, fpga.synthesis.files.verilog);
  const text = readFileSync(file, 'utf8');
  const inverted = (digits: string) => (0xffff ^ Number.parseInt(digits, 16)).toString(16).padStart(4, '0');
  const broken = text.replace(
    /(LUT_INIT\(16'h)([0-9a-f]{4})(\)\n {2}\) \\out\.lane)/g,
    (_, before: string, digits: string, after: string) => before + inverted(digits) + after,
  );
  expect(broken).not.toBe(text);
  writeFileSync(file, broken);
  // As yosys's own: damage would be seen and made whole again.
  await seal(fpga.synthesis.directory);
  await expect(measureFpgaPower({ ...core, part: 'up5k', hasPll: true }, environment)).rejects.toThrow(
    'the netlist differs from the golden model',
  );
});
