/** Mutants of a core on the command line: how many lockstep finds, and what is left. */
import { systemEnvironment } from '../../flow/index.ts';
import { type Mutant, type MutateOptions, mutateCore } from '../../sim/index.ts';
import type { CommandContext } from '../command.ts';

/** So many of those that are left are shown. */
const shownMutants = 20;

export async function mutantsOf(options: MutateOptions, { io, progress }: CommandContext) {
  const { mutants, found, equivalent, survivors } = await progress.step(`mutants of ${options.plan.name}`, (report) =>
    mutateCore(
      { ...options, onProgress: ({ stage, done, of }) => report(done / of, `${stage} ${done} of ${of}`) },
      systemEnvironment(io.env, io.cwd),
    ),
  );
  const lines = [
    `${mutants} mutants: ${found} found, ${equivalent.length} proved to be none, ${survivors.length} left`,
    ...survivors.slice(0, shownMutants).map(showMutant),
    ...(survivors.length > shownMutants ? [`and ${survivors.length - shownMutants} more; --json has all`] : []),
  ];
  return { json: { mutants, found, equivalent: equivalent.length, survivors }, text: lines.join('\n') };
}

function showMutant({ module, what, where }: Mutant): string {
  // A cell that yosys made while it simplified comes from no line.
  return `  ${module} ${what}${where === '' ? '' : `\n    ${where}`}`;
}
