/** A core on a board, from the host's side: asks, classifies, and is not led astray by a bad line. */
import { type AlarmName, alarmNames, type LinkRegisterName, seekingBits } from '../link/index.ts';
import type { Answer, ClassifyOptions } from './answer.ts';
import { addressOf, type ClientOptions, Connection, type Identity, registersOf } from './connection.ts';
import { LinkError } from './errors.ts';
import { ImageStream } from './image-stream.ts';
import { type CoreMemories, loadMemories, type MemoryShape, readMemoryWords, whenOpen } from './memories.ts';
import type { Connect } from './transport.ts';

/** What the line and the core have counted. */
export interface Counters {
  readonly image: number;
  readonly dropped: number;
  readonly lineErrors: number;
  readonly badFrames: number;
  readonly alarms: readonly AlarmName[];
}

/** The last image number, one clock a time step. */
const longestSeekMs = 120_000;

/** Talks to a core over a transport: classifies images, reads and writes registers. */
export class BoardClient {
  readonly #connection: Connection;
  #busy = false;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Opens the port and asks who is there. @throws LinkError */
  static async open(connect: Connect, options: ClientOptions = {}): Promise<BoardClient> {
    return new BoardClient(await Connection.open(connect, options));
  }

  /** What the core said of itself when the client connected. */
  get identity(): Identity {
    return this.#connection.identity;
  }

  /** Times that something was sent again. */
  get recoveries(): number {
    return this.#connection.recoveries;
  }

  /** Ends the connection; the core goes on with what it has. */
  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** `count` registers (1..255) from a word address on, 32 bits each. @throws LinkError when the board gives another number, or cannot be talked to */
  async read(at: number, count = 1): Promise<Uint32Array> {
    return registersOf(await this.#connection.ask('read', [at & 0xff, at >>> 8, count, 0, 0, 0]), count);
  }

  /** Sent again when the line fails: a register must not mind being written twice. */
  async write(at: number, value: number): Promise<void> {
    const bytes = [at, at >>> 8, value, value >>> 8, value >>> 16, value >>> 24];
    await this.#connection.ask(
      'write',
      bytes.map((byte) => byte & 0xff),
    );
  }

  /**
   * Registers from a word address on, 1 to 64 in a frame: all of them or, where the frame is damaged, none. Sent again when the line fails, as `write`. Cores
   * that were built with `--monitors load` take it. @throws LinkError `refused` from others
   */
  async writeBlock(at: number, values: readonly number[]): Promise<void> {
    const payload = new DataView(new ArrayBuffer(2 + 4 * values.length));
    payload.setUint16(0, at, true);
    for (const [index, value] of values.entries()) payload.setUint32(2 + 4 * index, value, true);
    await this.#connection.ask('block', [...new Uint8Array(payload.buffer)]);
  }

  /** Images and errors since the core's reset, read in one request. */
  async counters(): Promise<Counters> {
    const first = addressOf('IMAGE');
    const words = await this.read(first, addressOf('BAD_FRAMES') - first + 1);
    const of = (name: LinkRegisterName) => words[addressOf(name) - first]!;
    return {
      image: of('IMAGE'),
      dropped: of('DROPPED'),
      lineErrors: of('LINE_ERRORS'),
      badFrames: of('BAD_FRAMES'),
      alarms: alarmNames(of('ALARMS')),
    };
  }

  /** Clears all bits of ALARMS; what still holds is set again at once. */
  async clearAlarms(): Promise<void> {
    await this.write(addressOf('ALARMS'), 0xff);
  }

  /** Throws away what is in the core; the next image has this number. */
  async seek(image = 0): Promise<void> {
    await this.write(addressOf('IMAGE'), image);
    // The core moves on one time step a clock, or one word a clock where it has no seeder.
    const end = performance.now() + longestSeekMs;
    for (;;) {
      const [state] = await this.read(addressOf('SEEKING'));
      if (state === 0) return;
      if (state === seekingBits.closed) return whenOpen(this);
      if (performance.now() > end)
        throw new LinkError('wrong-device', 'the core does not arrive at the image', { found: `${image}` });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /**
   * Puts other weights and tables into a core that was built with a way in for them. Images are refused from the first word on, until the core has
   * found all its checksums right. Begins anew when the board starts anew meanwhile.
   *
   * @throws LinkError: `refused` when they are for another core, `not-loaded` when the core finds a checksum wrong at the end
   */
  async load(weights: CoreMemories, onProgress?: (done: number, total: number) => void): Promise<void> {
    const restarts = await loadMemories(this, weights, {
      tries: this.#connection.retries + 1,
      timeoutMs: this.#connection.timeoutMs,
      onProgress,
    });
    this.#connection.recoveries += restarts;
  }

  /** The words of a memory of weights or of a table, as they are in the core; it takes no image meanwhile. @throws LinkError */
  async readMemory(memory: MemoryShape): Promise<number[][]> {
    return readMemoryWords(this, memory, this.#connection.timeoutMs);
  }

  /** Sends an image (its pixels 0..255 in (y, x, channel) order) and waits for its answer. @throws LinkError, and when the board drops it for good */
  async classifyOne(pixels: Uint8Array, options: ClassifyOptions = {}): Promise<Answer> {
    for await (const answer of this.classify([pixels], options)) return answer;
    throw new LinkError('closed', 'no answer');
  }

  /**
   * Images in a row, as many at once as the core has credits; answers in their order, each with the number that it would have on a perfect
   * line. What gets lost or damaged is sent again under its own number.
   *
   * @throws LinkError while another call still runs, and when the board is gone for good
   */
  async *classify(
    images: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    options: ClassifyOptions = {},
  ): AsyncGenerator<Answer> {
    if (this.#busy) throw new LinkError('refused', 'the client is busy', { help: 'wait for the images before' });
    this.#busy = true;
    try {
      yield* new ImageStream(this.#connection, this, options).answers(images);
    } finally {
      this.#busy = false;
    }
  }
}
