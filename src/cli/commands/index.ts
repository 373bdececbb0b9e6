/** All commands, in the order in which help shows them. */
import type { Command } from '../command.ts';
import { buildCommand } from './build.ts';
import { cacheCommand } from './cache.ts';
import { calibrateCommand } from './calibrate.ts';
import { chipCommand } from './chip.ts';
import { classifyCommand } from './classify.ts';
import { completionCommand } from './completion.ts';
import { deviceCommand } from './device.ts';
import { doctorCommand } from './doctor.ts';
import { ejectCommand } from './eject.ts';
import { energyCommand } from './energy.ts';
import { explainCommand } from './explain.ts';
import { exploreCommand } from './explore.ts';
import { flashCommand } from './flash.ts';
import { hdlCheckCommand, hdlEmitCommand, hdlSimCommand, hdlWavesCommand } from './hdl.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { loadCommand } from './load.ts';
import { monitorCommand } from './monitor.ts';
import { placeCommand } from './place.ts';
import { powerCommand } from './power.ts';
import { reportCommand } from './report.ts';
import { sweepCommand } from './sweep.ts';
import { synthCommand } from './synth.ts';
import { verifyCommand } from './verify.ts';
import { virtualBoardCommand } from './virtual-board.ts';

export const commands: readonly Command[] = [
  doctorCommand,
  initCommand,
  calibrateCommand,
  deviceCommand,
  importCommand,
  buildCommand,
  verifyCommand,
  classifyCommand,
  synthCommand,
  placeCommand,
  flashCommand,
  ejectCommand,
  virtualBoardCommand,
  loadCommand,
  monitorCommand,
  powerCommand,
  energyCommand,
  exploreCommand,
  chipCommand,
  reportCommand,
  sweepCommand,
  hdlCheckCommand,
  hdlEmitCommand,
  hdlSimCommand,
  hdlWavesCommand,
  cacheCommand,
  explainCommand,
  completionCommand(() => commands),
];
