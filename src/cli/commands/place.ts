/** spinfire place: a core with a serial line on a board, down to the bitstream. */

import { join, relative } from 'node:path';
import type { z } from 'zod';
import {
  checkNetlist,
  type LoadedImages,
  loadImages,
  type NetlistCheck,
  openCore,
  verilogFiles,
} from '../../app/index.ts';
import { exitCodes } from '../../errors/index.ts';
import {
  type Board,
  type BoardSynthesisOptions,
  type PlaceResult,
  place,
  readSourceMap,
  systemEnvironment,
  toolsText,
} from '../../flow/index.ts';
import { textTable } from '../../report/index.ts';
import { boardOptions, chosenBoard } from '../board-options.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { coreName, imagesOption, workOption } from '../core-options.ts';
import { decimal, wholeNumber } from '../options.ts';
import { placeJson } from '../results/flow.ts';

const options = {
  ...boardOptions,
  mhz: { argument: 'F', type: decimal(1, 400), help: "the core's clock", usual: "the board's" },
  baud: {
    argument: 'B',
    type: wholeNumber(300, 12_000_000),
    help: 'bits a second of the serial line',
    usual: "the board's",
  },
  seeds: { argument: 'N', type: wholeNumber(1, 64), help: 'placements tried, the fastest is kept', default: 3 },
  work: workOption,
  check: {
    type: 'flag',
    help: 'simulate the netlist too, through the pins of the board: its scores must be those of the golden model',
  },
  images: { ...imagesOption, help: `with --check: ${imagesOption.help}` },
  limit: { argument: 'N', type: wholeNumber(1, 1000), help: 'with --check: the first N images', default: 2 },
} as const;

export const placeCommand = command({
  name: 'place',
  summary: 'place and route a core with a serial line on a board; writes the bitstream',
  arguments: { name: coreName },
  options,
  result: placeJson,
  run: placeCore,
});

async function placeCore(
  {
    name,
    board: named,
    boardFile,
    mhz,
    baud,
    seeds,
    work: chosenWork,
    check,
    images,
    limit,
  }: GivenOf<typeof options> & { readonly name: string },
  { io, progress }: CommandContext,
): Promise<ResultOf<z.output<typeof placeJson>>> {
  const board = chosenBoard({ board: named, boardFile }, io.cwd);
  const { directory, work, plan } = openCore(name, io, chosenWork);
  const core = {
    ...{ directory, board, plan, baud, clockMHz: mhz, signal: io.signal },
    verilogFiles: verilogFiles(directory),
    outputDirectory: join(work, 'place'),
    sourceMap: readSourceMap(directory),
  };
  // Before minutes of placement: a wrong file is told at once.
  const data = check ? loadImages({ images, limit, random: true }, plan, io) : undefined;
  const result = await progress.step(`${plan.name} on ${board.title}`, (report) =>
    place(
      {
        ...core,
        top: plan.name,
        seeds: Array.from({ length: seeds }, (_, index) => index + 1),
        onProgress: (message) => report(0, message),
      },
      systemEnvironment(io.env, io.cwd),
    ),
  );
  const checked = data && (await checkPlaced(core, data, result, { io, progress }));
  return {
    json: { ...result, ...(checked ? { check: checked } : {}) },
    text: `${describe(result, board, io.cwd)}${checked ? `\n${describeCheck(checked)}` : ''}`,
    exitCode: result.timingMet ? 0 : exitCodes.checkFailed,
  };
}

function checkPlaced(
  core: BoardSynthesisOptions,
  data: LoadedImages,
  placed: PlaceResult,
  { io, progress }: CommandContext,
): Promise<NetlistCheck> {
  return progress.step(`check the netlist of ${core.plan.name}`, (report) =>
    checkNetlist(
      core,
      data,
      { io, onProgress: (done, total) => report(done / total, `${done} of ${total} images`) },
      placed,
    ),
  );
}

function describeCheck({ images, timeSteps, cells, bitstream }: NetlistCheck): string {
  const scores = `all scores of ${images} images, ${timeSteps} time steps, are those of the golden model`;
  const count = (number: number) => number.toLocaleString('en');
  const netlist = `Netlist of ${count(cells)} cells through the pins: ${scores}`;
  if (bitstream === undefined) return netlist;
  return 'cells' in bitstream
    ? `${netlist}\nBitstream, read back as ${count(bitstream.cells)} gates and flip-flops, through the pins: the same`
    : `${netlist}\nBitstream, read back: its ${count(bitstream.settings)} settings are those that the placer wrote`;
}

function describe(result: PlaceResult, { title: boardTitle }: Board, cwd: string): string {
  const { top, clockMHz, fmaxMHz, timingMet, icetimeMHz, baud, seeds, utilisation, criticalPath } = result;
  const title = `${top} on ${boardTitle}`;
  const verdict = timingMet ? 'met' : 'MISSED';
  const lines = [
    `${title}: ${fmaxMHz.toFixed(1)} MHz at most, ${clockMHz} MHz wanted: timing ${verdict}${result.cached ? ' (kept from an earlier run)' : ''}`,
    `${toolsText(result.tools)}, seeds ${seeds.map(({ seed, fmaxMHz: mhz, problem }) => `${seed}: ${mhz === undefined ? problem : `${mhz.toFixed(1)} MHz`}`).join(', ')}` +
      (icetimeMHz === undefined ? '' : `; icetime says ${icetimeMHz.toFixed(1)} MHz`),
    textTable({
      columns: ['resource', 'used', 'available', ''],
      rows: Object.entries(utilisation)
        .filter(([, { used }]) => used > 0)
        .map(([resource, { used, available }]) => [
          resource,
          String(used),
          String(available),
          `${((100 * used) / available).toFixed(0)} %`,
        ]),
    }),
    textTable({
      title: 'Slowest path, from register to register: where it goes and the nanoseconds to get there',
      columns: ['ns', 'signal', 'described at'],
      rows: signalsOf(criticalPath).map(({ delayNs, signal, origin: described }) => [
        delayNs.toFixed(2),
        signal,
        described ?? '',
      ]),
    }),
    `Bitstream, ${result.bitstreamBytes} bytes, serial line at ${baud} baud: ${relative(cwd, join(result.directory, result.files.bitstream))}`,
  ];
  return lines.join('\n');
}

type PathStep = PlaceResult['criticalPath'][number];

/** Shorter hops are those of a carry chain. */
const carryHopNs = 0.3;

/** Steps to one and the same signal, along a carry chain, or through cells without a name of their own, as one. */
function signalsOf(path: readonly PathStep[]): PathStep[] {
  const merged: PathStep[] = [];
  for (const step of path) {
    const before = merged.at(-1);
    if (before !== undefined && (step.signal === before.signal || step.signal === '' || step.delayNs < carryHopNs))
      merged[merged.length - 1] = { ...before, delayNs: before.delayNs + step.delayNs };
    else merged.push(step);
  }
  return merged;
}
