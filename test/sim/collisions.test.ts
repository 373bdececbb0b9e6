/**
 * Memories of buffers may give anything for a word that is read while it is written (`no_rw_check`): block RAMs do. Here they give garbage,
 * and no answer may change, nor the clock in which it comes.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemEnvironment } from '../../src/flow/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { runVerilator } from '../../src/sim/index.ts';
import { randomMargin, randomPlan } from '../golden/random-plan.ts';
import { slice } from '../slice.ts';
import { seedOf } from './random-cores.ts';
import { smallPlan, writeCoreFiles } from './small-core.ts';
import { noise, simulatorCache, temporaryFolder } from './temporary.ts';

const environment = systemEnvironment(process.env, process.cwd());

/** `if (we) ram[a] <= d; q <= ram[b];`, the two in one branch or not, with the inverse of the word where a = b. @returns undefined where there is nothing to change */
function withGarbage(verilog: string): string | undefined {
  const unchecked = [...verilog.matchAll(/\(\*[^*]*no_rw_check[^*]*\*\)\s*reg [^;]*?(\w+) \[0:/g)].map(
    ([, name]) => name!,
  );
  let text = verilog;
  for (const name of unchecked) {
    const write = new RegExp(`if \\((.*)\\)(?: begin)?\\s+${name}\\[(.*)\\] <= `).exec(text);
    if (write === null) throw new Error(`${name} is never written`);
    const [, enable, address] = write;
    let reads = 0;
    text = text.replace(new RegExp(`(\\w+) <= ${name}\\[(.*)\\];`, 'g'), (_, data: string, from: string) => {
      reads += 1;
      return `${data} <= ((${enable}) && (${address}) == (${from})) ? ~${name}[${from}] : ${name}[${from}];`;
    });
    if (reads === 0) throw new Error(`${name} is never read`);
  }
  return unchecked.length === 0 ? undefined : text;
}

async function compare(plan: Plan, images: number, seed: number): Promise<void> {
  const clean = temporaryFolder();
  const garbled = temporaryFolder();
  writeCoreFiles(plan, clean);
  writeCoreFiles(plan, garbled);
  let changed = 0;
  for (const name of readdirSync(garbled).filter((file) => file.endsWith('.v'))) {
    const text = withGarbage(readFileSync(join(garbled, name), 'utf8'));
    if (text === undefined) continue;
    writeFileSync(join(garbled, name), text);
    changed += 1;
  }
  // The image's buffer, and one before each further layer.
  expect(changed).toBeGreaterThanOrEqual(plan.layers.length);
  const { height, width, channels } = plan.input;
  for (const stall of [0, seed]) {
    const run = {
      plan,
      images: noise(images * height * width * channels, seed),
      timeSteps: Array.from(noise(images, seed + 1), (value) => value % (plan.timeSteps.max + 1)),
      ...{ stall, buildDirectory: simulatorCache, ...randomMargin(plan, seed + stall) },
    };
    const { seconds: _, ...expected } = await runVerilator({ ...run, directory: clean }, environment);
    const { seconds: __, ...found } = await runVerilator({ ...run, directory: garbled }, environment);
    expect(found, `seed ${seed}, stall ${stall}`).toEqual(expected);
  }
}

it('does not matter to the small core', () => compare(smallPlan(), 12, 3), 240_000);

const kinds = [
  ['one image bank', (plan: Plan) => plan.imageBanks === 1 && plan.layers.length > 2],
  ['direct encoding', (plan: Plan) => plan.encoding.kind === 'direct' && plan.layers.length > 1],
  ['convolutions', (plan: Plan) => plan.layers.filter(({ kind }) => kind === 'convolution').length > 1],
] as const;

it.each(kinds.slice(0, slice(1, kinds.length)))(
  'does not matter to a core with %s',
  (_, such) => {
    const seed = seedOf(401, such);
    return compare(randomPlan(seed), 12, seed);
  },
  240_000,
);
