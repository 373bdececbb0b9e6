/** Runs in a worker thread. */
export { classifyBlock as default } from './classify.ts';
