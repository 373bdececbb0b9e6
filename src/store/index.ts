/** What spinfire keeps on disk between runs, and where it works meanwhile. */

export { makeFolder } from './folder.ts';
export { guardFolder, guardGroup, guardHolds, makeGuarded } from './guard.ts';
export { isAbandoned, workName } from './owner.ts';
export { expectPlainFile, largestFile, parseJson, readPlainFile, textOf, unpackGzip } from './read.ts';
export { isSealed, publish, seal } from './seal.ts';
export { isPlainPath, reasonOf, sweepAbandoned, withTemporaryFolder, withWorkFolder } from './work.ts';
