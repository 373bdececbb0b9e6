/** spinfire hdl and explain, for a module that a person wrote. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { ruleTitles } from '../../src/hdl/index.ts';
import { fakeIo } from './fake-io.ts';
import { type Workbench, workbench } from './small-files.ts';

let bench: Workbench;
beforeAll(() => {
  bench = workbench();
  bench.put(
    'count.ts',
    `import { bool, component, clock, input, output, reset, uint } from 'spinfire/hdl';
export const count = component('count', { clk: clock(), rst: reset(), up: input(bool()), now: output(uint(4)) }, (m, io) => {
  const value = m.register('value', uint(4), { reset: 0 });
  m.when(io.up, () => m.next(value, value.addWrap(1)));
  m.assign(io.now, value);
});
`,
  );
  bench.put(
    'wrong.ts',
    `import { bool, defineModule, uint } from 'spinfire/hdl';
export default defineModule('wrong', (m) => {
  const a = m.input('a', uint(4));
  m.assign(m.output('y', bool()), a === a.not() ? a.bit(0) : a.bit(1));
  m.assign(m.output('z', uint(4)), a.addGrow(1));
});
`,
  );
  bench.put('nothing.ts', 'export const three = 3;\n');
});
afterAll(() => bench.dispose());

async function spinfire(line: string) {
  const io = fakeIo({ cwd: bench.folder });
  const code = await runCommandLine(line.split(' '), io, commands);
  return { code, out: io.out(), err: io.err() };
}

describe('spinfire hdl check', () => {
  it('says that nothing is wrong', async () => {
    expect(await spinfire('hdl check count.ts')).toMatchObject({ code: 0, out: 'count: 0 broken rules, 0 warnings\n' });
  });

  it('shows what is wrong, of the source and of the hardware, in the format of the house', async () => {
    const { code, out } = await spinfire('hdl check wrong.ts');
    expect(code).toBe(1);
    expect(out).toMatch(/^error HDL015 JAVASCRIPT OPERATOR: .*\n {2}--> .*wrong\.ts:4/m);
    expect(out).toMatch(/^error HDL001 WIDTH MISMATCH: .*\n {2}--> .*wrong\.ts:5/m);
    const { diagnostics } = JSON.parse((await spinfire('hdl check wrong.ts --json')).out);
    expect(diagnostics.map(({ rule, line }: { rule: string; line: number }) => [rule, line])).toEqual([
      ['HDL015', 4],
      ['HDL001', 5],
    ]);
  });

  it('refuses files without a module, and names that are none', async () => {
    expect(await spinfire('hdl check nothing.ts')).toMatchObject({
      code: 2,
      err: expect.stringContaining('exports no module'),
    });
    expect(await spinfire('hdl check count.ts --export other')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/found: +other\n +expected: one of: count/),
    });
    expect((await spinfire('hdl check gone.ts')).err).toContain('no such file');
  });
});

describe('spinfire hdl', () => {
  it('emit shows the Verilog, or writes it whole', async () => {
    expect((await spinfire('hdl emit count.ts')).out).toContain('module count (');
    expect(await spinfire('hdl emit count.ts -o rtl')).toMatchObject({ code: 0, out: 'rtl: count.v\n' });
    expect(readdirSync(join(bench.folder, 'rtl')).sort()).toEqual(['count.v', 'map.json']);
    expect(await spinfire('hdl emit wrong.ts -o bad')).toMatchObject({
      code: 2,
      err: expect.stringContaining('HDL001'),
    });
    expect(existsSync(join(bench.folder, 'bad'))).toBe(false);
  });

  it('sim gives values before each edge', async () => {
    const { out } = await spinfire('hdl sim count.ts --clocks 6 --set up=1@1 --set up=0@4 --json');
    const { signals } = JSON.parse(out);
    expect(signals).toEqual([
      { path: 'up', width: 1, signed: false, values: ['0', '1', '1', '1', '0', '0'] },
      { path: 'now', width: 4, signed: false, values: ['0', '0', '1', '2', '3', '3'] },
    ]);
  });

  it('waves draws, and writes a value change dump', async () => {
    const { out } = await spinfire(
      'hdl waves count.ts --clocks 4 --set up=1 --signal up --signal value --vcd count.vcd',
    );
    expect(out).toMatch(/^up +~+$/m);
    expect(out).toMatch(/^value +\|0 +\|1 +\|2 +\|3/m);
    const dump = readFileSync(join(bench.folder, 'count.vcd'), 'utf8');
    expect(dump).toContain('$var wire 4 # value $end');
    expect(dump).toContain('#20\n0!\nb10 #\n#25\n1!\n');
  });

  it('names what there is when a port or a signal is none', async () => {
    expect((await spinfire('hdl sim count.ts --set down=1')).err).toMatch(/found: +down\n +expected: up/);
    expect((await spinfire('hdl sim count.ts --signal sum')).err).toMatch(
      /found: +sum\n.*ports: up, now; registers: value/,
    );
    expect((await spinfire('hdl sim count.ts --set up')).err).toContain('--set has a wrong value');
  });
});

describe('spinfire explain', () => {
  it.each(Object.entries(ruleTitles))('%s %s', async (rule, title) => {
    const { code, out } = await spinfire(`explain ${rule}`);
    expect(code).toBe(0);
    expect(out).toContain(`${rule} ${title}`);
    expect(out).toMatch(/not so:\n\n {4}.*\n(.*\n)*but so:\n\n {4}/);
  });

  it('knows a rule by its number, and none that there is not', async () => {
    expect((await spinfire('explain 14')).out).toContain('HDL014 CLOCK CROSSING');
    expect(await spinfire('explain HDL999')).toMatchObject({ code: 2, err: expect.stringContaining('no such rule') });
    expect(await spinfire('explain loops')).toMatchObject({ code: 2, err: expect.stringContaining('<rule>') });
  });
});
