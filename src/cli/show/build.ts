/** What `build` says of a core's clocks, spikes and area. */
import type { OnImages, Promised, Room } from '../../app/index.ts';
import type { CoreEstimate } from '../../core/index.ts';
import { textTable } from '../../report/index.ts';

const whole = (value: number) => Math.round(value).toLocaleString('en');
const share = (value: number) => `${(100 * value).toFixed(1)} %`;

export function showEstimate({ family, luts, rams }: CoreEstimate): string {
  return `expected of yosys: ${luts.toLocaleString('en')} LUT4 and ${rams} block RAMs on ${family}`;
}

export function showCycles({ cycles, onImages }: Pick<Promised, 'cycles' | 'onImages'>): string {
  const range = `${whole(cycles.least)} to ${whole(cycles.most)}`;
  if (onImages !== undefined) {
    const { countedImages, cyclesPerImage: own } = onImages;
    const how = countedImages > 0 ? `counted on ${countedImages} of the images` : 'computed from their activity';
    return `${whole(own)} clock cycles an image, ${how} (any image: ${range}),`;
  }
  return cycles.least < cycles.most
    ? `${range} clock cycles an image, by how many inputs are active (0 to 1; --images counts yours),`
    : `${whole(cycles.most)} clock cycles an image, whatever is in it,`;
}

export function showOnImages({ activity, chipJ }: OnImages): string {
  return [
    textTable({
      title: `on ${activity.images} images, ${activity.timeSteps} time steps`,
      columns: ['layer', 'inputs active in a step', 'neurons that spike', 'least and most of an image'],
      rows: activity.layers.map(({ name, inputs, spikes }) => [
        name,
        share(inputs[1]!),
        spikes === undefined ? '' : share(spikes.mean),
        spikes === undefined ? '' : `${share(spikes.low)} to ${share(spikes.high)}`,
      ]),
    }),
    ...(chipJ === undefined
      ? []
      : [
          `${(chipJ * 1e9).toPrecision(3)} nJ an image in the analog part of a chip of MTJs on paper; "energy" has one that can be built, and the rest of the chip`,
        ]),
  ].join('\n');
}

export function onImagesJson({ images, timeSteps, countedImages, activity, chipJ }: OnImages) {
  return {
    ...{ images, timesteps: timeSteps, countedImages },
    ...(chipJ === undefined ? {} : { chipJ }),
    layers: activity.layers.map(({ name, inputs, spikes }) => ({
      ...{ layer: name, inputs: inputs[1]! },
      ...(spikes === undefined ? {} : { spikes }),
    })),
  };
}

export function showRoom({ boards, estimates, largest }: Room): string {
  if (boards.length > 0) return `room on: ${boards.join(', ')}`;
  const needs = estimates.map(({ family, luts, rams }, index) => {
    const { board, luts: most, rams: mostRams } = largest[index]!;
    return `${whole(luts)} LUT4 and ${whole(rams)} block RAMs as ${family} (${board}: ${whole(most)} and ${mostRams})`;
  });
  return `no listed board holds it: ${needs.join('; ')}`;
}
