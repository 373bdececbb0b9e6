/** Cores on boards: the answers of a board, real or virtual, held against the golden model. */
import { join, resolve } from 'node:path';
import { memoryImages } from '../core/index.ts';
import { checkFailed } from '../errors/index.ts';
import { countedEnergyJ } from '../estimate/index.ts';
import {
  type Board,
  type BoardNetlist,
  type BoardSynthesisOptions,
  bitstreamConfiguration,
  bitstreamNetlist,
  boardDesign,
  boardNetlist,
  coreHash,
  knownBoard,
  type PlaceResult,
  readBoard,
  systemEnvironment,
} from '../flow/index.ts';
import { classifyImages } from '../golden/index.ts';
import { BoardClient, type CoreMemories, serialPort } from '../host/index.ts';
import type { IdxData } from '../network/index.ts';
import { type Plan, reloadedPlan } from '../plan/index.ts';
import { type LineFaults, readCore, startVirtualBoard, type VirtualBoard } from '../sim/index.ts';
import { withTemporaryFolder } from '../store/index.ts';
import type { Answers } from './accuracy.ts';
import { boardEnergies, countedEvents } from './board-energy.ts';
import type { Surroundings } from './context.ts';
import { cacheFolder } from './folder/simulate.ts';
import { writeVerilog } from './folder/write.ts';

export interface PortOptions {
  /** A port of this machine, or `virtual:BOARD` (a name, or a file of one's own) for a board in Verilator that lives as long as the work. */
  readonly port: string;
  readonly baud?: number | undefined;
  /** Which board must answer; its baud rate is the usual one. */
  readonly board?: Board | undefined;
}

interface BoardHooks {
  /** How long an answer may take. */
  readonly timeoutMs?: number | undefined;
  /** What to do about a score that is another one. */
  readonly help?: string | undefined;
  readonly io: Surroundings;
  readonly onProgress: (done: number, total: number) => void;
  readonly margin?: number | undefined;
  /** Of the core that is on the board, where its weights are not those that it was built with. */
  readonly hash?: number | undefined;
  /** Number of the first image, its place in the random streams; 0 without. */
  readonly firstImage?: number | undefined;
}

/** Classes that a board gave, and how fast. */
export interface BoardAnswers extends Answers {
  /** What has answered. */
  readonly board: string;
  readonly clockHz: number;
  /** Images a second, line and core together. */
  readonly imagesPerSecond: number;
  /** Times that something was sent again. */
  readonly recoveries: number;
  /** The scores are those of the golden model, bit by bit; undefined with a margin, where only the classes are compared. */
  readonly exact: true | undefined;
  /** Of a core that counts its events, where nothing was sent again: an image on the chip of MTJs on paper, and clocks of this core. */
  readonly counted: { readonly energyPerImageJ: number | undefined; readonly busyClocksPerImage: number } | undefined;
}

const virtual = 'virtual:';
const tooFast = 'is the clock too fast for this board? place tells how fast it may be; try place with a lower --mhz';

/**
 * Images through the core on a board, from image number `firstImage` on. @throws checkFailed when a score is not that of the golden model;
 * LinkError when the board cannot be talked to, or carries another core
 */
export async function boardAnswers(
  plan: Plan,
  data: IdxData,
  timeSteps: number,
  { port, baud, board }: PortOptions,
  hooks: BoardHooks,
): Promise<BoardAnswers> {
  if (!port.startsWith(virtual)) return throughPort(plan, data, timeSteps, { port, baud, board }, hooks);
  return withVirtualBoard(plan, port.slice(virtual.length), hooks.io, (path) =>
    throughPort(plan, data, timeSteps, { port: path, board }, hooks),
  );
}

