/** The task of one worker: a block of trials. */
import { runProcess } from './process.ts';

export default runProcess;
