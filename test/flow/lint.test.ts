/** Verilog with a fault, read by the real tools: each says so at the line of TypeScript. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lintVerilog, readSourceMap, systemEnvironment } from '../../src/flow/index.ts';
import { smallPlan, writeCoreFiles } from '../sim/small-core.ts';
import { fakeWorld, messageOf } from './fakes.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spinfire-lint-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** What each tool says of a small core, one file of which is changed; and the line of TypeScript that belongs to the change. */
async function lintWith(from: string, to: string) {
  writeCoreFiles(smallPlan(), directory);
  const verilog = readdirSync(directory).filter((file) => file.endsWith('.v'));
  const file = join(directory, 'sprout_readout.v');
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, before.replace(from, to));
  const line = before.slice(0, before.indexOf(from)).split('\n').length;
  const sourceMap = readSourceMap(directory);
  const origin = sourceMap.findLast((entry) => entry.file === 'sprout_readout.v' && entry.line <= line)?.origin;
  const environment = systemEnvironment(process.env, process.cwd());
  const logDirectory = join(directory, 'build', 'lint');
  const said = await lintVerilog({ directory, verilog, top: 'sprout', sourceMap, logDirectory }, environment);
  return { origin, said: Object.fromEntries(said.map(({ tool, text }) => [tool, text])), line };
}

it('is silent about a core as it was emitted', async () => {
  expect((await lintWith('wire', 'wire')).said).toEqual({});
});

it('shows an error of all three tools', async () => {
  const { origin, line, said } = await lintWith('wire emitting = state ==', 'wire emitting = state = =');
  expect(origin).toMatch(/^src\/core\/readout\/.*\.ts:\d+$/);
  for (const tool of ['verilator', 'iverilog', 'yosys']) {
    expect(said[tool]).toContain(`${origin} (sprout_readout.v:${line}`);
  }
});

it('shows warnings: a signal without a driver', async () => {
  const { origin, line, said } = await lintWith(
    'wire emitting = state ==',
    'wire [1:0] nobody;\n  wire emitting = nobody ==',
  );
  expect(said.verilator).toContain(`%Warning-UNDRIVEN: ${origin} (sprout_readout.v:${line}:14): Signal is not driven`);
  expect(said.yosys).toContain('nobody [1] is used but has no driver.');
});

it('does not take the silence of a tool that was killed for praise', async () => {
  const version = (text: string, otherwise = 'exit 0') =>
    `case "$1" in *-[vV]*) echo '${text}' ;; *) ${otherwise} ;; esac`;
  const { folder, environment } = fakeWorld({
    verilator: version('Verilator 5.006 2023-01-22'),
    iverilog: version('Icarus Verilog version 11.0 (stable)', 'kill -9 $$'),
    yosys: version('Yosys 0.23 (git sha1 7ce5011c24b)'),
  });
  const options = { directory, verilog: ['a.v'], top: 'a', sourceMap: [], logDirectory: join(directory, 'lint') };
  expect(await messageOf(lintVerilog(options, environment), folder)).toMatch(/^iverilog failed.*killed by SIGKILL/s);
});
