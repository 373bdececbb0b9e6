/** Accesses of the memories of a mapped netlist, and what they cost by the memory model of src/flow. */
import { type MemoryMacro, memoryAreaUm2, memoryReadEnergyJ } from '../flow/index.ts';
import type { Activity, BitActivity } from '../sim/index.ts';

/** Accesses of one memory in the measured cycles. */
export interface MemoryUse {
  /** Instance path in the netlist. */
  readonly instance: string;
  readonly macro: string;
  readonly words: number;
  readonly width: number;
  /** In the measured cycles: the emitted Verilog reads on every clock unless it has an enable. */
  readonly reads: number;
  /** Of these, the reads of another address than the clock before: what is left when the port is gated while the address holds. */
  readonly newReads: number;
  readonly writes: number;
  readonly areaUm2: number;
  /** Of one read; a write is taken to cost the same. */
  readonly accessJ: number;
}

/** How a macro's ports are clocked, as its model in Verilog says. */
interface MacroPorts {
  /** Signal and bit that enable a write; undefined: a read-only memory. */
  readonly write?: { readonly signal: string; readonly bit: number };
  readonly readEnable?: { readonly signal: string; readonly bit: number };
  /** Signals that make up the read address. */
  readonly address: readonly string[];
}

/** @param models Verilog of the memories, as yosys writes it */
export function memoryUses(activity: Activity, macros: readonly MemoryMacro[], models: string): MemoryUse[] {
  const ports = readMacroPorts(models);
  const uses: MemoryUse[] = [];
  for (const macro of macros) {
    const port = ports.get(macro.macro);
    if (port?.address[0] === undefined)
      throw new Error(`the Verilog that yosys wrote of the memory ${macro.macro} shows no read address`);
    const suffix = `${macro.macro}/${port.address[0]}`;
    const found = [...activity.signals.keys()].filter((name) => name === suffix || name.endsWith(`/${suffix}`));
    // A memory that nobody counts would cost nothing, in silence.
    if (found.length === 0) throw new Error(`the simulated netlist has no memory ${macro.macro}`);
    for (const name of found) {
      const instance = name.slice(0, name.lastIndexOf('/'));
      const bits = (signal: string) => activity.signals.get(`${instance}/${signal}`) ?? [];
      const high = ({ signal, bit }: { signal: string; bit: number }) => bits(signal)[bit]?.high ?? 0;
      const reads = port.readEnable === undefined ? activity.cycles : high(port.readEnable);
      const moves = port.address.reduce((sum, signal) => sum + changes(bits(signal)), 0);
      uses.push({
        instance,
        macro: macro.macro,
        words: macro.words,
        width: macro.width,
        reads,
        newReads: Math.min(reads, moves),
        writes: port.write === undefined ? 0 : high(port.write),
        areaUm2: memoryAreaUm2(macro),
        accessJ: memoryReadEnergyJ(macro),
      });
    }
  }
  return uses.sort((a, b) => (a.instance < b.instance ? -1 : 1));
}

const changes = (bits: readonly BitActivity[]): number => bits[0]?.changes ?? 0;

/** @returns by module */
export function readMacroPorts(models: string): Map<string, MacroPorts> {
  const ports = new Map<string, MacroPorts>();
  for (const [, module = '', body = ''] of models.matchAll(/^module (\S+)\(([\s\S]*?)^endmodule/gm)) {
    const name = module.replace(/^\\/, '');
    // Initial contents are the bulk of the text.
    const text = body.replace(/^ {4}\S+ ?\[\d+\] = .*\n/gm, '');
    // A memory in a loop has an escaped name, `\frames[0].words `, which ends with a blank.
    const memory = /^ {2}reg (?:\[[^\]]*\] )?(\S+) +\[/m.exec(text)?.[1] ?? '';
    const escaped = memory.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const write = new RegExp(`if \\((\\S+?)\\)\\s*\\n\\s*${escaped} ?\\[[^\\]]*\\].*<=`).exec(text)?.[1];
    const read = new RegExp(`(?:if \\((\\S+?)\\) begin\\s*\\n\\s*)?\\S+ +(?:<=|=) ${escaped} ?\\[(.*)\\];`).exec(text);
    const address = [...(read?.[2] ?? '').matchAll(/\\\S+|[A-Za-z_]\w*/g)].map(([signal]) => signal.replace(/^\\/, ''));
    ports.set(name, {
      ...(write === undefined ? {} : { write: bitOf(write) }),
      ...(read?.[1] === undefined ? {} : { readEnable: bitOf(read[1]) }),
      address,
    });
  }
  return ports;
}

function bitOf(expression: string): { signal: string; bit: number } {
  const [, signal = expression, bit] = /^(\w+)\[(\d+)\]$/.exec(expression) ?? [];
  return { signal, bit: Number(bit ?? 0) };
}
