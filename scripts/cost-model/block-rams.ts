/**
 * Block RAMs alone, counted again by yosys: its script up to where memories have their places, a third of a whole synthesis. For changes of
 * the design's memories that leave its logic what it was.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildHardware } from '../../src/core/index.ts';
import { emitVerilog } from '../../src/hdl/index.ts';
import { type Measured, recipePlan } from './measure.ts';

const templates = fileURLToPath(new URL('../../rtl-templates/yosys/', import.meta.url));

/** As src/flow/synthesis/targets.ts has it, up to the memories. */
const scripts = {
  ice40: (top: string) => [
    `synth_ice40 -top ${top} -run begin:map_ram`,
    'memory_libmap -lib +/ice40/brams.txt -lib +/ice40/spram.txt -logic-cost-ram 2 -no-auto-huge',
    'techmap -map ice40_rams.v',
    'techmap -map +/ice40/brams_map.v -map +/ice40/spram_map.v',
  ],
  ecp5: (top: string) => [`synth_ecp5 -top ${top} -run begin:map_ffram`],
} as const;
const cells = /\b(?:SB_RAM40_4K|DP16KD|PDPW16KD)\s+(\d+)$/gm;

export function countRams({ recipe, target }: Measured, folder: string): number {
  const directory = join(folder, `${recipe.name}-${target}`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const { files, top } = emitVerilog(buildHardware(recipePlan(recipe)), { generator: 'spinfire', configuration: '' });
  for (const { path, text } of files) writeFileSync(join(directory, path), text);
  copyFileSync(join(templates, 'ice40_rams.v'), join(directory, 'ice40_rams.v'));
  if (target !== 'ice40' && target !== 'ecp5') throw new Error(`no block RAMs are counted for ${target}`);
  const sources = files.map(({ path }) => path).filter((path) => path.endsWith('.v'));
  const script = [...sources.map((path) => `read_verilog ${path}`), ...scripts[target](top), `stat -top ${top}`];
  writeFileSync(join(directory, 'count.ys'), script.join('\n'));
  const log = execFileSync('yosys', ['-s', 'count.ys'], { cwd: directory, maxBuffer: 2 ** 30 }).toString();
  rmSync(directory, { recursive: true, force: true });
  const statistics = log.slice(log.lastIndexOf('Number of cells:'));
  return [...statistics.matchAll(cells)].reduce((sum, [, count]) => sum + Number(count), 0);
}
