import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { coreInputHint, type DesignOptions, inputHint, loadDesign } from '../../src/app/index.ts';
import { planCore } from '../../src/core/index.ts';
import { writeModel } from '../network/onnx-writer.ts';
import { aboveZeroModel } from '../network/samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'spinfire-input-hint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function aboveZero(name: string, channels: number, judged: number): string {
  const file = join(folder, `${name}.onnx`);
  writeFileSync(file, writeModel(aboveZeroModel(channels, judged)));
  return file;
}

/** Images of one value each: every second one is the brighter, and of class 1. */
const images = (dark: number, bright: number, channels = 1) => ({
  ...{ count: 40, rows: 2, columns: 2, notes: [], areBytes: true as const },
  pixels: Uint8Array.from({ length: 160 * channels }, (_, i) => (Math.floor(i / (4 * channels)) % 2 ? bright : dark)),
  labels: Uint8Array.from({ length: 40 }, (_, i) => i % 2),
});

const io = { cwd: folder };

describe('values that the network of a core was trained on', () => {
  const planOf = async (channels: number, judged: number, told: DesignOptions = {}) => {
    const file = aboveZero(`core${channels}`, channels, judged);
    return planCore(await loadDesign(file, { encoding: 'direct', ...told }, io));
  };

  it('are said with the options of a build', async () => {
    const hint = { images: 40, right: 20, better: 40 };
    const grey = await planOf(1, 0);
    expect(coreInputHint(grey, undefined, images(100, 150))).toEqual({
      ...hint,
      options: '--mean 0.5 --deviation 0.5',
    });
    const colour = await planOf(3, 1);
    expect(coreInputHint(colour, undefined, images(115, 118, 3))).toMatchObject({
      options: '--mean 0.485,0.456,0.406 --deviation 0.229,0.224,0.225',
    });
  });

  it('are those of the file, not beside what the core was told', async () => {
    const told = await planOf(1, 0, { mean: [0.5], deviation: [0.5] });
    expect(coreInputHint(told, undefined, images(100, 150))).toBeUndefined();
    expect(coreInputHint(told, undefined, images(24, 48))).toMatchObject({ right: 20, better: 40 });
  });
});

describe('values that a network was trained on', () => {
  const grey = aboveZero('grey', 1, 0);
  const colour = aboveZero('colour', 3, 1);

  it('are -1 to 1', async () => {
    const hint = await inputHint(grey, {}, images(100, 150), io);
    expect(hint).toEqual({ images: 40, right: 20, better: 40, options: '--mean 0.5 --deviation 0.5' });
  });

  it("are a well-known collection's", async () => {
    const options = '--mean 0.485,0.456,0.406 --deviation 0.229,0.224,0.225';
    expect(await inputHint(colour, {}, images(115, 118, 3), io)).toEqual({
      images: 40,
      right: 20,
      better: 40,
      options,
    });
    expect(await inputHint(grey, {}, images(30, 36), io)).toMatchObject({
      options: '--mean 0.1307 --deviation 0.3081',
    });
  });

  it("are normalised by these images' own mean and deviation", async () => {
    const hint = await inputHint(grey, {}, images(200, 210), io);
    expect(hint).toMatchObject({ better: 40, options: '--mean 0.8039 --deviation 0.0196' });
  });

  it('are plain, and something else was said', async () => {
    const told = { mean: [0.5], deviation: [0.5] };
    const data = images(0, 100);
    expect(await inputHint(grey, told, data, io)).toMatchObject({ right: 20, better: 40, options: '' });
    expect(await inputHint(grey, { inputRange: '-1,1' }, data, io)).toMatchObject({ better: 40, options: '' });
  });

  it('are not guessed where they are right, without labels, and for numbers in a range that was told', async () => {
    expect(await inputHint(grey, { mean: [0.5], deviation: [0.5] }, images(100, 150), io)).toBeUndefined();
    const { labels, ...unlabelled } = images(100, 150);
    expect(await inputHint(grey, {}, unlabelled, io)).toBeUndefined();
    const { areBytes, ...numbers } = images(100, 150);
    expect(await inputHint(grey, { inputRange: '0,2' }, numbers, io)).toBeUndefined();
    expect(await inputHint(grey, {}, numbers, io)).toMatchObject({ options: '--mean 0.5 --deviation 0.5' });
    expect(await inputHint('design.ts', {}, images(100, 150), io)).toBeUndefined();
  });
});
