/** Requests and their responses, over a line that damages them and a port that goes away and comes back. */
import {
  boardNameOf,
  type CommandName,
  type LinkRegisterName,
  linkId,
  linkRegisters,
  protocolVersion,
  type Request,
  type Response,
  statuses,
} from '../link/index.ts';
import { LinkError } from './errors.ts';
import { type Arrival, Line } from './line.ts';
import type { Connect } from './transport.ts';

/** How long one waits and how often one tries again. */
export interface ClientOptions {
  /** How long an answer may take, line and core together. */
  readonly timeoutMs?: number | undefined;
  /** Tries in a row without any progress after which it gives up. */
  readonly retries?: number | undefined;
  /** Refuses any other core: the first 8 hexadecimal digits of the SHA-256 of plan.json, as a number. */
  readonly coreHash?: number | undefined;
  /** Refuses any other board: its name, as `identity` gives it. */
  readonly board?: string | undefined;
}

/** What the core says of itself. */
export interface Identity {
  readonly coreHash: number;
  readonly clockHz: number;
  /** Name of the board that the bitstream was made for: a folder of boards/ with its part, or a person's own. */
  readonly board: string;
  readonly pixels: number;
  readonly classes: number;
  readonly maxTimeSteps: number;
  readonly credits: number;
}

export const addressOf = (name: LinkRegisterName) => linkRegisters[name].address;

/** After an error nothing may come for so long before something is sent. */
const quietMs = 20;

export class Connection {
  readonly timeoutMs: number;
  /** Tries in a row after the first. */
  readonly retries: number;
  /** Times that something was sent again. */
  recoveries = 0;
  readonly #connect: Connect;
  readonly #coreHash: number | undefined;
  readonly #board: string | undefined;
  #line: Line;
  #identity: Identity | undefined;
  #sequence = 0;
  #ended = false;

  private constructor(connect: Connect, line: Line, options: ClientOptions) {
    this.#connect = connect;
    this.#line = line;
    this.timeoutMs = options.timeoutMs ?? 2000;
    this.retries = options.retries ?? 8;
    this.#coreHash = options.coreHash;
    this.#board = options.board;
  }