async function throughPort(
  plan: Plan,
  data: IdxData,
  timeSteps: number,
  at: PortOptions,
  { onProgress, margin, io, firstImage = 0, timeoutMs = 5000, help = tooFast, hash }: BoardHooks,
): Promise<BoardAnswers> {
  const imageSize = data.pixels.length / data.count;
  const { classes: classCount } = plan.readout;
  const classes = new Uint8Array(data.count);
  const scores = new Int32Array(data.count * classCount);
  const stepsUsed = new Uint8Array(data.count);
  const images = function* () {
    for (let i = 0; i < data.count; i += 1) yield data.pixels.subarray(i * imageSize, (i + 1) * imageSize);
  };
  let done = 0;
  const told = await withBoard({ ...at, timeoutMs, coreHash: hash ?? coreHash(plan) }, io, async (client) => {
    const begin = performance.now();
    for await (const answer of client.classify(images(), { firstImage, timeSteps, exitMargin: margin })) {
      classes[done] = answer.class;
      scores.set(answer.scores, done * classCount);
      stepsUsed[done] = answer.stepsUsed;
      done += 1;
      onProgress(done, data.count);
    }
    const imagesPerSecond = (1000 * data.count) / (performance.now() - begin);
    const counted = await countedOf(plan, data, timeSteps, client, io);
    const { board, clockHz } = client.identity;
    return { board, clockHz, imagesPerSecond, counted, recoveries: client.recoveries };
  });
  const common = { images: data.count, steps: [timeSteps], classes, ...told };
  if (margin !== undefined) return { ...common, stepsUsed, exact: undefined };
  const golden = await classifyImages(plan, data.pixels, { timeSteps, firstImage });
  for (let i = 0; i < data.count; i += 1) {
    const at = ((i + 1) * timeSteps - 1) * classCount;
    const expected = [...golden.scores.subarray(at, at + classCount)];
    const found = [...scores.subarray(i * classCount, (i + 1) * classCount)];
    if (expected.join() === found.join()) continue;
    throw checkFailed('the board gives another score than the golden model', {
      where: `image ${i}`,
      found: found.join(' '),
      expected: expected.join(' '),
      help,
    });
  }
  return { ...common, exact: true };
}

/** What is done with a board; it is let go at the end, and when the person interrupts. */
async function withBoard<T>(
  {
    port,
    board,
    baud = board?.baud,
    ...options
  }: PortOptions & { readonly coreHash: number; readonly timeoutMs?: number },
  { signal }: Pick<Surroundings, 'signal'>,
  use: (client: BoardClient) => Promise<T>,
): Promise<T> {
  const client = await BoardClient.open(serialPort({ path: port, baud }), { ...options, board: board?.code });
  const abort = () => void client.close();
  signal.addEventListener('abort', abort);
  try {
    return await use(client);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    await client.close();
  }
}

export interface LoadRequest extends PortOptions {
  /** The core on the board, and the plan whose weights and tables it is to have. */
  readonly plan: Plan;
  readonly other: Plan;
  /** Theirs, as `coreMemories` makes them. */
  readonly weights: CoreMemories;
  /** Images to classify with them. */
  readonly data?: IdxData | undefined;
  readonly timeSteps: number;
}

/** How long it took, and what the core answers with them. */
export interface LoadedWeights {
  readonly seconds: number;
  readonly answers: BoardAnswers | undefined;
}

/** What `spinfire load` sends, and what it writes for hosts that send it themselves. */
export function coreMemories(plan: Plan, other: Plan): CoreMemories {
  return { coreHash: coreHash(plan), memories: memoryImages(reloadedPlan(plan, other)) };
}

/** Puts the weights of one plan into the core of another, on a board, and classifies with them. @throws what boardAnswers throws; badInput when they do not fit */
export async function loadWeights(
  { plan, other, weights, port, baud, board, data, timeSteps }: LoadRequest,
  hooks: Pick<BoardHooks, 'io' | 'onProgress'>,
): Promise<LoadedWeights> {
  if (port.startsWith(virtual))
    return withVirtualBoard(plan, port.slice(virtual.length), hooks.io, (path) =>
      loadWeights({ plan, other, weights, port: path, board, data, timeSteps }, hooks),
    );
  const begin = performance.now();
  const { coreHash: hash } = weights;
  await withBoard({ port, baud, board, coreHash: hash }, hooks.io, (client) => client.load(weights, hooks.onProgress));
  const seconds = (performance.now() - begin) / 1000;
  const answers =
    data && (await throughPort(reloadedPlan(plan, other), data, timeSteps, { port, baud, board }, { ...hooks, hash }));
  return { seconds, answers };
}

/** The core was reset before the first image, and again whenever something was sent again. */
async function countedOf(
  plan: Plan,
  data: IdxData,
  timeSteps: number,
  client: BoardClient,
  io: Surroundings,
): Promise<BoardAnswers['counted']> {
  if (plan.monitors?.activity !== true || client.recoveries > 0) return undefined;
  const { events, busyClocks } = await countedEvents(plan, client);
  const energies = boardEnergies(plan, data.pixels, timeSteps, io);
  return {
    energyPerImageJ: energies && countedEnergyJ(energies, events) / data.count,
    busyClocksPerImage: busyClocks / data.count,
  };
}

