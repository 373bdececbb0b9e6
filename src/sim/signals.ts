/** Which registers and ports are compared: those of the Verilog and those of the golden model must be the same. */
import { checkFailed } from '../errors/index.ts';
import type { SignalShape } from './model.ts';
import type { VerilogRegister } from './verilog-registers.ts';

/** The top's output ports; the signals of the model that have these names are ports, all others registers. */
export const outputPorts = [
  's_axis_tready',
  'm_axis_tdata',
  'm_axis_tvalid',
  'm_axis_tlast',
  'frame_error',
  'image_dropped',
] as const;

/** Those that mean something on every clock; data do while a handshake says so. */
export const handshakes: ReadonlySet<string> = new Set([
  ...['s_axis_tready', 'm_axis_tvalid', 'frame_error', 'image_dropped', 'wb_ack', 'alarm', 'closed'],
]);

/** Those of a core which watches over itself, and of one whose memories the host may load. */
export const monitorOutputs = ['alarm', 'closed'] as const;

/** Those of the register bus, where a core has one. */
export const busOutputs = ['wb_dat_r', 'wb_ack'] as const;

const portNames: ReadonlySet<string> = new Set([...outputPorts, ...busOutputs, ...monitorOutputs]);

/** Throws checkFailed, naming them, when a register of the Verilog is not predicted or a predicted one is not in the Verilog. */
export function matchSignals(predicted: readonly SignalShape[], registers: readonly VerilogRegister[]): void {
  const inVerilog = new Map(registers.map((register) => [register.path, register]));
  const inModel = new Set(predicted.map(({ path }) => path));
  const unpredicted = registers.filter(({ path }) => !inModel.has(path));
  const missing = predicted.filter(({ path }) => !inVerilog.has(path) && !portNames.has(path));
  if (unpredicted.length === 0 && missing.length === 0) return;
  const first = unpredicted[0];
  throw checkFailed('the registers of the Verilog and of the golden model are not the same', {
    ...(first ? { where: `${first.file}:${first.line}` } : {}),
    found:
      unpredicted.length > 0 ? `not predicted: ${names(unpredicted)}` : `only in the golden model: ${names(missing)}`,
    expected:
      unpredicted.length > 0 && missing.length > 0
        ? `predicted, but not in the Verilog: ${names(missing)}`
        : 'the same registers in both, or nothing could be said about the others',
    help: 'build the core again; if that does not help, the core and docs/microarchitecture.md have come apart',
  });
}

/** Throws checkFailed when Verilator sees a signal with another width than the golden model. */
export function matchWidths(predicted: readonly SignalShape[], widths: ReadonlyMap<string, number>): void {
  const different = predicted.filter(({ path, width }) => widths.get(path) !== width);
  const [first] = different;
  if (!first) return;
  const found = widths.get(first.path);
  throw checkFailed('a signal has another width in the Verilog than in the golden model', {
    where: names(different),
    found: found === undefined ? 'no such signal in the simulator' : `${first.path}: ${found} bits`,
    expected: `${first.width} bits`,
  });
}

function names(signals: readonly { readonly path: string }[]): string {
  const shown = signals.slice(0, 5).map(({ path }) => path);
  return signals.length > 5 ? `${shown.join(', ')} and ${signals.length - 5} more` : shown.join(', ');
}
