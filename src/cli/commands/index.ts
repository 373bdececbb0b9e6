/** All commands, in the order in which help shows them. */
import type { AddCommand } from '../run.ts';
import { addBuild } from './build.ts';
import { addCalibrate } from './calibrate.ts';
import { addClassify } from './classify.ts';
import { addDoctor } from './doctor.ts';
import { addEnergy } from './energy.ts';
import { addInit } from './init.ts';
import { addPlace } from './place.ts';
import { addPower } from './power.ts';
import { addReport } from './report.ts';
import { addSweep } from './sweep.ts';
import { addSynth } from './synth.ts';
import { addVerify } from './verify.ts';

export const commands: readonly AddCommand[] = [
  addDoctor,
  addInit,
  addCalibrate,
  addBuild,
  addVerify,
  addClassify,
  addSynth,
  addPlace,
  addPower,
  addEnergy,
  addReport,
  addSweep,
];