/** Runs `use` with the port of a board in Verilator. */
async function withVirtualBoard<Result>(
  plan: Plan,
  name: string,
  io: Surroundings,
  use: (port: string) => Promise<Result>,
): Promise<Result> {
  return withTemporaryFolder(async (directory) => {
    writeVerilog(plan, directory);
    const board = await virtualBoard({
      plan,
      directory,
      board: name.includes('.json') ? readBoard(resolve(io.cwd, name)) : knownBoard(name),
      io,
      buildDirectory: join(cacheFolder(io.env), 'simulators'),
    });
    try {
      return await use(board.port);
    } finally {
      await board.stop();
    }
  });
}

export interface VirtualBoardRequest {
  readonly plan: Plan;
  /** With the core's Verilog. */
  readonly directory: string;
  readonly buildDirectory: string;
  readonly board: Board;
  readonly baud?: number | undefined;
  readonly link?: string | undefined;
  readonly faults?: LineFaults | undefined;
  readonly io: Surroundings;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** Builds a simulator of a core on its board and opens a serial port to it. */
export async function virtualBoard(request: VirtualBoardRequest): Promise<VirtualBoard> {
  const { plan, directory, buildDirectory, board, baud, link, faults, io, onProgress } = request;
  const core = await readCore(directory, plan.name, buildDirectory);
  const design = boardDesign({ board, plan, baud });
  return startVirtualBoard(
    { core, design, link, faults, signal: io.signal, onProgress },
    systemEnvironment(io.env, io.cwd),
  );
}

/** A netlist of a hundred thousand gates comes to some ten thousand clocks a second. */
const netlistTimeoutMs = 300_000;

/** What a netlist on a simulated board answered. */
export interface NetlistCheck {
  /** Images whose scores are those of the golden model, bit by bit. */
  readonly images: number;
  readonly timeSteps: number;
  /** Cells of the netlist, each with a model. */
  readonly cells: number;
  /** What was read back from the bitstream: gates and flip-flops that gave the same scores (their bits are those of the packer, too), or settings that are those of the placer. */
  readonly bitstream?: { readonly cells: number } | { readonly settings: number };
}

/**
 * The netlist after synthesis, through the pins of its board, against the golden model; and with a placement what its bitstream holds, as far as
 * the family's tools read it back. @throws checkFailed when a score or a setting is another one; missingTool without yosys, Verilator or a
 * model of a cell
 */
export async function checkNetlist(
  wish: BoardSynthesisOptions,
  data: IdxData,
  hooks: Pick<BoardHooks, 'io' | 'onProgress'>,
  placed?: Pick<PlaceResult, 'directory' | 'files'>,
): Promise<NetlistCheck> {
  const { plan, board } = wish;
  const { io } = hooks;
  const environment = systemEnvironment(io.env, io.cwd);
  const netlist = await boardNetlist(wish, environment);
  const { images } = await simulateNetlist(
    wish,
    netlist,
    data,
    'verify tells whether the Verilog is right; if it is, yosys is not',
    hooks,
  );
  const checked = { images, timeSteps: plan.timeSteps.default, cells: netlist.cells };
  if (placed === undefined) return checked;
  const back = { board, placed, signal: io.signal };
  const configuration = await bitstreamConfiguration(back, environment);
  const gates = await bitstreamNetlist(back, netlist.design, environment);
  if (gates !== undefined) {
    await simulateNetlist(
      wish,
      gates,
      data,
      'the netlist is right: the placer, the router or the packer is not',
      hooks,
    );
    return { ...checked, bitstream: { cells: gates.cells } };
  }
  return configuration ? { ...checked, bitstream: configuration } : checked;
}

async function simulateNetlist(
  { plan, directory }: BoardSynthesisOptions,
  netlist: BoardNetlist,
  data: IdxData,
  help: string,
  { io, onProgress }: Pick<BoardHooks, 'io' | 'onProgress'>,
): Promise<BoardAnswers> {
  const core = await readCore(directory, plan.name, join(cacheFolder(io.env), 'simulators'));
  const board = await startVirtualBoard(
    { core, design: netlist.design, netlist: netlist.files, signal: io.signal },
    systemEnvironment(io.env, io.cwd),
  );
  try {
    const hooks = { io, onProgress, timeoutMs: netlistTimeoutMs, help };
    return await throughPort(plan, data, plan.timeSteps.default, { port: board.port }, hooks);
  } finally {
    await board.stop();
  }
}
