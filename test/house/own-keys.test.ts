/**
 * Tables with names for keys are asked through `ownValue` (or `Object.hasOwn`): an operator, a device or a column that is called
 * `constructor` must not find what every object has. Lists as long as a file are no arguments of one call.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownValue } from '../../src/errors/index.ts';
import { root } from './docs.ts';

/** Lines that may ask a table by a name of ours, or write into one of their own, and why. */
const exempt: Readonly<Record<string, string>> = {
  'src/cli/command.ts values[key]': 'keys are those of the options in the command itself',
  'src/cli/program.ts groupSummaries[name]': 'names of our commands',
  'src/cli/completion/fish.ts summaries[word]': 'names of our commands',
  'src/cli/completion/zsh.ts summaries[word]': 'names of our commands',
  'src/device/csv-columns.ts units[unit]': 'knownUnit has looked',
  'src/sim/virtual-board.ts injected[count[2]': 'written',
  'src/testing/replay.ts outputs[name]': 'names of ports that were written into it before',
  'src/flow/synthesis/asic.ts areaByModule[module]': 'written',
  'src/flow/synthesis/statistics.ts own[plainName(name)]': 'written',
  'src/golden/functional/wasm.ts exports[`f${index}`]': 'names of ours',
  'src/hdl/builder/instance.ts out[port.name]': 'written',
  'src/hdl/component/given.ts inputs[flat!.name]': 'written',
  'src/hdl/component/place.ts inputs[flat.name]': 'written',
  'src/hdl/component/place.ts inputs[port]': 'behind a look at the known ports',
  'src/cli/command.ts typed[key]': 'keys are those of the options in the command itself',
  'src/report/figures.ts measured[name]': 'names of the kept figures',
  'src/app/sweep/file.ts lists[axis]': 'the axes that there are',
};

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ path: `src/${name}`, text: readFileSync(join(root, 'src', name), 'utf8') }));

/** `path table[key]` of every table with names for keys that is asked by a name which is not written there. */
function asked(path: string, text: string): string[] {
  const tables = new Set([...text.matchAll(/\b(\w+)\??: (?:Readonly<)?Record<string,/g)].map(([, name]) => name!));
  return [...tables].flatMap((table) =>
    [...text.matchAll(new RegExp(`(?<![\\w'])${table}\\[(?!['"\\d\\]])([^\\]]*)\\]`, 'g'))]
      .filter(({ index }) => !/hasOwn/.test(text.slice(Math.max(0, index - 200), index)))
      .map(([found]) => `${path} ${found}`),
  );
}

describe('names from outside', () => {
  it('are looked for among the own keys of a table', () => {
    const found = new Set(files.flatMap(({ path, text }) => asked(path, text)));
    expect([...found].filter((line) => !Object.hasOwn(exempt, line))).toEqual([]);
    // An exemption that nothing needs any more is dropped.
    expect(Object.keys(exempt).filter((line) => !found.has(line))).toEqual([]);
    expect(asked('bad.ts', 'const t: Record<string, number> = {};\nreturn t[name];')).toEqual(['bad.ts t[name]']);
  });

  it('find nothing that everybody has', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      expect(ownValue({ a: 1 }, name)).toBe(undefined);
    expect(ownValue({ a: 1 }, 'a')).toBe(1);
  });
});

it('lists from files are no arguments of Math.max: more than some 100,000 overflow the stack', () => {
  const spread = /Math\.(?:max|min)\((?:[^()]|\([^()]*\))*\.\.\.|\.push\(\.\.\./g;
  const rooms = /^src\/(?:network|device|report)\//;
  const found = files
    .filter(({ path }) => rooms.test(path))
    .flatMap(({ path, text }) => [...text.matchAll(spread)].map(([call]) => `${path} ${call}`));
  const few = [
    'src/device/run-calibration.ts Math.max(...',
    'src/device/run-calibration.ts Math.min(...',
    'src/report/tornado.ts Math.max(...',
    'src/report/tornado.ts Math.min(...',
  ];
  expect(found.filter((line) => !few.includes(line))).toEqual([]);
});
