/** Lines and toggles of a core's Verilog on the command line: how many the hostile runs reach, and which they don't. */
import { systemEnvironment } from '../../flow/index.ts';
import { type CoreRun, type Covered, verilogCoverage } from '../../sim/index.ts';
import type { CommandContext } from '../command.ts';

/** So many holes of a kind are shown. */
const shownHoles = 20;

export async function coverageOf(run: CoreRun, { io, progress }: CommandContext) {
  const coverage = await progress.step(`coverage of ${run.plan.name}`, () =>
    verilogCoverage(run, systemEnvironment(io.env, io.cwd)),
  );
  const lines = [
    ...show('lines and branches', coverage.lines),
    ...show('bits toggled', coverage.toggles),
    `  over ${coverage.runs} hostile runs, instances of a module together`,
  ];
  return { json: coverage, text: lines.join('\n') };
}

function show(what: string, { covered, of, holes }: Covered): string[] {
  const more = holes.length - shownHoles;
  return [
    `${what}: ${covered} of ${of} (${((100 * covered) / Math.max(1, of)).toFixed(1)} %)`,
    ...holes.slice(0, shownHoles).map((hole) => `  not reached: ${hole}`),
    ...(more > 0 ? [`  and ${more} more; --json has all`] : []),
  ];
}
