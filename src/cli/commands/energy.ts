/** spinfire energy: what an image costs on a chip of MTJs, beside CMOS. */

import { resolve } from 'node:path';
import type { z } from 'zod';
import {
  energyDevice,
  loadImages,
  measureCmos,
  openCore,
  readAssumptions,
  readChipParts,
  readMemory,
  studyEnergy,
  studyMarkdown,
  studyText,
  studyTornado,
  timeStepsOf,
  withDriver,
  writeFileWhole,
} from '../../app/index.ts';
import { badInput } from '../../errors/index.ts';
import { paperRatio } from '../../estimate/index.ts';
import type { Plan } from '../../plan/index.ts';
import { tornadoSvg } from '../../report/index.ts';
import { partsOption, withChosen } from '../chip-options.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import {
  coreName,
  imageFileOptions,
  imagesOption,
  labelsOption,
  libertyOption,
  limitOption,
  samplingOption,
  timeStepsOption,
  workOption,
} from '../core-options.ts';
import { layoutOption } from '../design-options.ts';
import { core, decimal, file, oneOf, text, wholeNumber, written } from '../options.ts';
import { energyJson } from '../results/energy.ts';

/** MNIST's test images that are taken when nobody says which and how many. */
const usualImages = 1000;

const options = {
  images: imagesOption,
  ...imageFileOptions,
  layout: layoutOption,
  labels: labelsOption,
  limit: { ...limitOption, usual: `all of --images, ${usualImages} of MNIST's` },
  timesteps: timeStepsOption,
  device: {
    argument: 'file',
    type: file('.json', '.csv'),
    help: 'device of the neurons: parameters (.json) or measured curve (.csv)',
  },
  samplingNs: samplingOption,
  memory: {
    argument: 'file.json',
    type: file('.json'),
    help: 'what spinfire device --json wrote: neurons that remember their last spike; with --crossbar paper',
  },
  assumptions: {
    argument: 'file.json',
    type: file('.json'),
    help: 'what cannot be computed',
    usual: 'models/energy/assumptions.json',
  },
  crossbar: {
    argument: 'kind',
    type: oneOf(['built', 'paper']),
    help: 'the crossbars of a chip that could be built, or those of the assumptions, which could not',
    default: 'built',
  },
  parts: partsOption,
  choose: { argument: 'name=value', type: text, repeat: true, help: 'another value of the chosen chip' },
  chips: { argument: 'N', type: wholeNumber(1, 100), help: 'chips drawn for its accuracy', default: 3 },
  integer: {
    argument: 'name',
    type: core,
    help: 'the same network as an integer core (build --activation integer), for a column of its own',
  },
  cmosImages: {
    argument: 'N',
    type: wholeNumber(1, 1000),
    help: 'images that go through the CMOS netlist',
    default: 4,
  },
  mhz: { argument: 'F', type: decimal(0.001, 10_000), help: 'clock of the CMOS core', default: 100 },
  ungated: { type: 'flag', help: 'CMOS cores without clock gates: every flip-flop on the clock itself' },
  liberty: libertyOption,
  work: workOption,
  plot: { argument: 'file.svg', type: written('.svg'), help: 'draw what each assumption does to the ratio' },
  markdown: { argument: 'file.md', type: written('.md'), help: 'write all tables' },
} as const;

export const energyCommand = command({
  name: 'energy',
  summary: 'energy of an image on a chip of MTJ neurons, beside the same core in 45 nm CMOS',
  arguments: { name: coreName },
  options,
  result: energyJson,
  run: energy,
});

async function energy(
  { name, ...chosen }: GivenOf<typeof options> & { readonly name: string },
  context: CommandContext,
): Promise<ResultOf<z.output<typeof energyJson>>> {
  const { io, progress } = context;
  const opened = openCore(name, io, chosen.work);
  const { plan } = opened;
  const integer = chosen.integer === undefined ? undefined : openCore(chosen.integer, io, chosen.work);
  checkKinds(name, plan, chosen.integer, integer?.plan);
  const timeSteps = timeStepsOf(plan, chosen.timesteps);
  const stated = readAssumptions(chosen.assumptions, io);
  const parts = withChosen(readChipParts(chosen.parts, io), chosen.choose ?? []);
  const chip = chosen.crossbar === 'paper' ? undefined : { parts, chips: chosen.chips };
  const memory = chosen.memory === undefined ? undefined : readMemory(chosen.memory, plan, io);
  if (memory !== undefined && chip !== undefined) {
    throw badInput('--memory goes with --crossbar paper', {
      where: name,
      found: '--crossbar built: devices that differ, and rest in turns until they have forgotten',
      help: 'add --crossbar paper, or leave --memory out',
    });
  }
  const limit = chosen.limit ?? (chosen.images === undefined ? usualImages : undefined);
  const data = loadImages({ ...chosen, limit, random: true }, plan, io);
  const device = await energyDevice(plan, chosen, io, progress);
  const assumptions = withDriver(stated, device);
  const measured = {
    count: chosen.cmosImages,
    clockMHz: chosen.mhz,
    clockGating: chosen.ungated !== true,
    liberty: chosen.liberty,
  };
  const digital = await measureCmos('CMOS stochastic', opened, data.pixels, { timeSteps, ...measured }, context);
  const baseline = integer && {
    core: await measureCmos('CMOS integer', integer, data.pixels, { timeSteps: 1, ...measured }, context),
    plan: integer.plan,
  };
  const inputs = { plan, data, timeSteps, device, assumptions, digital, integer: baseline, chip, memory };
  const study = await studyEnergy(inputs, progress);
  if (chosen.plot !== undefined) {
    writeFileWhole(resolve(io.cwd, chosen.plot), await tornadoSvg(studyTornado(plan.name, study)));
  }
  if (chosen.markdown !== undefined) {
    writeFileWhole(resolve(io.cwd, chosen.markdown), studyMarkdown(plan.name, study));
  }
  const { ratios, ...rest } = study;
  return {
    json: {
      name: plan.name,
      ratio: ratios.wholeCore,
      ratios,
      paperRatio,
      ...rest,
      chip: { ...rest.chip, refused: [...rest.chip.refused] },
      assumptions,
      tools: digital.tools,
    },
    text: studyText(study),
  };
}

/** A chip of MTJs is made of a core with neurons, and compared with the same network in integers. */
function checkKinds(name: string, plan: Plan, integerName: string | undefined, integer: Plan | undefined): void {
  if (plan.neuron.kind === 'integer')
    throw badInput('an integer core has no MTJs', {
      where: name,
      help: 'name it with --integer beside a stochastic core',
    });
  if (integer === undefined) return;
  const where = integerName ?? '';
  if (integer.neuron.kind !== 'integer')
    throw badInput('--integer names a stochastic core', { where, help: 'build it with --activation integer' });
  const shape = ({ input, layers }: Plan) => JSON.stringify([input, ...layers.map(({ output }) => output)]);
  if (shape(plan) !== shape(integer))
    throw badInput('the integer core is of another network', { where, found: shape(integer), expected: shape(plan) });
}
