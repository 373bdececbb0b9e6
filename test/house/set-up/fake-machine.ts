/** A pretend machine: a folder of shell scripts for PATH, and a checkout with a lock file. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '../../../scripts/setup/machine.mjs';

export const debianVersions = {
  yosys: 'Yosys 0.23 (git sha1 7ce5011c24b)',
  verilator: 'Verilator 5.006 2023-01-22 rev (Debian 5.006-3)',
  iverilog: 'Icarus Verilog version 11.0 (stable) ()',
  make: 'GNU Make 4.3',
  'g++': 'g++ (Debian 12.2.0-14+deb12u1) 12.2.0',
  'nextpnr-ice40': 'nextpnr-ice40 -- Next Generation Place and Route (Version 0.4-1+b1)',
  icepack: 'Usage: icepack [options] [input-file [output-file]]',
  sta: '2.0.17',
} as const;

export interface FakeMachine extends Machine {
  readonly said: string[];
  /** Command lines of npm and apt-get so far. */
  calls(): string[];
  /** Puts a program on PATH; `body` is shell. */
  install(name: string, body: string): void;
  remove(name: string): void;
  dispose(): void;
}

/** All tools of Debian 12 there, npm works, apt-get installs whatever it is asked for. */
export function fakeMachine(): FakeMachine {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-fake-'));
  const bin = join(folder, 'bin');
  const root = join(folder, 'checkout');
  const log = join(folder, 'calls');
  mkdirSync(bin);
  mkdirSync(join(root, 'bin'), { recursive: true });
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } }),
  );
  const said: string[] = [];
  const install = (name: string, body: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  for (const [name, version] of Object.entries(debianVersions)) install(name, `echo '${version}'`);
  for (const name of ['mkdir', 'chmod', 'cp']) symlinkSync(join('/bin', name), join(bin, name));
  install('npm', `echo npm "$@" >> ${log}\nmkdir -p ${root}/node_modules`);
  install(
    'apt-get',
    `echo apt-get "$@" >> ${log}
[ "$1" = update ] && exit 0
for package in "$@"; do [ -e ${folder}/archive/$package ] && cp ${folder}/archive/$package ${bin}/; done
exit 0`,
  );
  mkdirSync(join(folder, 'archive'));
  return {
    root,
    env: { PATH: bin },
    nodeVersion: '20.1.0',
    isRoot: false,
    said,
    say: (text) => void said.push(text),
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    install,
    remove(name) {
      cpToArchive(folder, name);
      rmSync(join(bin, name));
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What was removed is what apt-get can bring back. */
function cpToArchive(folder: string, name: string): void {
  const target = join(folder, 'archive', name);
  writeFileSync(target, readFileSync(join(folder, 'bin', name)));
  chmodSync(target, 0o755);
}
