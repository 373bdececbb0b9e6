/** Libraries that take longer to load than most commands take altogether: loaded where they are first needed. */
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/** ts-morph with its compiler, half a second of processor time. */
export function tsMorph(): typeof import('ts-morph') {
  return load('ts-morph') as typeof import('ts-morph');
}
