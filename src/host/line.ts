/** Frames over a transport: what has come waits in a queue until somebody asks for it. */
import { encodeRequest, framing, type Received, type Request, ResponseDecoder } from '../link/index.ts';
import { LinkError } from './errors.ts';
import type { Transport } from './transport.ts';

export type Arrival = Received | { readonly kind: 'silence' } | { readonly kind: 'closed' };

export class Line {
  readonly #transport: Transport;
  readonly #decoder = new ResponseDecoder();
  readonly #queue: Received[] = [];
  #wake: (() => void) | undefined;
  #closed = false;
  /** Bytes that came, and frames that were damaged. */
  bytesReceived = 0;
  damaged = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
    transport.onData((bytes) => {
      this.bytesReceived += bytes.length;
      for (const received of this.#decoder.feed(bytes)) {
        if (received.kind === 'damaged') this.damaged += 1;
        this.#queue.push(received);
      }
      this.#wake?.();
    });
    transport.onClose(() => {
      this.#closed = true;
      this.#wake?.();
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  async send(request: Request): Promise<void> {
    await this.#write(encodeRequest(request));
  }

  /** A flag ends whatever frame the core thinks it is in; then nothing may come for `quietMs`. True when frames came before. */
  async settle(quietMs: number): Promise<boolean> {
    await this.#write(Uint8Array.of(framing.flag, framing.flag));
    const end = performance.now() + 20 * quietMs;
    let heard = false;
    while (performance.now() < end) {
      const { kind } = await this.next(quietMs);
      if (kind === 'silence' || kind === 'closed') break;
      heard = true;
    }
    this.#decoder.reset();
    return heard;
  }

  /** The next frame; silence when none comes for so long. */
  async next(timeoutMs: number): Promise<Arrival> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const first = this.#queue.shift();
      if (first !== undefined) return first;
      if (this.#closed) return { kind: 'closed' };
      const left = end - performance.now();
      if (left <= 0) return { kind: 'silence' };
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake?.();
    await this.#transport.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#closed) throw new LinkError('closed', 'the port is closed');
    await this.#transport.write(bytes);
  }
}
