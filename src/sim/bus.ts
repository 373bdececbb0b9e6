/**
 * What the host does on the register bus, as a script that runs beside the pixels. Like the stimulus it exists twice with the same rules:
 * here, in front of the golden model, and in sim/bus.h, in front of the Verilog.
 */

/** Addresses are word addresses, data unsigned 32-bit numbers. */
export type BusOperation =
  | { readonly kind: 'write'; readonly address: number; readonly data: number }
  /** Its answer is kept. */
  | { readonly kind: 'read'; readonly address: number }
  /** Reads until the masked value is `value`. */
  | { readonly kind: 'until'; readonly address: number; readonly mask: number; readonly value: number }
  | { readonly kind: 'pause'; readonly clocks: number }
  /** Lets the first `images` images go in; without any `send` in the script all may. */
  | { readonly kind: 'send'; readonly images: number }
  /** Waits until so many images have come out. */
  | { readonly kind: 'results'; readonly images: number };

/** The bus's inputs of the core in one clock. */
export interface BusCycle {
  readonly cycle: boolean;
  readonly strobe: boolean;
  readonly write: boolean;
  readonly address: number;
  readonly data: number;
}

const noAccess: BusCycle = { cycle: false, strobe: false, write: false, address: 0, data: 0 };

export class BusScript {
  readonly reads: number[] = [];
  private readonly operations: readonly BusOperation[];
  private readonly gated: boolean;
  private at = 0;
  private paused = 0;
  private allowed = 0;
  private accessing = false;

  constructor(operations: readonly BusOperation[]) {
    this.operations = operations;
    this.gated = operations.some(({ kind }) => kind === 'send');
  }

  get done(): boolean {
    return this.at >= this.operations.length;
  }

  /** Images that may have gone in by now. */
  get sendable(): number {
    return this.gated && !this.done ? this.allowed : Number.POSITIVE_INFINITY;
  }

  /** The bus in this cycle, in which `results` images have come out. */
  drive(results: number): BusCycle {
    const operation = this.operations[this.at];
    this.accessing = false;
    if (operation === undefined) return noAccess;
    switch (operation.kind) {
      case 'pause':
        this.paused += 1;
        if (this.paused >= operation.clocks) this.next();
        return noAccess;
      case 'send':
        this.allowed = operation.images;
        this.next();
        return noAccess;
      case 'results':
        if (results >= operation.images) this.next();
        return noAccess;
      default:
        this.accessing = true;
        return {
          cycle: true,
          strobe: true,
          write: operation.kind === 'write',
          address: operation.address,
          data: operation.kind === 'write' ? operation.data : 0,
        };
    }
  }

  /** The core's answer in the cycle that was driven last. */
  observe(ack: boolean, data: number): void {
    const operation = this.operations[this.at];
    if (!this.accessing || !ack || operation === undefined) return;
    if (operation.kind === 'read') this.reads.push(data >>> 0);
    if (operation.kind === 'until' && (data & operation.mask) >>> 0 !== operation.value) return;
    this.next();
  }

  private next(): void {
    this.at += 1;
    this.paused = 0;
  }
}

/** The script as sim/bus.h reads it: a line for each operation. */
export function busText(operations: readonly BusOperation[]): string {
  return operations.map((operation) => `${lineOf(operation)}\n`).join('');
}

function lineOf(operation: BusOperation): string {
  switch (operation.kind) {
    case 'write':
      return `w ${operation.address} ${operation.data} 0`;
    case 'read':
      return `r ${operation.address} 0 0`;
    case 'until':
      return `u ${operation.address} ${operation.mask} ${operation.value}`;
    case 'pause':
      return `p ${operation.clocks} 0 0`;
    case 'send':
      return `s ${operation.images} 0 0`;
    case 'results':
      return `o ${operation.images} 0 0`;
  }
}
