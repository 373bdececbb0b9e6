/** What Verilator counts, read and added up. */
import { expect, it } from 'vitest';
import { readCoverage } from '../../src/sim/coverage.ts';

const point = (keys: Record<string, string>, count: number) =>
  `C '${Object.entries(keys)
    .map(([key, value]) => `\u0001${key}\u0002${value}`)
    .join('')}' ${count}`;

it('adds up instances of a module, and leaves out the contents of memories', () => {
  const line = { f: 'some/folder/a.v', l: '7', n: '3', page: 'v_branch/a', o: 'else' };
  const bit = { f: 'a.v', l: '9', n: '12', page: 'v_toggle/a', o: 'state[1]' };
  const text = [
    '# SystemC::Coverage-3',
    point({ ...line, h: 'top.one' }, 0),
    point({ ...line, h: 'top.two' }, 4),
    point({ ...bit, h: 'top.one' }, 0),
    point({ ...bit, o: 'words[3][1]', h: 'top.one' }, 0),
    '',
  ].join('\n');
  expect([...readCoverage(text)]).toEqual([
    ['line a.v:7 else:3', 4],
    ['toggle a.v:9 state[1]', 0],
  ]);
});
