import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import * as hdl from '../../../src/hdl/index.ts';

/** Runs an example; gives the codes of the rules that it breaks, warnings included. */
function brokenBy(source: string): string[] {
  const names = Object.keys(hdl).join(', ');
  const { outputText } = ts.transpileModule(
    `const { ${names} } = hdl;\n${source}\nreturn elaborate(example).warnings;`,
    {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.None },
    },
  );
  try {
    const warnings = new Function('hdl', outputText)(hdl) as readonly hdl.Diagnostic[];
    return warnings.map(({ rule }) => rule);
  } catch (error) {
    if (error instanceof hdl.DesignError) return error.diagnostics.map(({ rule }) => rule);
    throw error;
  }
}

const codes = Object.keys(hdl.ruleTitles) as hdl.RuleCode[];

describe('pages of the rules', () => {
  it('are there for every rule', () => {
    expect(Object.keys(hdl.rulePages)).toEqual(codes);
  });

  it.each(codes)('%s: the bad case breaks it, the good one breaks none', (code) => {
    const { bad, good, why } = hdl.rulePages[code];
    expect(brokenBy(bad)).toContain(code);
    expect(brokenBy(good)).toEqual([]);
    expect(why).toMatch(/\.$/);
  });

  it('have examples of which tsc takes the good ones', () => {
    const names = Object.keys(hdl).join(', ');
    const text = codes.map((code) => `{\n${hdl.rulePages[code].good}\nvoid example;\n}`).join('\n');
    const file = new URL('./pages-example.ts', import.meta.url).pathname;
    const source = `import { ${names} } from '../../../src/hdl/index.ts';\n${text}\n`;
    const options: ts.CompilerOptions = {
      ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: ['node'] },
      ...{
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
      },
    };
    const host = ts.createCompilerHost(options);
    const { readFile, fileExists, getSourceFile } = host;
    host.fileExists = (path) => path === file || fileExists(path);
    host.readFile = (path) => (path === file ? source : readFile(path));
    host.getSourceFile = (path, ...rest) =>
      path === file ? ts.createSourceFile(path, source, ts.ScriptTarget.ES2022) : getSourceFile(path, ...rest);
    const program = ts.createProgram([file], options, host);
    const found = program.getSemanticDiagnostics(program.getSourceFile(file));
    expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  }, 60_000);
});
