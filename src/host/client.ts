/** A core on a board, from the host's side: asks, classifies, and is not led astray by a bad line. */
import {
  type AlarmName,
  alarmNames,
  alarms,
  type CommandName,
  type LinkRegisterName,
  linkId,
  linkRegisters,
  type Response,
  seekingBits,
  statuses,
} from '../link/index.ts';
import { LinkError } from './errors.ts';
import { Line } from './line.ts';
import { type CoreMemories, loadMemories, type MemoryShape, readMemoryWords, whenOpen } from './memories.ts';
import type { Connect } from './transport.ts';

/** How long one waits and how often one tries again. */
export interface ClientOptions {
  /** How long an answer may take, line and core together. */
  readonly timeoutMs?: number | undefined;
  /** Tries in a row without any progress after which it gives up. */
  readonly retries?: number | undefined;
  /** Refuses any other core: the first 8 hexadecimal digits of the SHA-256 of plan.json, as a number. */
  readonly coreHash?: number | undefined;
}

/** What the core says of itself. */
export interface Identity {
  readonly coreHash: number;
  readonly clockHz: number;
  readonly pixels: number;
  readonly classes: number;
  readonly maxTimeSteps: number;
  readonly credits: number;
}

/** What the line and the core have counted. */
export interface Counters {
  readonly image: number;
  readonly dropped: number;
  readonly lineErrors: number;
  readonly badFrames: number;
  readonly alarms: readonly AlarmName[];
}

/** How images are sent. */
export interface ClassifyOptions {
  /** Time steps of each image; those that the core has without. */
  readonly timeSteps?: number | undefined;
  /** Early exit: lead of the best score that answers an image. */
  readonly exitMargin?: number | undefined;
  /** Number of the first image, its place in the random streams; that which the core has reached without. */
  readonly firstImage?: number | undefined;
  /** Registers of the core itself, by word address, such as those of its monitors: written before the images, and again after each restart of the core. */
  readonly registers?: ReadonlyMap<number, number> | undefined;
  /** An answer whose best score leads by less abstains. */
  readonly abstainBelow?: number | undefined;
}

/** What a board says of one image. */
export interface Answer {
  /** Its place in the random streams: the golden model gives the same scores for it, bit by bit. */
  readonly image: number;
  readonly scores: Int32Array;
  readonly class: number;
  /** Lead of the best score. */
  readonly margin: number;
  /** True when `margin` is below the limit, or the core says so (docs/monitors.md): the class means nothing then. */
  readonly abstains: boolean;
  /** Time steps that the answer took, on a core with early exit; 0 otherwise. */
  readonly stepsUsed: number;
}

interface Sent {
  readonly image: number;
  readonly pixels: Uint8Array;
  readonly sequence: number;
  accepted: boolean;
}

/** The last image number, one clock a time step. */
const longestSeekMs = 120_000;
const imageMask = 2 ** linkRegisters.IMAGE.width - 1;
const restarted = 1 << alarms.restarted.bit;
const address = (name: LinkRegisterName) => linkRegisters[name].address;

/** Talks to a core over a transport: classifies images, reads and writes registers. */
export class BoardClient {
  readonly #connect: Connect;
  readonly #timeoutMs: number;
  readonly #retries: number;
  readonly #coreHash: number | undefined;
  #line: Line;
  #identity: Identity | undefined;
  #sequence = 0;
  #busy = false;
  #ended = false;
  /** Times that something was sent again. */
  recoveries = 0;

  private constructor(connect: Connect, line: Line, options: ClientOptions) {
    this.#connect = connect;
    this.#line = line;
    this.#timeoutMs = options.timeoutMs ?? 2000;
    this.#retries = options.retries ?? 8;
    this.#coreHash = options.coreHash;
  }

