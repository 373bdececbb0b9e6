/** The board of a core in Verilator, behind a pseudo-terminal, until the test is over. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { boardDesign, knownBoard, systemEnvironment } from '../../src/flow/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { type LineFaults, readCore, startVirtualBoard } from '../../src/sim/index.ts';
import { writeCoreFiles } from './small-core.ts';
import { simulatorCache, temporaryFolder } from './temporary.ts';

/** Eight clocks a bit: the fastest line there is. */
const fastest = 2_531_250;

export async function startTestBoard(plan: Plan, faults?: LineFaults) {
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  const core = await readCore(directory, plan.name, simulatorCache);
  const design = boardDesign({ board: knownBoard('icebreaker'), plan, baud: fastest });
  const environment = systemEnvironment(process.env, process.cwd());
  const board = await startVirtualBoard({ core, design, link: join(directory, 'port'), faults }, environment);
  onTestFinished(async () => void (await board.stop()));
  return { board, design, directory };
}
