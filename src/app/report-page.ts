/** What is known of a core, as one page. */
import { join, resolve } from 'node:path';
import { calibrate, switchingTable } from '../device/index.ts';
import { classifyImages } from '../golden/index.ts';
import type { Plan } from '../plan/index.ts';
import { type HtmlSection, htmlPage, plotSvg, scheduleSvg, tornadoSvg } from '../report/index.ts';
import { profileCore } from '../sim/index.ts';
import { percent, shareRight } from './accuracy.ts';
import { calibrationPlot } from './calibration-plot.ts';
import { readChipParts } from './chip/explore.ts';
import type { AppContext } from './context.ts';
import { usualCurve } from './design.ts';
import { measureCmos } from './energy/cmos.ts';
import { studyTables, studyTornado } from './energy/describe.ts';
import { withDriver } from './energy/driver.ts';
import { energyDevice, readAssumptions, studyEnergy } from './energy/study.ts';
import { familyKinds, familyPlot, keptFamily } from './family.ts';
import { writeFileWhole } from './files.ts';
import { openCore } from './folder/open.ts';
import { type ImageOptions, loadImages } from './images.ts';
import { storedSections } from './stored-results.ts';
import { storedWeights } from './stored-weights.ts';

/** What a page is made of; all paths are relative to the current folder. */
export interface ReportWish extends ImageOptions {
  /** A core that build wrote: a folder, or its name under generated/. */
  readonly core: string;
  /** Where what was made of it is, and where the page goes by default; see `openCore`. */
  readonly work?: string | undefined;
  /** Where to; `build/report.html` in the core when absent. */
  readonly output?: string | undefined;
  /** Device of the neurons: parameters (.json) or a measured curve (.csv). */
  readonly device?: string | undefined;
  /** Nanoseconds that a telegraphic junction is looked at in each time step. */
  readonly samplingNs?: number | undefined;
  /** Assumptions of the energy. */
  readonly assumptions?: string | undefined;
  /** Whether there is an energy table, which wants the 45 nm tools and minutes. */
  readonly energy: boolean;
}

/** Where the HTML file lies and what it shows. */
export interface WrittenReport {
  readonly name: string;
  /** Absolute. */
  readonly output: string;
  /** Titles of its sections. */
  readonly sections: readonly string[];
}

/** Writes one self-contained HTML page about a core. */
export async function writeReport(wish: ReportWish, context: AppContext): Promise<WrittenReport> {
  const { io, progress } = context;
  const core = openCore(wish.core, io, wish.work);
  const { plan } = core;
  const data = loadImages(wish, plan, io);
  const stated = readAssumptions(wish.assumptions, io);
  const device = await energyDevice(plan, wish, io, progress);
  const assumptions = withDriver(stated, device);
  const timeSteps = plan.timeSteps.default;
  const sections: HtmlSection[] = [networkSection(plan)];
  if (data.labels !== undefined) sections.push(await accuracySection(plan, data.pixels, data.labels));
  const calibration = calibrate(device.curve);
  // Those that are kept are the usual device's.
  const families = device.curve.name === usualCurve().name ? familyKinds : [];
  sections.push({
    title: 'Device',
    text: [device.curve.source],
    charts: [
      await plotSvg(calibrationPlot(device.curve, calibration, switchingTable(device.curve, calibration), 0.95)),
      ...(await Promise.all(families.map((kind) => plotSvg(familyPlot(kind, keptFamily(kind)))))),
    ],
  });
  sections.push(await scheduleSection(plan, data.pixels, timeSteps));
  sections.push(...storedSections(core));
  if (wish.energy) {
    const digital = await measureCmos(
      'CMOS stochastic',
      core,
      data.pixels,
      { timeSteps, count: 1, clockMHz: 100, clockGating: true },
      context,
    );
    const chip = { parts: readChipParts(undefined, io), chips: 1 };
    const study = await studyEnergy({ plan, data, timeSteps, device, assumptions, digital, chip }, progress);
    const { tables, notes } = studyTables(study);
    sections.push({ title: 'Energy', text: notes, charts: [await tornadoSvg(studyTornado(plan.name, study))], tables });
  }
  const output = wish.output === undefined ? join(core.work, 'report.html') : resolve(io.cwd, wish.output);
  writeFileWhole(output, htmlPage(`${plan.name}: a spinfire core`, sections));
  const titles = sections.map(({ title }) => title);
  return { name: plan.name, output, sections: titles };
}

function networkSection(plan: Plan): HtmlSection {
  const shape = ({ height, width, channels }: Plan['input']) => `${height}x${width}x${channels}`;
  return {
    title: 'Network and plan',
    text: [
      `${plan.encoding.kind} encoding, ${plan.readout.kind} readout, ${plan.timeSteps.default} of at most ${plan.timeSteps.max} time steps, ${plan.timeSteps.lanes} side by side, seed ${plan.seed}.`,
    ],
    tables: [
      {
        columns: [
          'layer',
          'kind',
          'input',
          'output',
          'pool',
          'weights',
          'bits',
          'engine',
          'lanes (outputs x positions x time)',
          'accumulator bits',
        ],
        rows: plan.layers.map((layer) => [
          layer.name,
          layer.kind,
          shape(layer.input),
          shape(layer.output),
          layer.pool === null ? '-' : `${layer.pool.height}x${layer.pool.width}`,
          String(storedWeights(layer)),
          String(layer.weightBits),
          layer.engine.kind,
          `${layer.outputLanes} x ${layer.positionLanes} x ${layer.timeLanes}`,
          String(layer.accumulatorBits),
        ]),
      },
    ],
  };
}

async function accuracySection(plan: Plan, pixels: Uint8Array, labels: Uint8Array): Promise<HtmlSection> {
  const timeSteps = Math.min(32, plan.timeSteps.max);
  const { classes } = await classifyImages(plan, pixels, { timeSteps });
  const points = Array.from({ length: timeSteps }, (_, step) => {
    return { x: step + 1, y: 100 * shareRight(classes, labels, timeSteps, step + 1) };
  });
  const usual = points[plan.timeSteps.default - 1];
  return {
    title: 'Accuracy',
    text: [
      `${labels.length} images by the golden model; ${usual === undefined ? '-' : percent(usual.y / 100)} at T = ${plan.timeSteps.default}.`,
    ],
    charts: [
      await plotSvg({
        title: 'Accuracy against time steps',
        xTitle: 'time steps',
        yTitle: 'right answers, %',
        xLogarithmic: true,
        series: [{ name: plan.name, mark: 'line and points', points }],
      }),
    ],
  };
}

async function scheduleSection(plan: Plan, pixels: Uint8Array, timeSteps: number): Promise<HtmlSection> {
  const { height, width, channels } = plan.input;
  const profile = profileCore({ plan, images: pixels.subarray(0, 3 * height * width * channels), timeSteps });
  const blocks = [...new Set(profile.spans.map(({ block }) => block))];
  return {
    title: 'Schedule',
    charts: [await scheduleSvg({ title: `Who works when, ${timeSteps} time steps`, blocks, stretches: profile.spans })],
    tables: [
      {
        title: `Clock cycles of ${profile.images} images`,
        columns: ['layer', 'busy', 'overhead', 'starved', 'blocked', 'inputs skipped'],
        rows: profile.layers.map(({ layer, busy, overhead, starved, blocked, skipped }) => [
          layer,
          ...[busy, overhead, starved, blocked, skipped].map((part) => percent(part, 1)),
        ]),
      },
    ],
  };
}
