/** The task of one worker: a block of trials. */
import { runTrials } from './macrospin.ts';

export default runTrials;
