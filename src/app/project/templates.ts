/** The files of a new project: a design to change, the network and the device that it starts from, and what to type. */
import { tsMorph } from '../../lazy/index.ts';

/** `design.ts`, written as a tree: two dense layers of `network.onnx` with neurons of `device.csv`. */
export function designFile(name: string): string {
  const { IndentationText, Project, QuoteKind, VariableDeclarationKind } = tsMorph();
  const project = new Project({
    useInMemoryFileSystem: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Single },
  });
  const file = project.createSourceFile('design.ts');
  file.addStatements([
    '/**',
    ` * The core ${name}: what runs on it and on which device. Change it, then build again:`,
    ` * spinfire build design.ts -o build/${name}`,
    ' */',
  ]);
  for (const [moduleSpecifier, ...namedImports] of [
    ['node:fs', 'readFileSync'],
    ['spinfire/core', 'defineCore', 'mtj', 'weightsOf'],
    ['spinfire/device', 'readCurveFile'],
    ['spinfire/network', 'importOnnx'],
  ] as const) {
    file.addImportDeclaration({ moduleSpecifier, namedImports: [...namedImports] });
  }
  const constant = (constantName: string, initializer: string) => ({
    declarationKind: VariableDeclarationKind.Const,
    declarations: [{ name: constantName, initializer }],
  });
  file.addVariableStatement({
    ...constant('file', '(path: string) => readFileSync(new URL(path, import.meta.url))'),
  });
  file.addVariableStatement(constant('weights', "weightsOf(importOnnx(file('network.onnx'), 'network.onnx'))"));
  file.addVariableStatement(constant('curve', "readCurveFile(file('device.csv').toString(), 'device.csv')"));
  file.addExportAssignment({
    isExportEquals: false,
    expression: (writer) => {
      writer
        .writeLine('defineCore(')
        .writeLine(`'${name}',`)
        .write('({ input, readout }) => ')
        .inlineBlock(() => {
          writer.writeLine('const neuron = mtj({ curve });');
          writer.writeLine("const pixels = input.image(28, 28, 1, { encoding: 'bernoulli' });");
          writer.writeLine("const hidden = pixels.dense(weights.dense1!, { name: 'hidden' }).neurons(neuron);");
          writer.writeLine("readout.potential(hidden.dense(weights.out!, { name: 'out' }));");
        })
        .write(',')
        .newLine()
        .writeLine('{ weightBits: 8, timeSteps: 4 },')
        .write(')');
    },
  });
  file.formatText({ indentSize: 2 });
  return file.getFullText();
}

/** `watchdog.ts`: hardware of one's own, beside the core. */
export const watchdogFile = `/** Hardware of your own beside the core: an alarm when no result has come for a while. Look at it: spinfire hdl emit watchdog.ts */
import { bool, clock, component, input, mux, output, reset, uint } from 'spinfire/hdl';

/** Clock cycles without a result until the alarm. */
export const patience = 1000;

export const watchdog = component(
  'watchdog',
  {
    clk: clock(),
    rst: reset(),
    result: input(bool(), 'the core hands a result over'),
    alarm: output(bool(), 'no result for too long; the next one ends it'),
  },
  (m, io) => {
    const waited = m.register('waited', uint(10), { reset: 0, doc: 'clock cycles since the last result' });
    const late = waited.equals(patience);
    m.next(waited, mux(io.result, 0, mux(late, waited, waited.addWrap(1))));
    m.assign(io.alarm, late);
  },
);

export default watchdog;
`;

/** `test/project.test.ts` */
export const testFile = `import { agree, coreAgrees } from 'spinfire/testing';
import { expect, it } from 'vitest';
import design from '../design.ts';
import { patience, watchdog } from '../watchdog.ts';

it('the core does what the golden model does, on every clock', async () => {
  expect((await coreAgrees(design)).cycles).toBeGreaterThan(1000);
}, 600_000);

it('the watchdog does what its model does, on every clock', async () => {
  const model = () => {
    let waited = 0;
    return {
      step({ result }: Readonly<Record<string, number>>) {
        const alarm = waited === patience;
        waited = result ? 0 : Math.min(patience, waited + 1);
        return { alarm };
      },
    };
  };
  // A result now and then, with a long gap in between.
  const stimulus = (cycle: number) => ({ result: Number(cycle % 37 === 5 && (cycle < 500 || cycle > 1900)) });
  expect(await agree(watchdog, model, { cycles: 2500, stimulus })).toMatchObject({ cycles: 2500 });
}, 600_000);
`;

/** `tsconfig.json`: as strict as it gets. */
export function compilerFile(): string {
  const compilerOptions = {
    target: 'ES2023',
    module: 'NodeNext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    isolatedModules: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  };
  return `${JSON.stringify({ compilerOptions, include: ['*.ts', 'test'] }, null, 2)}\n`;
}

/**
 * `package.json`: an ES module with its tests.
 *
 * @param spinfire the version that is wanted, or where it lies: `^0.1.0`, `file:../spinfire`
 */
export function packageFile(name: string, spinfire: string): string {
  const content = {
    name: name.toLowerCase(),
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: { test: 'tsc && vitest run', build: `spinfire build design.ts -o build/${name}` },
    dependencies: { spinfire },
    devDependencies: { '@types/node': '^20.19.0', typescript: '^5.9.0', vitest: '^4.1.0' },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** `.github/workflows/test.yml` */
export const ciFile = `# Compiler, tests, and the Verilog in Verilator clock by clock.
name: test
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 20 }
      - run: sudo apt-get update && sudo apt-get install -y verilator yosys
      - run: npm install
      - run: npm test
      - run: npx spinfire hdl check watchdog.ts
      - run: npm run build
`;

export function readmeFile(name: string): string {
  return `# ${name}

A spiking core with magnetic tunnel junctions as neurons.

| file | what it is |
| --- | --- |
| \`design.ts\` | the core, layer by layer: change it |
| \`watchdog.ts\` | hardware of your own beside the core |
| \`test/\` | test benches: the core against the golden model, the watchdog against a model in a few lines |
| \`network.onnx\` | the trained network that gives the weights: put your own in its place |
| \`device.csv\` | the switching curve of the neurons: put your own in its place (\`npx spinfire calibrate --device device.csv\`) |

    npm install
    npm test                                             # compiler and test benches
    npx spinfire build design.ts -o build/${name}        # Verilog, memories, test bench
    npx spinfire verify build/${name} --limit 2          # clock by clock against the golden model
    npx spinfire classify --model design.ts --limit 500
    npx spinfire hdl emit watchdog.ts -o build/watchdog
    npx spinfire synth build/${name} --target ecp5       # what it costs

Results go to \`build/\`, which git need not keep.
`;
}
