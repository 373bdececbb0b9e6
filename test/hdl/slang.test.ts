/** slang's opinion about the emitted Verilog, where pyslang is installed (SPINFIRE_PYTHON names another python3 than that of the PATH). */
import { execaSync } from 'execa';
import { expect, it } from 'vitest';
import { elaborate } from '../../src/hdl/index.ts';
import { everything } from './everything.ts';
import { withVerilog } from './tools.ts';

const python = process.env.SPINFIRE_PYTHON ?? 'python3';
const { failed } = execaSync(python, ['-c', 'import pyslang.driver'], { reject: false });
if (failed) console.warn(`slang is not asked: ${python} has no pyslang (pip install pyslang)`);

const script = `
import sys
from pyslang.driver import Driver
driver = Driver()
driver.addStandardArgs()
ok = driver.parseCommandLine('slang -Wextra -Wpedantic ' + ' '.join(sys.argv[1:]))
ok = ok and driver.processOptions() and driver.parseAllSources()
driver.reportCompilation(driver.createCompilation(), True)
sys.exit(0 if ok else 1)
`;

it.skipIf(failed)('slang is silent about a design with everything in it', () => {
  withVerilog(elaborate(everything), ({ output, run }) => {
    const sources = output.files.map(({ path }) => path).filter((path) => path.endsWith('.v'));
    const said = run(python, '-c', script, ...sources);
    expect(said.split('\n').filter((line) => /: (?:warning|error):/.test(line))).toEqual([]);
  });
});
