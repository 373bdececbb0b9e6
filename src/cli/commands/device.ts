/** spinfire device: the device over time: memory of the last time step, rest, resets, heat, retention, endurance. */

import type { z } from 'zod';
import {
  loadImages,
  memoryCost,
  openCore,
  readAssumptions,
  readDevice,
  studyProcess,
  timeStepsOf,
  usualCurve,
} from '../../app/index.ts';
import { reportCurve, runCalibration, spinHallMtj } from '../../device/index.ts';
import { badInput } from '../../errors/index.ts';
import { neuronCircuit, valuesOf } from '../../estimate/index.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { imageFileOptions, imagesOption, labelsOption, limitOption, timeStepsOption } from '../core-options.ts';
import { layoutOption } from '../design-options.ts';
import { core, decimal, file, wholeNumber } from '../options.ts';
import { processJson } from '../results/process.ts';
import { deviceText } from '../show/device.ts';

const group = 'Accuracy';

const options = {
  device: { argument: 'file.json', type: file('.json'), help: "the junction's parameters", usual: 'the spin-Hall MTJ' },
  restNs: { argument: 'W', type: decimal(0, 1000), help: 'rest between reset and next write', default: 0 },
  resetUa: { argument: 'I', type: decimal(0.01, 100_000), help: 'reset current', usual: 'that of P = 0.999' },
  trials: { argument: 'N', type: wholeNumber(20, 1_000_000), help: 'cycles of each kind', default: 600 },
  seed: { argument: 'S', type: wholeNumber(0, 2 ** 50), help: 'seed of the thermal noise', default: 1 },
  assumptions: {
    argument: 'file.json',
    type: file('.json'),
    help: 'what cannot be computed',
    usual: 'models/energy/assumptions.json',
  },
  network: {
    argument: 'name',
    type: core,
    help: 'a core that build wrote: what the memory does to its accuracy',
    group,
  },
  timesteps: { ...timeStepsOption, group },
  images: imagesOption,
  ...imageFileOptions,
  layout: layoutOption,
  labels: labelsOption,
  limit: { ...limitOption, default: 1000 },
} as const;

export const deviceCommand = command({
  name: 'device',
  summary: 'the device over time: what a spike leaves for the next time step, rest, reset, heat, retention, endurance',
  about:
    'A cycle is write, relaxation, read, reset (after a spike) and rest; the next write finds the free layer as that left it. The command simulates whole cycles and ' +
    'counts the probability of a spike for a fresh device, after a silent and after a spiking time step.',
  arguments: {},
  options,
  result: processJson,
  run: device,
});

async function device(
  chosen: GivenOf<typeof options>,
  context: CommandContext,
): Promise<ResultOf<z.output<typeof processJson>>> {
  const { io, progress } = context;
  const given = chosen.device === undefined ? undefined : readDevice(chosen.device, {}, io);
  if (given?.kind === 'measured') {
    throw badInput('a measured curve says nothing about the time after its pulse', {
      where: chosen.device ?? '',
      help: 'give a file of parameters (.json) that describes the junction',
    });
  }
  const parameters = given?.parameters ?? spinHallMtj();
  const curve =
    given === undefined
      ? usualCurve()
      : await progress.step('calibrate', async (tell) =>
          reportCurve(await runCalibration({ parameters }, { onProgress: (done, total) => tell(done / total) })),
        );
  const { chip } = readAssumptions(chosen.assumptions, io);
  const { parallelOhm } = neuronCircuit(curve, parameters, valuesOf<'chip'>(chip));
  const study = await studyProcess(
    {
      parameters,
      curve,
      restS: chosen.restNs * 1e-9,
      resetA: chosen.resetUa === undefined ? undefined : chosen.resetUa * 1e-6,
      trials: chosen.trials,
      seed: chosen.seed,
      read: { parallelOhm, volts: chip.readSupplyV.value, tmr: chip.tmr.value },
    },
    progress,
  );
  if (chosen.network === undefined)
    return { json: { ...study, parameters: { ...parameters } }, text: deviceText(study, curve, undefined) };
  const { plan } = openCore(chosen.network, io);
  const timeSteps = timeStepsOf(plan, chosen.timesteps);
  const data = loadImages(chosen, plan, io);
  if (data.labels === undefined) throw badInput('accuracy needs labels', { help: 'give --labels' });
  const { pixels, labels } = data;
  const cost = await memoryCost(plan, study, curve, study.cycle.restS, { pixels, labels }, timeSteps);
  return {
    json: { ...study, parameters: { ...parameters }, accuracy: cost, images: labels.length },
    text: deviceText(study, curve, cost),
  };
}
