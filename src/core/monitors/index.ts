/** What watches over a core. */
export { monitorBlock } from './block.ts';
export { lockupLink, watchShapes } from './links.ts';
export { watched } from './watch.ts';
