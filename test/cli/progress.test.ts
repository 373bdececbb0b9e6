import { describe, expect, it } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';

const esc = '\u001b';

function sink(isTTY: boolean) {
  const texts: string[] = [];
  let clock = 0;
  const stderr = { isTTY, columns: 60, write: (text: string) => void texts.push(text) };
  return {
    progress: createProgress(stderr, () => clock),
    advance: (ms: number) => {
      clock += ms;
    },
    all: () => texts.join(''),
  };
}

describe('progress', () => {
  it('is a few plain lines where nobody watches', async () => {
    const { progress, advance, all } = sink(false);
    await progress.step('count', (report) => {
      for (let i = 1; i <= 250; i += 1) {
        advance(100);
        report(i / 250, `${i} counted`);
      }
    });
    expect(all()).toBe(
      'count ...\ncount: 40 %, 100 counted, 10.0 s\ncount: 80 %, 200 counted, 20.0 s\ncount: done in 25.0 s\n',
    );
  });

  it('is a bar on a terminal, no wider than the terminal, erased at the end', async () => {
    const { progress, advance, all } = sink(true);
    await progress.step('count', (report) => {
      advance(1000);
      report(0.5, 'x'.repeat(100));
    });
    expect(all()).toContain(`[${'#'.repeat(12)}${'.'.repeat(12)}] count: 50 %`);
    expect(
      all()
        .split('\n')
        .every((line) => (line.split(`${esc}[J`).at(-1) ?? '').length < 60),
    ).toBe(true);
    expect(all().endsWith(`${esc}[1A${esc}[Jcount: done in 1.0 s\n`)).toBe(true);
  });

  it('shows steps side by side', async () => {
    const { progress, all } = sink(true);
    let end = () => {};
    const first = progress.step('first', () => new Promise<void>((resolve) => (end = resolve)));
    await progress.step('second', () => {});
    expect(all()).toContain('first: 0 %, 0.0 s\n[........................] second: 0 %, 0.0 s\n');
    end();
    await first;
  });

  it('says when a step failed', async () => {
    const { progress, all } = sink(false);
    await expect(progress.step('try', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(all()).toBe('try ...\ntry: failed in 0.0 s\n');
  });
});