  /** Opens the port and asks who is there. @throws LinkError */
  static async open(connect: Connect, options: ClientOptions): Promise<Connection> {
    const connection = new Connection(connect, new Line(await connect()), options);
    try {
      await connection.#line.settle(quietMs);
      connection.#identity = await connection.#identify();
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** What the core said of itself in the beginning. */
  get identity(): Identity {
    return this.#identity!;
  }

  /** Closed by `close`, not by the port. */
  get ended(): boolean {
    return this.#ended;
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#line.close();
  }

  /** Sends and does not wait; returns the sequence of the request. */
  async send(command: CommandName, payload: Uint8Array): Promise<number> {
    this.#sequence = (this.#sequence + 1) & 0xff;
    const request: Request = { sequence: this.#sequence, command, payload };
    await this.#line.send(request);
    return request.sequence;
  }

  /** What comes next, whatever it is; silence where nothing does in time. */
  async next(): Promise<Arrival> {
    return this.#line.next(this.timeoutMs);
  }

  /** A quiet line to the same core, over a new port where the old one went away. @throws LinkError */
  async settle(): Promise<void> {
    await this.#reopen();
    await this.#line.settle(quietMs);
  }

  /** A request and its response, over a new port where the old one goes away. @throws LinkError */
  async ask(command: CommandName, payload: readonly number[]): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#reopen();
        return await this.#exchange(command, payload);
      } catch (error) {
        const gone = error instanceof LinkError && ['closed', 'no-port'].includes(error.code);
        if (this.#ended || !gone || attempt >= this.retries) throw error;
        this.recoveries += 1;
        await pauseBefore(attempt);
      }
    }
  }

  async #reopen(): Promise<void> {
    if (!this.#line.closed || this.#ended) return;
    await this.#line.close();
    this.#line = new Line(await this.#connect());
    await this.#line.settle(quietMs);
    const { coreHash, board } = await this.#identify();
    if (coreHash !== this.identity.coreHash) throw wrongCore(coreHash, this.identity.coreHash);
    if (board !== this.identity.board) throw wrongBoard(board, this.identity.board);
  }

  async #identify(): Promise<Identity> {
    const first = addressOf('LINK_ID');
    const count = addressOf('CREDITS') - first + 1;
    const words = registersOf(await this.#exchange('read', [first, 0, count, 0, 0, 0]), count);
    const of = (name: LinkRegisterName) => words[addressOf(name) - first]!;
    if (of('LINK_ID') !== linkId)
      throw new LinkError('wrong-device', 'the other end has another table of registers', {
        found: of('LINK_ID').toString(16),
        expected: linkId.toString(16),
        help: 'use the host program of the version that made the bitstream',
      });
    const { address, words: letters } = linkRegisters.BOARD;
    const board = registersOf(await this.#exchange('read', [address, 0, letters, 0, 0, 0]), letters);
    const identity = {
      coreHash: of('CORE_HASH'),
      clockHz: of('CLOCK_HZ'),
      board: boardNameOf(board),
      pixels: of('PIXELS'),
      classes: of('CLASSES'),
      maxTimeSteps: of('MAX_TIME_STEPS'),
      credits: of('CREDITS'),
    };
    if (this.#coreHash !== undefined && identity.coreHash !== this.#coreHash)
      throw wrongCore(identity.coreHash, this.#coreHash);
    if (this.#board !== undefined && identity.board !== this.#board) throw wrongBoard(identity.board, this.#board);
    return identity;
  }

  /** A request and its response; again where the line fails. */
  async #exchange(command: CommandName, payload: readonly number[]): Promise<Response> {
    let heard = false;
    let last = '';
    let otherVersion = false;
    for (let attempt = 0; attempt <= this.retries; attempt += 1) {
      if (this.#ended) throw new LinkError('closed', 'the client is closed');
      // Sent on top of another it would be an overrun of its own, whose report would ask for one more, and so on.
      if (attempt > 0 && (await this.#line.settle(quietMs))) heard = true;
      const sequence = await this.send(command, Uint8Array.from(payload));
      const end = performance.now() + this.timeoutMs;
      while (performance.now() < end) {
        const arrival = await this.#line.next(Math.max(1, end - performance.now()));
        if (arrival.kind === 'closed') throw new LinkError('closed', 'the port went away');
        if (arrival.kind === 'silence') break;
        heard = true;
        if (arrival.kind === 'damaged') {
          last = `a damaged response (${arrival.damage})`;
          otherVersion ||= arrival.damage === 'version';
        } else {
          const { response } = arrival;
          const isOurs = response.sequence === sequence && response.command === command;
          if (response.status === 'ok') {
            if (isOurs) return response;
          } else if (!isRefusal(response)) {
            last = `the core says ${response.status}`;
            break;
          } else if (isOurs) throw refusal(response);
          else last = strangerText(response);
        }
      }
      this.recoveries += 1;
    }
    if (otherVersion)
      throw new LinkError('wrong-device', 'the core speaks another version of the protocol', {
        expected: `version ${protocolVersion}`,
        help: 'use the host program of the version that made the bitstream',
      });
    if (heard || this.#line.damaged > 0) throw unreliable(last, this.retries + 1);
    throw new LinkError('silent', 'nothing answers', {
      found: this.#line.bytesReceived === 0 ? 'no byte at all' : `${this.#line.bytesReceived} bytes that are no frames`,
      help: 'is this the right port (boards often have two), the right baud rate, and is the bitstream on the board?',
    });
  }
}

/** With these the CRC was right: the request itself is at fault. */
export function isRefusal({ status }: Response): boolean {
  return status === 'version' || status === 'command' || status === 'length';
}

/** A refusal of what this client has not asked. */
export function strangerText({ status, sequence }: Response): string {
  return `the core says ${status} to a request of sequence ${sequence}, which this client did not send: does another program use the port?`;
}

/** So that a port that comes and goes is not tried all the time. */
export async function pauseBefore(attempt: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.min(1000, 50 * 2 ** attempt)));
}

export function registersOf({ words }: Response, count: number): Uint32Array {
  if (words.length === count) return words;
  throw new LinkError('wrong-device', 'the core read another number of registers', {
    found: `${words.length}`,
    expected: `${count}`,
  });
}

function wrongCore(found: number, expected: number): LinkError {
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  return new LinkError('wrong-device', 'another core is on the board', {
    found: hex(found),
    expected: hex(expected),
    help: 'flash the bitstream of this core, or name the other core',
  });
}

function wrongBoard(found: string, expected: string): LinkError {
  return new LinkError('wrong-device', 'another board answers', {
    ...{ found, expected },
    help: 'name the port of the other board; if this is the one, it has the bitstream of another: place and flash one for it',
  });
}

export function refusal({ status }: Response): LinkError {
  const { meaning, cure } = statuses[status];
  return new LinkError('refused', `the core refuses: ${meaning}`, { help: cure });
}

export function unreliable(error: unknown, tries: number): LinkError {
  const found = error instanceof Error ? error.message : String(error);
  return new LinkError('unreliable', `the line damages too much: ${tries} tries in a row failed`, {
    found,
    help: 'is the baud rate that of the bitstream? try a lower one, another cable, another port',
  });
}
