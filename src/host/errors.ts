/** What can go wrong between a host and a board. */
import { type ErrorDetails, SpinfireError } from '../errors/index.ts';

/**
 * - `no-port`: the port cannot be opened
 * - `closed`: the port went away, or the client was closed
 * - `silent`: nothing answers, however often it is asked
 * - `wrong-device`: what answers is no spinfire core, or another one than expected
 * - `refused`: the core says that the request makes no sense
 * - `not-loaded`: the weights in the core are half loaded, or damaged: it takes no image
 * - `unreliable`: the line damages so much that nothing gets through
 */
export type LinkErrorCode = 'no-port' | 'closed' | 'silent' | 'wrong-device' | 'refused' | 'not-loaded' | 'unreliable';

/** The line or the board did not do what was asked. */
export class LinkError extends SpinfireError {
  constructor(
    readonly code: LinkErrorCode,
    summary: string,
    details: ErrorDetails = {},
  ) {
    super(code === 'refused' || code === 'no-port' ? 'badInput' : 'checkFailed', summary, details);
  }
}
