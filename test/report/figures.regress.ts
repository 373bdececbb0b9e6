import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('no kept figure has moved by more than five per cent', { timeout: 1_800_000 }, () => {
  const text = execFileSync('node', ['--import', 'tsx', 'scripts/figures.ts'], { encoding: 'utf8' });
  expect(text).toContain('digits.asic45.power');
});
