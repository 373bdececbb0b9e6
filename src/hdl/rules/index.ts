/** The design rules that look at whole modules. Each reads a design and reports; none changes it. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import { clockCrossing } from './clock-crossing.ts';
import { combinationalLoop } from './combinational-loop.ts';
import { latch } from './latch.ts';
import { memoryPorts } from './memory-ports.ts';
import { moduleNames } from './module-names.ts';
import { noDriver } from './no-driver.ts';
import { twoDrivers } from './two-drivers.ts';
import { undefinedCollision } from './undefined-collision.ts';
import { unreadValue } from './unread-value.ts';
import { unusedPort } from './unused-port.ts';

export type Rule = (design: Design) => Diagnostic[];

export const rules: readonly Rule[] = [
  moduleNames,
  twoDrivers,
  noDriver,
  latch,
  combinationalLoop,
  unusedPort,
  memoryPorts,
  clockCrossing,
  unreadValue,
  undefinedCollision,
];
