/** spinfire report: what is known of a core, as one page. */
import { z } from 'zod';
import { writeReport } from '../../app/index.ts';
import { command } from '../command.ts';
import {
  coreName,
  imageFileOptions,
  imagesOption,
  labelsOption,
  limitOption,
  samplingOption,
  workOption,
} from '../core-options.ts';
import { layoutOption } from '../design-options.ts';
import { file, written } from '../options.ts';

export const reportCommand = command({
  name: 'report',
  summary: 'one self-contained HTML page of what is known of a core',
  about: 'The page holds accuracy, curves, schedule, area, boards and energy; no other file is needed to read it.',
  arguments: { name: coreName },
  options: {
    output: {
      short: 'o',
      argument: 'file.html',
      type: written('.html'),
      help: 'where to',
      usual: 'build/report.html in the core',
    },
    images: imagesOption,
    ...imageFileOptions,
    layout: layoutOption,
    labels: labelsOption,
    limit: { ...limitOption, default: 1000 },
    device: {
      argument: 'file',
      type: file('.json', '.csv'),
      help: 'device of the neurons: parameters (.json) or measured curve (.csv)',
    },
    samplingNs: samplingOption,
    assumptions: {
      argument: 'file.json',
      type: file('.json'),
      help: 'of the energy',
      usual: 'models/energy/assumptions.json',
    },
    work: workOption,
    energy: { type: 'switch', help: 'no energy table, which wants the 45 nm tools and minutes' },
  },
  result: z.object({
    name: z.string(),
    output: z.string().describe('the file, absolute'),
    sections: z.array(z.string()).describe('their titles'),
  }),
  run: async ({ name: core, ...wish }, context) => {
    const report = await writeReport({ core, ...wish }, context);
    return { json: report, text: `${report.output}: ${report.sections.join(', ')}` };
  },
});
