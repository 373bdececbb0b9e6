/** The files of a new project: a design to change, the network and the device that it starts from, and what to type. */
import { relative, sep } from 'node:path';
import { IndentationText, Project, QuoteKind, VariableDeclarationKind } from 'ts-morph';

/** `design.ts`, written as a tree: two dense layers of `network.onnx` with neurons of `device.csv`. */
export function designFile(name: string, sources: string): string {
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
    [`${sources}/core/index.ts`, 'defineCore', 'mtj', 'weightsOf'],
    [`${sources}/device/index.ts`, 'readCurveFile'],
    [`${sources}/network/index.ts`, 'importOnnx'],
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

/** `tsconfig.json`, so that editors check the design as strictly as spinfire checks itself. */
export function compilerFile(checkout: string): string {
  const types = { typeRoots: [`${checkout}/node_modules/@types`] };
  return `${JSON.stringify({ extends: `${checkout}/tsconfig.json`, compilerOptions: types, include: ['design.ts'] }, null, 2)}\n`;
}

/** `package.json`: the design is an ES module. */
export function packageFile(name: string): string {
  return `${JSON.stringify({ name: name.toLowerCase(), private: true, type: 'module' }, null, 2)}\n`;
}

export function readmeFile(name: string): string {
  return `# ${name}

A spiking core with magnetic tunnel junctions as neurons.

| file | what it is |
| --- | --- |
| \`design.ts\` | the core, layer by layer: change it |
| \`network.onnx\` | the trained network that gives the weights: put your own in its place |
| \`device.csv\` | the switching curve of the neurons: put your own in its place (\`spinfire calibrate --device device.csv\`) |

    spinfire build design.ts -o build/${name}        # Verilog, memories, test bench
    spinfire verify build/${name} --limit 2          # clock by clock against the golden model
    spinfire classify --model design.ts --limit 500
    spinfire synth build/${name} --target ecp5       # what it costs

Results go to \`build/\`, which git need not keep.
`;
}

/** How a file in `folder` names what is in `target`. */
export function specifier(folder: string, target: string): string {
  const path = relative(folder, target).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}
