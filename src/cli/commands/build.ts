/** spinfire build: a folder with Verilog, memories, plan and test bench. */

import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { checkName, exploreDesign, loadDesign, type WrittenCore, withBudget, writeCore } from '../../app/index.ts';
import { type CoreEstimate, estimateCore, planCore } from '../../core/index.ts';
import { type LintMessage, lintVerilog, readSourceMap, systemEnvironment } from '../../flow/index.ts';
import { budgetFlags, budgetOptions } from '../budget-options.ts';
import { designFlags, designOptions } from '../design-options.ts';
import type { CommandResult, Io } from '../io.ts';
import { parseOptions } from '../options.ts';
import type { CommandContext, Runner } from '../run.ts';
import { showExploration } from '../show/explore.ts';

const options = z.object({
  ...designOptions,
  ...budgetOptions,
  output: z.string().optional(),
  name: z.string().optional(),
  explore: z.boolean().optional(),
  lint: z.boolean().optional(),
});

export function addBuild(program: Command, run: Runner): void {
  const command = program
    .command('build')
    .description('write a core: Verilog, memories, plan, test bench')
    .argument('<design>', 'network (.onnx) or design (.ts)')
    .option('-o, --output <folder>', 'where to (generated/NAME)')
    .option('--name <name>', "name of the core and of its top module (the file's)")
    .option('--early-exit', 'answer an image as soon as the best class leads by the margin at the port exit_margin')
    .option('--lint', 'let verilator, iverilog and yosys read the Verilog; a warning is a failed check')
    .option('--explore', 'show cycles against area of all folds worth having, and build nothing');
  for (const [flags, description] of [...designFlags, ...budgetFlags]) command.option(flags, description);
  command.action((path: string, given) => run((context) => build(path, parseOptions(options, given), context)));
}

async function build(path: string, chosen: z.output<typeof options>, context: CommandContext): Promise<CommandResult> {
  const { io, progress } = context;
  if (chosen.name !== undefined) checkName(chosen.name, '--name');
  const loaded = await loadDesign(path, chosen, io);
  const design = withBudget({ ...loaded, name: chosen.name ?? loaded.name }, chosen);
  if (chosen.explore) return showExploration(exploreDesign(design));
  const plan = planCore(design);
  const directory = resolve(io.cwd, chosen.output ?? join('generated', plan.name));
  const core = await progress.step(`build ${plan.name}`, (report) => writeCore(plan, directory, report));
  const shown = relative(io.cwd, directory) || '.';
  const estimate = estimateCore(design, plan);
  const said = chosen.lint ? await progress.step(`lint ${plan.name}`, () => lint(directory, core, io)) : undefined;
  return {
    json: {
      ...{ name: plan.name, ...core, directory: shown },
      ...(estimate === undefined ? {} : { estimate }),
      ...(said === undefined ? {} : { warnings: said }),
    },
    text: [
      `${plan.name}: ${core.verilog.length} Verilog files in ${shown}, top module ${core.top}`,
      `${core.lanes} lanes, ${core.cyclesPerImage} clock cycles an image with ${plan.timeSteps.default} time steps`,
      ...(estimate === undefined ? [] : [showEstimate(estimate)]),
      ...(said?.length === 0 ? ['no warnings of verilator, iverilog and yosys'] : []),
      ...(said ?? []).map(({ tool, text }) => `${tool}:\n${text}`),
    ].join('\n'),
    exitCode: said === undefined || said.length === 0 ? 0 : 1,
  };
}

function showEstimate({ family, luts, rams }: CoreEstimate): string {
  return `expected of yosys: ${luts.toLocaleString('en')} LUT4 and ${rams} block RAMs on ${family}`;
}

function lint(directory: string, { verilog, top }: WrittenCore, io: Io): Promise<LintMessage[]> {
  return lintVerilog(
    {
      directory,
      verilog,
      top,
      sourceMap: readSourceMap(directory),
      logDirectory: join(directory, 'build', 'lint'),
      signal: io.signal,
    },
    systemEnvironment(io.env, io.cwd),
  );
}
