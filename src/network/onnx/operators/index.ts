import type { Operator } from './call.ts';
import { einsums } from './einsum.ts';
import { elementwise } from './elementwise.ts';
import { moving } from './moving.ts';
import { picking } from './picking.ts';
import { pooling } from './pooling.ts';
import { quantised } from './quantised.ts';
import { resizing } from './resize.ts';
import { shapes } from './shapes.ts';
import { weighted } from './weights.ts';

export type { Call, Operator } from './call.ts';
export { operatorTable } from './table.ts';
export { operatorHelps } from './ways-out.ts';

/** Everything that may stand in a file, by operator. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ...shapes,
  ...elementwise,
  ...moving,
  ...picking,
  ...resizing,
  ...weighted,
  ...einsums,
  ...pooling,
  ...quantised,
]);
