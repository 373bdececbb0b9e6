/** spinfire init: a new project that can be built and run at once. */
import { join, relative } from 'node:path';
import { z } from 'zod';
import { initProject } from '../../app/index.ts';
import { command } from '../command.ts';
import { folder, text } from '../options.ts';

export const initCommand = command({
  name: 'init',
  summary: 'write a new project: a design to change, with a network and a device',
  arguments: { folder: { type: folder, help: 'a new or empty folder' } },
  options: { name: { argument: 'name', type: text, help: 'name of the core', usual: "the folder's" } },
  result: z.object({
    name: z.string().describe('of the core'),
    directory: z.string().describe('relative to the current folder'),
    files: z.array(z.string()),
  }),
  run: async (given, { io }) => {
    const { name, directory, files } = await initProject(given.folder, given.name, io);
    const shown = relative(io.cwd, directory) || '.';
    return {
      json: { name, directory: shown, files },
      text: `${shown}: ${files.join(', ')}\nnext: spinfire build ${join(shown, 'design.ts')} -o ${join(shown, 'build', name)}`,
    };
  },
});
