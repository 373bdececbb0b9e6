/** A board's numbers on a terminal, drawn again in place, and as rows of a table. */
import { type BoardSample, engineering } from '../../app/index.ts';

const barWidth = 24;
const percent = (share: number | undefined) => (share === undefined ? '' : `${(100 * share).toFixed(1)} %`);

/** A panel of the last look. */
export function monitorPanel(title: string, sample: BoardSample): string[] {
  const { image, imagesPerSecond, dropped, lineErrors, badFrames, alarms, monitors } = sample;
  const lines = [
    `${title}, ${sample.seconds.toFixed(0)} s`,
    `image ${image}   ${imagesPerSecond.toFixed(1)} a second   dropped ${dropped}   line errors ${lineErrors}   bad frames ${badFrames}`,
    `alarms: ${alarms.join(', ') || 'none'}`,
  ];
  if (monitors === undefined) return lines;
  const { abstentions, abstainedShare, busyShare, layers, memories, status, energyPerImageJ } = monitors;
  if (busyShare !== undefined) lines.push(`busy ${percent(busyShare)} of the clocks`);
  if (abstentions !== undefined)
    lines.push(`abstained ${abstentions}${abstainedShare === undefined ? '' : `, ${percent(abstainedShare)} of late`}`);
  const width = Math.max(0, ...layers.map(({ name }) => name.length));
  for (const { name, rate, spikes } of layers)
    lines.push(`${name.padEnd(width)} ${bar(rate ?? 0)} ${percent(rate).padStart(7)} spike, ${spikes} in all`);
  if (energyPerImageJ !== undefined) lines.push(`${engineering(energyPerImageJ, 'J')} an image on MTJs, by its spikes`);
  if (memories)
    lines.push(`memories checked ${memories.checks} times, wrong now: ${memories.wrong.join(', ') || 'none'}`);
  lines.push(`seen: ${status.join(', ') || 'nothing'}`);
  return lines;
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * barWidth);
  return `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}]`;
}

/** Columns and rows of all looks. */
export function monitorRows(samples: readonly BoardSample[]): { columns: string[]; rows: string[][] } {
  const watched = samples.some(({ monitors }) => monitors !== undefined);
  const columns = ['image', 'images/s', 'dropped', 'line errors', 'bad frames', 'alarms'];
  return {
    columns: watched ? [...columns, 'abstained', 'busy', 'on MTJs', 'spikes', 'seen'] : columns,
    rows: samples.map(({ image, imagesPerSecond, dropped, lineErrors, badFrames, alarms, monitors }) => [
      ...[image, imagesPerSecond.toFixed(1), dropped, lineErrors, badFrames].map(String),
      alarms.join(' '),
      ...(monitors
        ? [
            String(monitors.abstentions ?? ''),
            percent(monitors.busyShare),
            monitors.energyPerImageJ === undefined ? '' : `${engineering(monitors.energyPerImageJ, 'J')} an image`,
            monitors.layers.map(({ name, rate }) => `${name} ${percent(rate) || '?'}`).join(', '),
            monitors.status.join(', '),
          ]
        : []),
    ]),
  };
}
