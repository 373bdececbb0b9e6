/** Where the clock cycles of a core go, for people: a table, and a chart of the schedule. */

import { resolve } from 'node:path';
import { type OpenCore, writeFileWhole } from '../../app/index.ts';
import { scheduleSvg, textTable } from '../../report/index.ts';
import { type Profile, profileCore } from '../../sim/index.ts';
import type { Io } from '../io.ts';

/** Images that the profile looks at: enough for the pipeline to be full. */
const profiledImages = 4;

/** Watches the golden model, which is the Verilog clock by clock, over the first images. */
export async function profileText(
  { plan }: Pick<OpenCore, 'plan'>,
  pixels: Uint8Array,
  timeSteps: number,
  schedule: string | undefined,
  io: Pick<Io, 'cwd'>,
): Promise<{ readonly profile: Profile; readonly text: string }> {
  const { height, width, channels } = plan.input;
  const images = pixels.subarray(0, profiledImages * height * width * channels);
  const profile = profileCore({ plan, images, timeSteps });
  if (schedule !== undefined) {
    const blocks = [...new Set(profile.spans.map(({ block }) => block))];
    const title = `${plan.name}: who works when, ${timeSteps} time steps`;
    const subtitle = `${Math.round(profile.cyclesPerImage)} clock cycles an image; ${profile.latency.fromLastPixel} from the first image's last pixel to its class`;
    writeFileWhole(resolve(io.cwd, schedule), await scheduleSvg({ title, subtitle, blocks, stretches: profile.spans }));
  }
  const share = (part: number) => `${(100 * part).toFixed(1)} %`;
  const text = textTable({
    title: `Clock cycles of ${profile.images} images`,
    columns: ['layer', 'busy', 'overhead', 'starved', 'blocked', 'inputs skipped', 'lanes', 'utilisation'],
    rows: profile.layers.map(({ layer, busy, overhead, starved, blocked, skipped, lanes, utilisation }) => [
      layer,
      ...[busy, overhead, starved, blocked, skipped].map(share),
      String(lanes),
      share(utilisation),
    ]),
  });
  const { fromFirstPixel, fromLastPixel } = profile.latency;
  const speed = [
    profile.images === 1
      ? 'throughput: not seen in one image; --limit 2 or more lets images follow each other'
      : `throughput: ${Math.round(profile.cyclesPerImage)} clock cycles an image when images follow each other`,
    `latency: ${fromLastPixel} clock cycles from the last pixel to the class in an empty pipeline, ${fromFirstPixel} from the first`,
    'utilisation: additions of the network / (lanes x clocks in which the layer works); above 100 % where silent inputs are skipped',
  ];
  return { profile, text: [text, ...speed].join('\n') };
}
