/** spinfire report: what is known of a core, as one page. */
import type { Command } from 'commander';
import { z } from 'zod';
import { writeReport } from '../../app/index.ts';
import { parseOptions, wholeNumber } from '../options.ts';
import type { Runner } from '../run.ts';

const options = z.object({
  output: z.string().optional(),
  images: z.string().optional(),
  labels: z.string().optional(),
  limit: wholeNumber(1, 1_000_000).default(1000),
  device: z.string().optional(),
  assumptions: z.string().optional(),
  energy: z.boolean().default(true),
});

export function addReport(program: Command, run: Runner): void {
  program
    .command('report')
    .description('one self-contained HTML page of what is known of a core')
    .argument('<name>', 'a core that build wrote: a folder, or its name under generated/')
    .option('-o, --output <file.html>', 'where to (build/report.html in the core)')
    .option('--images <file>', "IDX file, gzipped or not (MNIST's test images)")
    .option('--labels <file>', 'IDX file')
    .option('--limit <N>', 'only the first N images (1000)')
    .option('--device <file>', 'device of the neurons: parameters (.json) or measured curve (.csv)')
    .option('--assumptions <file.json>', 'of the energy (models/energy/assumptions.json)')
    .option('--no-energy', 'no energy table, which wants the 45 nm tools and minutes')
    .action((core: string, given) =>
      run(async (context) => {
        const report = await writeReport({ core, ...parseOptions(options, given) }, context);
        return { json: { ...report }, text: `${report.output}: ${report.sections.join(', ')}` };
      }),
    );
}
