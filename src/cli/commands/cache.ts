/** spinfire cache: what is kept between runs, and clearing it. */
import { z } from 'zod';
import { cacheEntries, cacheFolder, clearCache, openCore } from '../../app/index.ts';
import { textTable } from '../../report/index.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { workOption } from '../core-options.ts';
import { core } from '../options.ts';

const options = {
  core: { argument: 'name', type: core, help: 'what is kept in the build folder of a core', usual: 'SPINFIRE_CACHE' },
  work: workOption,
  clear: { type: 'flag', help: 'remove it; the next runs make it again' },
} as const;

const result = z.object({
  folder: z.string().describe('absolute'),
  entries: z.array(
    z.object({
      path: z.string(),
      bytes: z.number(),
      changed: z.string().describe('time of its last change'),
      whole: z.boolean().describe('false: damaged, so that it counts as not there'),
    }),
  ),
  bytes: z.number().describe('of all'),
  cleared: z.boolean(),
});

export const cacheCommand = command({
  name: 'cache',
  summary: 'show or clear what is kept between runs: simulators, and with --core syntheses and placements',
  arguments: {},
  options,
  result,
  run,
});

async function run(
  { core: name, work, clear }: GivenOf<typeof options>,
  { io }: CommandContext,
): Promise<ResultOf<z.output<typeof result>>> {
  const folder = name === undefined ? cacheFolder(io.env) : openCore(name, io, work).work;
  const entries = await (clear ? clearCache : cacheEntries)(folder);
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const megabytes = (size: number) => `${(size / 1e6).toFixed(1)} MB`;
  const rows = entries.map(({ path, bytes: size, changed, whole }) => [
    path,
    megabytes(size),
    changed.slice(0, 10),
    whole ? 'whole' : 'damaged',
  ]);
  const table = entries.length === 0 ? [] : [textTable({ columns: ['kept', 'size', 'changed', ''], rows })];
  const last = `${folder}: ${entries.length} kept, ${megabytes(bytes)}${clear ? ', now removed' : ''}`;
  return { json: { folder, entries, bytes, cleared: clear === true }, text: [...table, last].join('\n') };
}
