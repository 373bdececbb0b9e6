/** `--realism`: what of its device's behaviour a neuron has in hardware. */
import { z } from 'zod';
import type { DeviceOptions } from '../core/index.ts';
import { badInput, ownValue } from '../errors/index.ts';
import { readOptionFile } from './option-file.ts';

const share = z.number().min(0).max(1).optional();
const clocks = z.number().int().min(0).max(255).optional();
const flag = z.boolean().optional();
/** `defineCore`'s `device`. */
export const realismShape: z.ZodType<DeviceOptions> = z.strictObject({
  phases: z.strictObject({ write: clocks, read: clocks, reset: clocks, fast: flag }).optional(),
  counters: flag,
  trim: flag,
  loadTable: flag,
  faults: z.strictObject({ missed: share, falseRead: share, failedReset: share }).optional(),
  variation: z
    .strictObject({
      ...{ thresholdSpread: share, slopeSpread: share, stuckAtSpike: share, stuckSilent: share },
      seed: z
        .number()
        .int()
        .min(0)
        .max(2 ** 32 - 1)
        .optional(),
    })
    .optional(),
  selfTest: flag,
  memory: z.never({ error: 'no memory: cores do not emulate it (docs/device-in-hardware.md)' }).optional(),
}) as z.ZodType<DeviceOptions>;

/** Parts that need no numbers. */
const parts: Readonly<Record<string, DeviceOptions>> = {
  phases: { phases: {} },
  counters: { counters: true },
  trim: { trim: true },
  table: { loadTable: true },
  'self-test': { selfTest: true },
};

/** `phases,trim`, `all`, or a JSON file in the form of defineCore's `device`. */
export function readRealism(value: string, cwd: string): DeviceOptions {
  if (value.endsWith('.json'))
    return readOptionFile(value, cwd, realismShape, { what: 'a device', page: 'docs/device-in-hardware.md' });
  const names = value === 'all' ? Object.keys(parts) : value.split(',');
  const chosen = names.map((name) => {
    const part = ownValue(parts, name);
    if (part) return part;
    if (name === 'memory') {
      throw badInput('no core emulates what a device remembers of its last spike', {
        found: '--realism memory',
        expected: 'devices that rest until they have forgotten, as every neuron of a core does',
        help: 'spinfire device --network NAME classifies with that memory, energy --crossbar paper --memory counts with it',
      });
    }
    throw badInput('--realism has a wrong value', {
      found: name,
      expected: `all, or some of ${Object.keys(parts).join(',')}, or a .json file`,
      help: 'faults and variation have numbers and want a file',
    });
  });
  return Object.assign({}, ...chosen) as DeviceOptions;
}
