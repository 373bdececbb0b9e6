/**
 * How an OpenSTA counts internal energy. A liberty file gives the energy of a rising and of a falling transition. At one toggle a cycle half of
 * the toggles rise and half fall, so that a cycle costs the mean of both, and a clock costs their sum. OpenSTA 2.0.17 takes twice that for
 * outputs and for the clock, but not for the other inputs of flip-flops; later versions differ. So the one that is here is asked about an
 * inverter and a flip-flop of which the right answers are known.
 */
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFailed } from '../../errors/index.ts';
import type { FoundTool, ToolEnvironment } from '../tools/environment.ts';
import { runTool } from '../tools/run.ts';

/** What reported internal power is to be divided by. */
export interface InternalFactors {
  readonly clock: number;
  readonly outputs: number;
  /** Data and other inputs: half of the outputs' in all versions whose source is known. */
  readonly inputs: number;
}

const netlist = `module probe (clk, a, y, q);
  input clk, a;
  output y, q;
  INVX1 u (.A(a), .Y(y));
  DFFPOSX1 r (.CLK(clk), .D(a), .Q(q));
endmodule
`;

const script = `read_liberty probe.lib
read_verilog probe.v
link_design probe
create_clock -name clk -period 10 [get_ports clk]
set_input_delay 0 -clock clk [get_ports a]
set_power_activity -global -activity 0 -duty 0.5
report_power -instances [get_cells r] -digits 9
set_power_activity -global -activity 1 -duty 0.5
report_power -instances [get_cells u] -digits 9
`;

/**
 * By hand from FreePDK45's tables, without load and with ideal edges, extrapolated as test/estimate/liberty-tables.ts does: INVX1 the mean of
 * 1.1715 and 0.0194 fJ; the clock of DFFPOSX1 -0.246 and 14.310 fJ.
 */
const inverterJ = 0.5955e-15;
const clockJ = 14.064e-15;
const periodS = 10e-9;

export interface InternalPowerProbe {
  readonly folder: string;
  /** FreePDK45's liberty file. */
  readonly liberty: string;
  readonly logFile: string;
  readonly signal: AbortSignal | undefined;
}

export async function internalFactors(
  tool: FoundTool,
  { folder, liberty, logFile, signal }: InternalPowerProbe,
  environment: ToolEnvironment,
): Promise<InternalFactors> {
  await copyFile(liberty, join(folder, 'probe.lib'));
  await writeFile(join(folder, 'probe.v'), netlist);
  await writeFile(join(folder, 'probe.tcl'), script);
  const args = ['-no_init', '-no_splash', '-exit', 'probe.tcl'];
  const { stdout } = await runTool(tool, args, { cwd: folder, logFile, signal, env: environment.env });
  const factor = (instance: string, energyJ: number): number => {
    const reported = Number(new RegExp(`^\\s*(\\S+)\\s+\\S+\\s+\\S+\\s+\\S+\\s+${instance}$`, 'm').exec(stdout)?.[1]);
    const found = [0.5, 1, 2].find((one) => Math.abs((reported * periodS) / energyJ / one - 1) < 0.05);
    if (found !== undefined) return found;
    throw checkFailed('OpenSTA counts internal power in an unknown way', {
      where: logFile,
      found: `${reported} W for ${instance === 'u' ? 'an inverter that toggles' : 'a flip-flop that is clocked'} once in 10 ns`,
      expected: `${energyJ / periodS} W, or half or twice as much`,
    });
  };
  const outputs = factor('u', inverterJ);
  return { clock: factor('r', clockJ), outputs, inputs: outputs / 2 };
}

/**
 * A liberty file without the internal power of inputs that are no clocks.
 * @returns undefined when there is none
 */
export function withoutInputPower(text: string): string | undefined {
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, ' ');
  const edited = editGroups(plain, /\bpin\s*\([^)]*\)\s*\{/g, (pin) => {
    const isDataInput = /\bdirection\s*:\s*"?input\b/.test(pin) && !/\bclock\s*:\s*"?true\b/.test(pin);
    return isDataInput ? editGroups(pin, /\binternal_power\s*\([^)]*\)\s*\{/g, () => '') : pin;
  });
  return edited === plain ? undefined : edited;
}

/** Replaces each group that begins with `start` (which ends with its brace), as a whole. */
export function editGroups(text: string, start: RegExp, edit: (group: string) => string): string {
  let result = '';
  let done = 0;
  for (const match of text.matchAll(start)) {
    if (match.index < done) continue;
    let end = match.index + match[0].length;
    for (let depth = 1; depth > 0 && end < text.length; end += 1) {
      if (text[end] === '{') depth += 1;
      if (text[end] === '}') depth -= 1;
    }
    result += text.slice(done, match.index) + edit(text.slice(match.index, end));
    done = end;
  }
  return result + text.slice(done);
}