  /** Opens the port and asks who is there. @throws LinkError */
  static async open(connect: Connect, options: ClientOptions = {}): Promise<BoardClient> {
    const client = new BoardClient(connect, new Line(await connect()), options);
    try {
      await client.#line.settle(20);
      client.#identity = await client.#identify();
      return client;
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /** What the core said of itself when the client connected. */
  get identity(): Identity {
    return this.#identity!;
  }

  /** Ends the connection; the core goes on with what it has. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#line.close();
  }

  /** `count` registers (1..255) from a word address on, 32 bits each. @throws LinkError when the board gives another number, or cannot be talked to */
  async read(at: number, count = 1): Promise<Uint32Array> {
    return registersOf(await this.#ask('read', [at & 0xff, at >>> 8, count, 0, 0, 0]), count);
  }

  /** Sent again when the line fails: a register must not mind being written twice. */
  async write(at: number, value: number): Promise<void> {
    const bytes = [at, at >>> 8, value, value >>> 8, value >>> 16, value >>> 24];
    await this.#ask(
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
    await this.#ask('block', [...new Uint8Array(payload.buffer)]);
  }

  /** Images and errors since the core's reset, read in one request. */
  async counters(): Promise<Counters> {
    const first = address('IMAGE');
    const words = await this.read(first, address('BAD_FRAMES') - first + 1);
    const of = (name: LinkRegisterName) => words[address(name) - first]!;
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
    await this.write(address('ALARMS'), 0xff);
  }

  /** Throws away what is in the core; the next image has this number. */
  async seek(image = 0): Promise<void> {
    await this.write(address('IMAGE'), image);
    // The core moves on one time step a clock, or one word a clock where it has no seeder.
    const end = performance.now() + longestSeekMs;
    for (;;) {
      const [state] = await this.read(address('SEEKING'));
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
    this.recoveries += await loadMemories(this, weights, {
      tries: this.#retries + 1,
      timeoutMs: this.#timeoutMs,
      onProgress,
    });
  }

  /** The words of a memory of weights or of a table, as they are in the core; it takes no image meanwhile. @throws LinkError */
  async readMemory(memory: MemoryShape): Promise<number[][]> {
    return readMemoryWords(this, memory, this.#timeoutMs);
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
      yield* this.#stream(images, options);
    } finally {
      this.#busy = false;
    }
  }

  async *#stream(
    images: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    options: ClassifyOptions,
  ): AsyncGenerator<Answer> {
    const { credits, pixels } = this.identity;
    const settings = settingsOf(options);
    const first = options.firstImage ?? (await this.read(address('IMAGE')))[0]!;
    if (options.firstImage === undefined) await this.#applyAll(settings);
    else await this.#restart(first, settings);
    const source = Symbol.asyncIterator in images ? images[Symbol.asyncIterator]() : images[Symbol.iterator]();
    const window: Sent[] = [];
    let next = first;
    let more = true;
    let failures = 0;
    while (more || window.length > 0) {
      try {
        while (more && window.length < credits) {
          const item = await source.next();
          if (item.done) more = false;
          else {
            if (item.value.length !== pixels)
              throw new LinkError('refused', 'the image has another size', {
                found: `${item.value.length} pixels`,
                expected: `${pixels}`,
              });
            const sent = { image: next, pixels: item.value, sequence: this.#nextSequence(), accepted: false };
            next = (next + 1) & imageMask;
            window.push(sent);
            await this.#line.send({ sequence: sent.sequence, command: 'classify', payload: sent.pixels });
          }
        }
        const [oldest] = window;
        if (oldest === undefined) break;
        const answer = await this.#await(window);
        window.shift();
        failures = 0;
        yield answerOf(answer, this.identity.classes, options.abstainBelow);
      } catch (error) {
        if (this.#ended || !(error instanceof Hiccup)) {
          if (!(error instanceof LinkError && error.code === 'closed') || this.#ended) throw error;
        }
        failures += 1;
        this.recoveries += 1;
        if (failures > this.#retries) throw unreliable(error, failures);
        await this.#resume(window, settings);
      }
    }
  }

  /** The oldest image's answer; marks those that are accepted. @throws Hiccup */
  async #await(window: readonly Sent[]): Promise<Uint32Array> {
    for (;;) {
      const arrival = await this.#line.next(this.#timeoutMs);
      if (arrival.kind === 'closed') throw new LinkError('closed', 'the port went away');
      if (arrival.kind === 'silence') throw new Hiccup('nothing came');
      if (arrival.kind === 'damaged') throw new Hiccup(`a response was damaged (${arrival.damage})`);
      const { command, status, sequence, words } = arrival.response;
      if (arrival.response.alarms & restarted) throw new Hiccup('the board has started anew');
      if (status !== 'ok') {
        if (status === 'version' || status === 'command') throw refusal(arrival.response);
        throw new Hiccup(`the core says ${status}`);
      }
      if (command === 'answer') {
        const [oldest] = window;
        if (!oldest?.accepted || words[0] !== oldest.image || words.length !== this.identity.classes + 2)
          throw new Hiccup('an answer for another image');
        return words;
      }
      const sent = window.find((entry) => !entry.accepted);
      if (command !== 'classify' || sent === undefined || sequence !== sent.sequence || words[0] !== sent.image)
        throw new Hiccup('an image has another number');
      sent.accepted = true;
    }
  }

  /** All that is not answered again, under its old numbers. */
  async #resume(window: Sent[], settings: readonly Setting[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (this.#line.closed) await this.#reconnect();
        await this.#line.settle(20);
        await this.#restart(window[0]!.image, settings);
        for (const [index, { image, pixels }] of window.entries()) {
          const again = { image, pixels, sequence: this.#nextSequence(), accepted: false };
          window[index] = again;
          await this.#line.send({ sequence: again.sequence, command: 'classify', payload: pixels });
        }
        return;
      } catch (error) {
        const goesOn = error instanceof LinkError && ['closed', 'silent', 'no-port', 'unreliable'].includes(error.code);
        if (this.#ended || !goesOn || attempt >= this.#retries) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.min(1000, 50 * 2 ** attempt)));
      }
    }
  }

  async #restart(image: number, settings: readonly Setting[]): Promise<void> {
    await this.seek(image);
    await this.#applyAll(settings);
  }

  async #applyAll(settings: readonly Setting[]): Promise<void> {
    await this.write(address('ALARMS'), restarted);
    for (const { at, value } of settings) await this.write(at, value);
  }

  async #reconnect(): Promise<void> {
    await this.#line.close();
    this.#line = new Line(await this.#connect());
    await this.#line.settle(20);
    const { coreHash } = await this.#identify();
    if (coreHash !== this.identity.coreHash) throw wrongCore(coreHash, this.identity.coreHash);
  }

  async #identify(): Promise<Identity> {
    const first = address('LINK_ID');
    const count = address('CREDITS') - first + 1;
    const words = registersOf(await this.#exchange('read', [first, 0, count, 0, 0, 0]), count);
    const of = (name: LinkRegisterName) => words[address(name) - first]!;
    if (of('LINK_ID') !== linkId)
      throw new LinkError('wrong-device', 'the other end has another table of registers', {
        found: of('LINK_ID').toString(16),
        expected: linkId.toString(16),
        help: 'use the host program of the version that made the bitstream',
      });
    const identity = {
      coreHash: of('CORE_HASH'),
      clockHz: of('CLOCK_HZ'),
      pixels: of('PIXELS'),
      classes: of('CLASSES'),
      maxTimeSteps: of('MAX_TIME_STEPS'),
      credits: of('CREDITS'),
    };
    if (this.#coreHash !== undefined && identity.coreHash !== this.#coreHash)
      throw wrongCore(identity.coreHash, this.#coreHash);
    return identity;
  }

  /** A request and its response, over a new port where the old one goes away. */
  async #ask(command: CommandName, payload: readonly number[]): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (this.#line.closed && !this.#ended) await this.#reconnect();
        return await this.#exchange(command, payload);
      } catch (error) {
        const gone = error instanceof LinkError && ['closed', 'no-port'].includes(error.code);
        if (this.#ended || !gone || attempt >= this.#retries) throw error;
        this.recoveries += 1;
        await new Promise((resolve) => setTimeout(resolve, Math.min(1000, 50 * 2 ** attempt)));
      }
    }
  }

  /** A request and its response; again where the line fails. */
  async #exchange(command: CommandName, payload: readonly number[]): Promise<Response> {
    let heard = false;
    let last = '';
    for (let attempt = 0; attempt <= this.#retries; attempt += 1) {
      if (this.#ended) throw new LinkError('closed', 'the client is closed');
      // Sent on top of another it would be an overrun of its own, whose report would ask for one more, and so on.
      if (attempt > 0 && (await this.#line.settle(20))) heard = true;
      const sequence = this.#nextSequence();
      await this.#line.send({ sequence, command, payload: Uint8Array.from(payload) });
      const end = performance.now() + this.#timeoutMs;
      while (performance.now() < end) {
        const arrival = await this.#line.next(Math.max(1, end - performance.now()));
        if (arrival.kind === 'closed') throw new LinkError('closed', 'the port went away');
        if (arrival.kind === 'silence') break;
        heard = true;
        if (arrival.kind === 'damaged') last = `a damaged response (${arrival.damage})`;
        else if (arrival.response.status !== 'ok') {
          const { status } = arrival.response;
          // With these the CRC was right: the request itself is at fault.
          if (['version', 'command', 'length'].includes(status)) throw refusal(arrival.response);
          last = `the core says ${status}`;
          break;
        } else if (arrival.response.sequence === sequence && arrival.response.command === command)
          return arrival.response;
      }
      this.recoveries += 1;
    }
    if (heard || this.#line.damaged > 0) throw unreliable(last, this.#retries + 1);
    throw new LinkError('silent', 'nothing answers', {
      found: this.#line.bytesReceived === 0 ? 'no byte at all' : `${this.#line.bytesReceived} bytes that are no frames`,
      help: 'is this the right port (boards often have two), the right baud rate, and is the bitstream on the board?',
    });
  }

  #nextSequence(): number {
    this.#sequence = (this.#sequence + 1) & 0xff;
    return this.#sequence;
  }
}

/** Something on the line went wrong that sending again mends. */
class Hiccup extends Error {}

interface Setting {
  readonly at: number;
  readonly value: number;
}

function settingsOf({ timeSteps, exitMargin, registers = new Map() }: ClassifyOptions): Setting[] {
  return [
    ...(timeSteps === undefined ? [] : [{ at: address('TIME_STEPS'), value: timeSteps }]),
    ...(exitMargin === undefined ? [] : [{ at: address('EXIT_MARGIN'), value: exitMargin }]),
    ...[...registers].map(([at, value]) => ({ at, value })),
  ];
}

function registersOf({ words }: Response, count: number): Uint32Array {
  if (words.length === count) return words;
  throw new LinkError('wrong-device', 'the core read another number of registers', {
    found: `${words.length}`,
    expected: `${count}`,
  });
}

function answerOf(words: Uint32Array, classes: number, abstainBelow = 0): Answer {
  const scores = Int32Array.from(words.subarray(1, 1 + classes), (word) => word | 0);
  const last = words[classes + 1]!;
  const ranked = [...scores].sort((a, b) => b - a);
  const margin = classes === 1 ? 0 : ranked[0]! - ranked[1]!;
  return {
    image: words[0]!,
    scores,
    class: last & 0xffff,
    margin,
    abstains: margin < abstainBelow || last >>> 31 === 1,
    stepsUsed: (last >>> 16) & 0x7fff,
  };
}

function wrongCore(found: number, expected: number): LinkError {
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  return new LinkError('wrong-device', 'another core is on the board', {
    found: hex(found),
    expected: hex(expected),
    help: 'flash the bitstream of this core, or name the other core',
  });
}

function refusal({ status }: Response): LinkError {
  const { meaning, cure } = statuses[status];
  return new LinkError('refused', `the core refuses: ${meaning}`, { help: cure });
}

function unreliable(error: unknown, tries: number): LinkError {
  const found = error instanceof Error ? error.message : String(error);
  return new LinkError('unreliable', `the line damages too much: ${tries} tries in a row failed`, {
    found,
    help: 'is the baud rate that of the bitstream? try a lower one, another cable, another port',
  });
}
