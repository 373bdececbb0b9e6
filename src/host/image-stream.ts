/** Images in a row to a core: as many at once as it has room for, and again under their old numbers where something went wrong. */
import { alarms, linkRegisters } from '../link/index.ts';
import { type Answer, answerOf, type ClassifyOptions, type Setting, settingsOf } from './answer.ts';
import { addressOf, type Connection, isRefusal, pauseBefore, refusal, strangerText, unreliable } from './connection.ts';
import { LinkError } from './errors.ts';

interface Sent {
  readonly image: number;
  readonly pixels: Uint8Array;
  readonly sequence: number;
  accepted: boolean;
}

/** Something on the line went wrong that sending again mends. */
class Hiccup extends Error {}

/** The registers of the core, as the client reaches them. */
interface Registers {
  read(at: number, count?: number): Promise<Uint32Array>;
  write(at: number, value: number): Promise<void>;
  seek(image?: number): Promise<void>;
}

type Images = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

const imageMask = 2 ** linkRegisters.IMAGE.width - 1;
const restarted = 1 << alarms.restarted.bit;

/** After these the board may come back, or the line be better. */
const passing: readonly string[] = ['closed', 'silent', 'no-port', 'unreliable'];

export class ImageStream {
  readonly #connection: Connection;
  readonly #registers: Registers;
  readonly #settings: readonly Setting[];
  readonly #options: ClassifyOptions;
  /** Images without an answer, the oldest first. */
  readonly #window: Sent[] = [];

  constructor(connection: Connection, registers: Registers, options: ClassifyOptions) {
    this.#connection = connection;
    this.#registers = registers;
    this.#options = options;
    this.#settings = settingsOf(options);
  }

  /** Answers in the order of the images. @throws LinkError */
  async *answers(images: Images): AsyncGenerator<Answer> {
    const { identity, retries } = this.#connection;
    const { abstainBelow } = this.#options;
    let next = await this.#begin();
    const source = Symbol.asyncIterator in images ? images[Symbol.asyncIterator]() : images[Symbol.iterator]();
    let more = true;
    let failures = 0;
    while (more || this.#window.length > 0) {
      try {
        while (more && this.#window.length < identity.credits) {
          const item = await source.next();
          if (item.done) more = false;
          else {
            const image = next;
            next = (next + 1) & imageMask;
            await this.#send(image, item.value);
          }
        }
        if (this.#window.length === 0) break;
        const words = await this.#await();
        this.#window.shift();
        failures = 0;
        yield answerOf(words, identity.classes, abstainBelow);
      } catch (error) {
        const gone = error instanceof LinkError && error.code === 'closed';
        if (this.#connection.ended || !(error instanceof Hiccup || gone)) throw error;
        failures += 1;
        this.#connection.recoveries += 1;
        if (failures > retries) throw unreliable(error, failures);
        await this.#resume();
      }
    }
  }

  /** The number of the first image. */
  async #begin(): Promise<number> {
    const { firstImage } = this.#options;
    if (firstImage !== undefined) {
      await this.#restart(firstImage);
      return firstImage;
    }
    const [reached] = await this.#registers.read(addressOf('IMAGE'));
    await this.#applySettings();
    return reached!;
  }

  async #send(image: number, pixels: Uint8Array): Promise<void> {
    const expected = this.#connection.identity.pixels;
    if (pixels.length !== expected)
      throw new LinkError('refused', 'the image has another size', {
        found: `${pixels.length} pixels`,
        expected: `${expected}`,
      });
    // In the window before it is sent: a port that goes away meanwhile does not lose it.
    const at = this.#window.push({ image, pixels, sequence: -1, accepted: false }) - 1;
    await this.#sendAgain(at);
  }

  async #sendAgain(at: number): Promise<void> {
    const { image, pixels } = this.#window[at]!;
    const sequence = await this.#connection.send('classify', pixels);
    this.#window[at] = { image, pixels, sequence, accepted: false };
  }

  /** The oldest image's answer; marks those that are accepted. @throws Hiccup */
  async #await(): Promise<Uint32Array> {
    for (;;) {
      const arrival = await this.#connection.next();
      if (arrival.kind === 'closed') throw new LinkError('closed', 'the port went away');
      if (arrival.kind === 'silence') throw new Hiccup('nothing came');
      if (arrival.kind === 'damaged') throw new Hiccup(`a response was damaged (${arrival.damage})`);
      const { response } = arrival;
      const { command, status, sequence, words } = response;
      if (response.alarms & restarted) throw new Hiccup('the board has started anew');
      if (isRefusal(response)) {
        if (this.#window.some((sent) => sent.sequence === sequence)) throw refusal(response);
        throw new Hiccup(strangerText(response));
      }
      if (status !== 'ok') throw new Hiccup(`the core says ${status}`);
      if (command === 'answer') {
        const [oldest] = this.#window;
        if (!oldest?.accepted || words[0] !== oldest.image || words.length !== this.#connection.identity.classes + 2)
          throw new Hiccup('an answer for another image');
        return words;
      }
      const sent = this.#window.find((entry) => !entry.accepted);
      if (command !== 'classify' || sent === undefined || sequence !== sent.sequence || words[0] !== sent.image)
        throw new Hiccup('an image has another number');
      sent.accepted = true;
    }
  }

  /** All that is not answered again, under its old numbers. */
  async #resume(): Promise<void> {
    const { retries } = this.#connection;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#connection.settle();
        await this.#restart(this.#window[0]!.image);
        for (const at of this.#window.keys()) await this.#sendAgain(at);
        return;
      } catch (error) {
        const passes = error instanceof LinkError && passing.includes(error.code);
        if (this.#connection.ended || !passes || attempt >= retries) throw error;
        await pauseBefore(attempt);
      }
    }
  }

  async #restart(image: number): Promise<void> {
    await this.#registers.seek(image);
    await this.#applySettings();
  }

  async #applySettings(): Promise<void> {
    await this.#registers.write(addressOf('ALARMS'), restarted);
    for (const { at, value } of this.#settings) await this.#registers.write(at, value);
  }
}
