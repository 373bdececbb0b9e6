/** spinfire completion: the script that teaches a shell the commands. */
import { z } from 'zod';
import { type Command, command } from '../command.ts';
import { completionScript, shells } from '../completion/index.ts';
import { oneOf } from '../options.ts';

/** @param commands all of them; this one, too */
export function completionCommand(commands: () => readonly Command[]): Command {
  return command({
    name: 'completion',
    summary: 'print the script that lets a shell complete commands, options, values and names of cores',
    arguments: { shell: { type: oneOf(shells), help: shells.join(', ') } },
    options: {},
    result: z.object({ shell: z.enum(shells), script: z.string() }),
    run: ({ shell }) => {
      const script = completionScript(shell, commands());
      return { json: { shell, script }, text: script.trimEnd() };
    },
  });
}
