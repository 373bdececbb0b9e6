/** A netlist run with stimuli in Icarus, and what each of its blocks draws at the activity of its own cells, as `spinfire power` does it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { clocksOf, type GatedClocks, gatedAt, meanToggles } from '../../src/estimate/gated-clocks.ts';
import { cellModels, mappedCellPower, synthesise, systemEnvironment } from '../../src/flow/index.ts';
import type { Activity, BitActivity } from '../../src/sim/index.ts';

/** A circuit and what happens to it. */
export interface Stimulated {
  readonly root: string;
  /** Emptied first. */
  readonly folder: string;
  readonly top: string;
  readonly verilog: string;
  /** Module `bench`: instance `dut`, one clock every 10 ns, dumps `wave.vcd` of it from where counting begins, prints what it answers. */
  readonly bench: string;
  /** Files that the bench reads. */
  readonly files?: Readonly<Record<string, string>>;
  readonly cycles: number;
  readonly periodNs: number;
  readonly liberty?: string | undefined;
}

/** Joules over all cycles, by instance under the top. */
export interface BlockEnergy {
  readonly dynamicJ: number;
  readonly leakageJ: number;
  readonly cells: number;
}

export interface Measured {
  readonly printed: string;
  readonly blocks: ReadonlyMap<string, BlockEnergy>;
  readonly clocks: GatedClocks;
  readonly areaUm2: number;
}

export async function measureNetlist(of: Stimulated): Promise<Measured> {
  const { root, folder, top, liberty, periodNs, cycles } = of;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${top}.v`), of.verilog);
  writeFileSync(join(folder, 'bench.v'), of.bench);
  for (const [name, text] of Object.entries(of.files ?? {})) writeFileSync(join(folder, name), text);
  const environment = systemEnvironment(process.env, root);
  const outputDirectory = join(folder, 'out');
  const synthesis = await synthesise(
    {
      ...{ directory: folder, top, verilogFiles: [`${top}.v`], target: 'asic45', clockGating: true },
      ...{ liberty, outputDirectory },
    },
    environment,
  );
  const models = await cellModels({ liberty, outputDirectory }, environment);
  await execa('iverilog', ['-g2012', '-o', 'bench', 'bench.v', join(synthesis.directory, 'netlist.v'), models], {
    cwd: folder,
  });
  const { stdout } = await execa('vvp', ['bench'], { cwd: folder, maxBuffer: 1e9 });
  const activity = readActivity(
    readFileSync(join(folder, 'wave.vcd'), 'latin1'),
    { cycles, periodNs },
    outputPins(readFileSync(models, 'utf8')),
  );
  const cells = await mappedCellPower(
    { synthesis, liberty, periodNs, defaultActivity: 0.1, outputDirectory },
    environment,
  );
  const clocks = await clocksOf(synthesis, activity, true);
  const toggles = meanToggles(activity);
  const blocks = new Map<string, BlockEnergy>();
  const seconds = cycles * periodNs * 1e-9;
  for (const [path, power] of cells.instances) {
    const { internalW, switchingW, leakageW } = gatedAt(
      power,
      (toggles.get(path) ?? 0) / cycles,
      clocks.gated.get(path),
      path,
    );
    const block = path.includes('/') ? path.slice(0, path.indexOf('/')) : '(top)';
    const old = blocks.get(block) ?? { dynamicJ: 0, leakageJ: 0, cells: 0 };
    blocks.set(block, {
      dynamicJ: old.dynamicJ + (internalW + switchingW) * seconds,
      leakageJ: old.leakageJ + leakageW * seconds,
      cells: old.cells + 1,
    });
  }
  return {
    ...{ printed: stdout, blocks, clocks },
    areaUm2: synthesis.areaUm2 ?? 0,
  };
}

/** Names that are outputs of some cell and inputs of none. */
function outputPins(models: string): Set<string> {
  const of = (kind: string) => [...models.matchAll(new RegExp(`^ *${kind} (\\w+);`, 'gm'))].map(([, name]) => name!);
  const inputs = new Set(of('input'));
  return new Set(of('output').filter((name) => !inputs.has(name)));
}

/** Toggles of every cell's output, and the cycles in which it was 1, from a VCD that begins with a clock at 0. */
function readActivity(
  text: string,
  { cycles, periodNs }: { readonly cycles: number; readonly periodNs: number },
  outputs: ReadonlySet<string>,
): Activity {
  const names = new Map<string, string[]>();
  const scopes: string[] = [];
  const state = new Map<string, { value: string; toggles: number; high: number; since: number }>();
  let time = 0;
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end);
    from = end < 0 ? text.length : end + 1;
    if (line.startsWith('#')) {
      time = Number(line.slice(1));
    } else if (/^[01xz]/.test(line)) {
      const id = line.slice(1).trim();
      const old = state.get(id);
      if (old === undefined) state.set(id, { value: line[0]!, toggles: 0, high: 0, since: time });
      else if (old.value !== line[0]) {
        if (old.value === '1') old.high += time - old.since;
        // What was unknown has not toggled.
        if (/[01]/.test(old.value)) old.toggles += 1;
        [old.value, old.since] = [line[0]!, time];
      }
    } else if (line.startsWith('$')) {
      const words = line.trim().split(/\s+/);
      if (words[0] === '$scope') scopes.push(words[2]!);
      else if (words[0] === '$upscope') scopes.pop();
      else if (words[0] === '$var' && words[2] === '1' && outputs.has(words[4]!)) {
        // What goes into a cell comes out of another.
        const path = [...scopes.slice(2), words[4]!].join('/').replaceAll('\\', '');
        names.set(words[3]!, [...(names.get(words[3]!) ?? []), path]);
      }
    }
  }
  const signals = new Map<string, readonly BitActivity[]>();
  for (const [id, { value, toggles, high, since }] of state) {
    const on = high + (value === '1' ? time - since : 0);
    for (const path of names.get(id) ?? [])
      signals.set(path, [{ toggles, high: Math.round(on / periodNs), changes: toggles }]);
  }
  return { cycles, images: 1, netlistHash: '', cached: false, signals };
}
