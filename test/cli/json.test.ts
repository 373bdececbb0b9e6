/** The document that --json prints, of every command, against the schema that its table gives. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { regress } from '../slice.ts';
import { fakeIo } from './fake-io.ts';
import { type Workbench, workbench } from './small-files.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = workbench();
  bench.put(
    'sweep.json',
    JSON.stringify({
      images: 'images.idx',
      labels: 'labels.idx',
      grids: [{ name: 'one', model: 'model.onnx', timeSteps: [1, 2], seeds: 2 }],
    }),
  );
  await json('build model.onnx -o core');
});
afterAll(() => bench.dispose());

async function json(line: string): Promise<unknown> {
  const io = fakeIo({ cwd: bench.folder });
  const code = await runCommandLine([...line.split(' '), '--json'], io, commands);
  expect([0, 1], io.err()).toContain(code);
  return JSON.parse(io.out());
}

const quick = [
  'doctor',
  'init project',
  'import model.onnx',
  'calibrate --trials 200 --points 5',
  'device --trials 20 --network core --images images.idx --labels labels.idx --timesteps 2',
  'explore model.onnx --images images.idx --labels labels.idx --timesteps 1,2 --weight-bits 6 --csv points.csv --plot points.svg',
  'chip core --images images.idx --labels labels.idx --timesteps 2 --chips 1 --choose cell=pcm --choose clampM2=1e-13 --csv chips.csv --plot chips.svg',
  'build model.onnx -o other --name other --lint',
  'build model.onnx --explore',
  'verify core --images images.idx --labels labels.idx --limit 3 --stall 1 --profile',
  'classify --model model.onnx --images images.idx --labels labels.idx --seeds 2 --image-number 3',
  'report core --images images.idx --labels labels.idx --no-energy',
  'sweep sweep.json',
  'sweep sweep.json --slurm job.sh',
  'hdl check project/watchdog.ts',
  'hdl emit project/watchdog.ts',
  'hdl sim project/watchdog.ts --clocks 3 --set result=1',
  'hdl waves project/watchdog.ts --clocks 3 --vcd w.vcd',
  'build model.onnx -o loadable --name loadable --monitors load',
  'load loadable --weights loadable --output weights.json',
  'cache --core core',
  'explain HDL014',
  'completion bash',
  'eject core project-of-its-own --board hx8k',
];

/** These want minutes. */
const slow = [
  'device',
  'calibrate --trials 20 --points 5 --family pulse',
  'synth core --target ice40',
  'synth core --target asic45',
  'place core --board icebreaker --seeds 1',
  'power core --images images.idx --limit 1',
  'power core --images images.idx --limit 1 --target ice40',
  'energy core --images images.idx --labels labels.idx --cmos-images 1',
];

/** These run until they are ended, or want a board; their documents are held by the compiler alone. */
const endless = ['flash', 'virtual-board', 'monitor'];

/** Their inner fields may grow: only those of the document itself are held. */
const open = new Set(['energy']);

describe('the JSON of', () => {
  it.each(regress ? [...quick, ...slow] : quick)('%s', async (line) => {
    const command = commands.find(({ name }) => line === name || line.startsWith(`${name} `))!;
    const document = (await json(line)) as Record<string, unknown>;
    const parsed = command.result.parse(document) as Record<string, unknown>;
    // Everything that is printed is in the schema.
    if (open.has(command.name)) expect(Object.keys(parsed).sort()).toEqual(Object.keys(document).sort());
    else expect(parsed).toEqual(document);
  });

  it('every command is tried', () => {
    const tried = new Set([...quick, ...slow].map((line) => line.split(' --')[0]));
    const missing = commands.filter(
      ({ name }) => ![...tried].some((line) => line === name || line!.startsWith(`${name} `)),
    );
    expect(missing.map(({ name }) => name).sort()).toEqual([...endless].sort());
  });

  it('every command can be published as JSON Schema', () => {
    for (const { result } of commands) expect(() => z.toJSONSchema(result, { unrepresentable: 'any' })).not.toThrow();
    expect(existsSync(join(bench.folder, 'core', 'plan.json'))).toBe(true);
  });
});
