/** What `spinfire device --json` wrote of a device's memory, for the neurons of a network. */
import { z } from 'zod';
import type { LayerMemory } from '../../golden/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { Surroundings } from '../context.ts';
import { readOptionFile } from '../option-file.ts';
import { memoryTables } from './process-study.ts';

const number = z.number();
const file = z.object({
  cycle: z.object({ restS: number.min(0) }),
  calibration: z.object({ i50A: number, slopeA: number.positive() }),
  points: z
    .array(
      z.object({
        z: number,
        driveA: number,
        restS: number,
        fresh: number,
        afterSilent: number,
        afterSpike: number,
        later: number,
        failedReset: number,
        trials: number,
      }),
    )
    .min(1),
});

/** Tables after a spike, layer by layer, and the rest that leaves them. */
export interface NetworkMemory {
  readonly layers: readonly (LayerMemory | undefined)[];
  /** Seconds between the reset and the next write of the same device. */
  readonly restS: number;
}

/** Reads the document that `spinfire device --json` printed. Throws badInput when it is none. */
export function readMemory(path: string, plan: Plan, { cwd }: Pick<Surroundings, 'cwd'>): NetworkMemory {
  const about = { what: 'the memory of a device (spinfire device --json > cycle.json)', page: 'docs/device.md' };
  const { cycle, calibration, points } = readOptionFile(path, cwd, file, about);
  return { layers: memoryTables(plan, { calibration, points }, cycle.restS, path), restS: cycle.restS };
}
