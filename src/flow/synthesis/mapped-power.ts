/** Power of the cells of a core that was mapped to standard cells. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { withWorkFolder } from '../../store/index.ts';
import { cellFactors } from '../timing/cell-factors.ts';
import { analyseCellPower, type CellPowerReport } from '../timing/cell-power.ts';
import { internalFactors, withoutInputPower } from '../timing/internal-power.ts';
import { withoutWireLoad, withPlainPower } from '../timing/plain-power.ts';
import type { ToolEnvironment } from '../tools/environment.ts';
import { findTool } from '../tools/find.ts';
import { withIdealGatedClocks } from './clock-gating.ts';
import { clockPinCapacitance, readLiberty } from './liberty.ts';
import type { SynthesisResult } from './result.ts';
import { usualLiberty } from './synthesise.ts';

/** A mapped netlist, its activity and clock, for the power by cell. */
export interface CellPowerRun {
  /** Of target asic45. */
  readonly synthesis: SynthesisResult;
  /** The liberty file that it was mapped to; FreePDK45 by default. */
  readonly liberty?: string | undefined;
  readonly clockPort?: string;
  readonly periodNs: number;
  readonly defaultActivity: number;
  /** A folder for what is written on the way. */
  readonly outputDirectory: string;
  readonly signal?: AbortSignal | undefined;
}

export interface MappedCellPower extends CellPowerReport {
  readonly toolVersion: string;
  readonly library: string;
  /** Volts; undefined when the library does not say. */
  readonly voltage: number | undefined;
  /** Mean capacitance of a flip-flop's clock input, F; undefined when the library does not say. Nobody is charged for it: an ideal clock drives it. */
  readonly clockPinF: number | undefined;
}

/** @throws missingTool without OpenSTA */
export async function mappedCellPower(run: CellPowerRun, environment: ToolEnvironment): Promise<MappedCellPower> {
  const sta = await findTool('sta', environment);
  const { synthesis } = run;
  const liberty = run.liberty === undefined ? usualLiberty : resolve(environment.cwd, run.liberty);
  const whole = await readFile(liberty, 'utf8');
  const library = readLiberty(whole, liberty);
  const text = withoutWireLoad(withPlainPower(whole).text);
  return withWorkFolder(run.outputDirectory, async (folder) => {
    const memories = synthesis.files.memoryLiberty;
    await writeFile(join(folder, 'cells.lib'), text);
    const netlist = await readFile(join(synthesis.directory, synthesis.files.verilog), 'utf8');
    await writeFile(join(folder, 'netlist.v'), withIdealGatedClocks(netlist));
    if (memories !== undefined) await copyFile(join(synthesis.directory, memories), join(folder, 'memories.lib'));
    const logFile = join(folder, 'power.log');
    const probe = { folder, liberty: usualLiberty, logFile, signal: run.signal };
    const plain = await internalFactors(sta, probe, environment);
    const factorsOf = await cellFactors(
      sta,
      { folder, text, cells: readLiberty(text, liberty).cells, plain, logFile, signal: run.signal },
      environment,
    );
    const withoutInputs = withoutInputPower(text);
    if (withoutInputs !== undefined) await writeFile(join(folder, 'outputs.lib'), withoutInputs);
    const memoryFiles = memories === undefined ? [] : ['memories.lib'];
    const report = await analyseCellPower(
      sta,
      {
        folder,
        netlist: 'netlist.v',
        liberties: ['cells.lib', ...memoryFiles],
        top: synthesis.top,
        clockPort: run.clockPort ?? 'clk',
        periodNs: run.periodNs,
        defaultActivity: run.defaultActivity,
        factorsOf,
        withoutInputs: withoutInputs === undefined ? undefined : ['outputs.lib', ...memoryFiles],
        logFile,
        signal: run.signal,
      },
      environment,
    );
    const clockPinF = clockPinCapacitance(library, synthesis.cells ?? {});
    return { ...report, toolVersion: sta.version, library: library.name, voltage: library.voltage, clockPinF };
  });
}
