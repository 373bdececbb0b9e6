/** What spinfire keeps on disk between runs, and where it works meanwhile. */

export { isAbandoned, workName } from './owner.ts';
export { isSealed, publish, seal } from './seal.ts';
export { reasonOf, sweepAbandoned, withTemporaryFolder, withWorkFolder } from './work.ts';
