/** spinfire energy: what an image costs on a chip of MTJs, beside CMOS. */

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  energyDevice,
  loadImages,
  measureCmos,
  openCore,
  readAssumptions,
  studyEnergy,
  studyMarkdown,
  studyText,
  studyTornado,
  timeStepsOf,
  writeFileWhole,
} from '../../app/index.ts';
import { badInput } from '../../errors/index.ts';
import { paperRatio } from '../../estimate/index.ts';
import type { Plan } from '../../plan/index.ts';
import { tornadoSvg } from '../../report/index.ts';
import type { CommandResult } from '../io.ts';
import { decimal, parseOptions, wholeNumber } from '../options.ts';
import type { CommandContext, Runner } from '../run.ts';

const options = z.object({
  images: z.string().optional(),
  labels: z.string().optional(),
  limit: wholeNumber(1, 1_000_000).optional(),
  timesteps: wholeNumber(1, 255).optional(),
  device: z.string().optional(),
  assumptions: z.string().optional(),
  integer: z.string().optional(),
  cmosImages: wholeNumber(1, 1000).default(4),
  mhz: decimal(0.001, 10_000).default(100),
  liberty: z.string().optional(),
  plot: z.string().optional(),
  markdown: z.string().optional(),
});

type Options = z.output<typeof options>;

/** MNIST's test images that are taken when nobody says which and how many. */
const usualImages = 1000;

export function addEnergy(program: Command, run: Runner): void {
  program
    .command('energy')
    .description('energy of an image on a chip of MTJ neurons, beside the same core in 45 nm CMOS')
    .argument('<name>', 'a core that build wrote: a folder, or its name under generated/')
    .option('--images <file>', "IDX file, gzipped or not (MNIST's test images)")
    .option('--labels <file>', 'IDX file')
    .option('--limit <N>', "only the first N images (all of --images, 1000 of MNIST's)")
    .option('--timesteps <T>', "time steps of an image (the core's)")
    .option('--device <file>', 'device of the neurons: parameters (.json) or measured curve (.csv)')
    .option('--assumptions <file.json>', 'what cannot be computed (models/energy/assumptions.json)')
    .option(
      '--integer <name>',
      'the same network as an integer core (build --activation integer), for a column of its own',
    )
    .option('--cmos-images <N>', 'images that go through the CMOS netlist (4)')
    .option('--mhz <F>', 'clock of the CMOS core (100)')
    .option('--liberty <file>', 'another standard cell library (FreePDK45)')
    .option('--plot <file.svg>', 'draw what each assumption does to the ratio')
    .option('--markdown <file.md>', 'write all tables')
    .action((name: string, given) => run((context) => energy(name, parseOptions(options, given), context)));
}

async function energy(name: string, chosen: Options, context: CommandContext): Promise<CommandResult> {
  const { io, progress } = context;
  const core = openCore(name, io);
  const { plan } = core;
  const integer = chosen.integer === undefined ? undefined : openCore(chosen.integer, io);
  checkKinds(name, plan, chosen.integer, integer?.plan);
  const timeSteps = timeStepsOf(plan, chosen.timesteps);
  const assumptions = readAssumptions(chosen.assumptions, io);
  const limit = chosen.limit ?? (chosen.images === undefined ? usualImages : undefined);
  const data = loadImages({ ...chosen, limit }, plan.input, plan.readout.classes, io);
  const device = await energyDevice(plan, chosen.device, io, progress);
  const measured = { count: chosen.cmosImages, clockMHz: chosen.mhz, liberty: chosen.liberty };
  const digital = await measureCmos('CMOS stochastic', core, data.pixels, { timeSteps, ...measured }, context);
  const baseline = integer && {
    core: await measureCmos('CMOS integer', integer, data.pixels, { timeSteps: 1, ...measured }, context),
    plan: integer.plan,
  };
  const study = await studyEnergy({ plan, data, timeSteps, device, assumptions, digital, integer: baseline }, progress);
  if (chosen.plot !== undefined) {
    writeFileWhole(resolve(io.cwd, chosen.plot), await tornadoSvg(studyTornado(plan.name, study)));
  }
  if (chosen.markdown !== undefined) {
    writeFileWhole(resolve(io.cwd, chosen.markdown), studyMarkdown(plan.name, study));
  }
  const { ratios, ...rest } = study;
  return {
    json: { name: plan.name, ratio: ratios.wholeCore, ratios, paperRatio, ...rest, assumptions, tools: digital.tools },
    text: studyText(study),
  };
}

/** A chip of MTJs is made of a core with neurons, and compared with the same network in integers. */
function checkKinds(name: string, plan: Plan, integerName: string | undefined, integer: Plan | undefined): void {
  if (plan.activation === 'integer')
    throw badInput('an integer core has no MTJs', {
      where: name,
      help: 'name it with --integer beside a stochastic core',
    });
  if (integer === undefined) return;
  const where = integerName ?? '';
  if (integer.activation !== 'integer')
    throw badInput('--integer names a stochastic core', { where, help: 'build it with --activation integer' });
  const shape = ({ input, layers }: Plan) => JSON.stringify([input, ...layers.map(({ output }) => output)]);
  if (shape(plan) !== shape(integer))
    throw badInput('the integer core is of another network', { where, found: shape(integer), expected: shape(plan) });
}
