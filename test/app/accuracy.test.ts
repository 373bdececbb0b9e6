import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { likelyRenumbering, loadImages } from '../../src/app/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'spinfire-accuracy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const labels = Uint8Array.from({ length: 30 }, (_, image) => image % 3);
const answered = (order: readonly number[], wrong = 0) =>
  Array.from(labels, (label, image) => (image < wrong ? order[(label + 1) % 3]! : order[label]!));

describe('classes that the network numbers otherwise', () => {
  it('are found by what each label is answered', () => {
    expect(likelyRenumbering(answered([1, 2, 0], 6), labels)).toEqual({ order: [1, 2, 0], right: 24 });
    expect(likelyRenumbering(answered([0, 2, 1]), labels)).toEqual({ order: [0, 2, 1], right: 30 });
    expect(likelyRenumbering(answered([2, 2, 1]), labels)).toEqual({ order: [2, 0, 1], right: 20 });
  });

  it('are not, where the network is right, where it is wrong anyhow, and where there are few', () => {
    expect(likelyRenumbering(answered([0, 1, 2]), labels)).toBeUndefined();
    expect(likelyRenumbering(answered([0, 1, 2], 12), labels)).toBeUndefined();
    expect(likelyRenumbering(answered([2, 2, 2]), labels)).toBeUndefined();
    expect(likelyRenumbering(answered([1, 2, 0]).slice(0, 6), labels)).toBeUndefined();
    expect(likelyRenumbering([], labels)).toBeUndefined();
  });
});

describe('the first of images that are sorted by class', () => {
  const target = { input: { height: 1, width: 1, channels: 2 }, readout: { classes: 3 } };
  const notes = (order: readonly number[], limit: number) => {
    const file = join(folder, `${order.join('')}.csv`);
    writeFileSync(file, `a,b,class\n${order.map((label) => `0.5,0.25,${label}`).join('\n')}\n`);
    return loadImages({ images: file, limit, imageRange: '0,1' }, target, { cwd: folder }).notes;
  };

  it('are not all classes, and a note says so', () => {
    expect(notes([0, 0, 0, 1, 1, 1, 2, 2, 2], 4).join()).toContain('the first 4 of 9 images are of 2 of 3 classes');
    expect(notes([0, 1, 0, 1, 2, 2], 4).join()).not.toContain('the first');
    expect(notes([0, 0, 1, 1, 2, 2], 6).join()).not.toContain('the first');
  });
});
