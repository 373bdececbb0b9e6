import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkSource, formatDiagnostic } from '../../../src/hdl/index.ts';
import { withFiles } from './temporary.ts';

const head = `import { bool, defineModule, enumeration, type Bool, type Signal, type UInt, uint } from 'hdl';
type Count = UInt;
export default defineModule('example', (m) => {
  const a: Count = m.input('a', uint(8));
  const b = m.input('b', uint(8));
  const go = m.input('go', bool());
  const state = m.input('state', enumeration('state', ['idle', 'run']));
`;

/** What is printed for a module with these lines, without the origin. */
async function printed(...lines: readonly string[]): Promise<string[]> {
  return withFiles({ 'design.ts': `${head}${lines.map((line) => `  ${line}\n`).join('')}});\n` }, async (path) => {
    const found = await checkSource([path('design.ts')]);
    return found.map(formatDiagnostic);
  });
}

describe('JavaScript operators on signals', () => {
  it('finds each of them', async () => {
    const always = 'is decided while building, and a signal is always true there';
    const itself = 'compares while building, and there a signal equals only itself';
    const noNumber = 'computes while building, and a signal has no number there';
    const cases: readonly (readonly [line: string, summary: string, help: string])[] = [
      ['export const t00 = a == b;', `== on 'a' (UInt) ${itself}`, 'a.equals(b)'],
      ['const t01 = 3 === (a as unknown);', '', ''],
      ['const t02 = a.addWrap(1) !== b;', `!== on 'a.addWrap(1)' (UInt) ${itself}`, 'a.addWrap(1).notEquals(b)'],
      ['const t03 = state != state;', `!= on 'state' (EnumValue) ${itself}`, 'state.notEquals(state)'],
      ['const t04 = go && a.equals(3);', `&& on 'go' (Bool) ${always}`, 'go.and(a.equals(3))'],
      ['const t05 = go || a.equals(3);', `|| on 'go' (Bool) ${always}`, 'go.or(a.equals(3))'],
      ['const t06 = !go;', `! on 'go' (Bool) ${always}`, 'go.not()'],
      ['const t07 = go ? a : b;', `? : on 'go' (Bool) ${always}`, 'mux(go, a, b)'],
      ["if (go) m.comment('x');", `if on 'go' (Bool) ${always}`, 'm.when(go, () => { ... })'],
      [
        'while (go) break;',
        `while on 'go' (Bool) ${always}`,
        'hardware repeats with every clock: hold the loop in a register and m.when',
      ],
      [
        'for (; go; ) break;',
        `for on 'go' (Bool) ${always}`,
        'hardware repeats with every clock: hold the loop in a register and m.when',
      ],
      ['switch (state) {}', `switch on 'state' (EnumValue) ${itself}`, 'm.switch(state, { idle: () => { ... } })'],
      ['switch (a) {}', `switch on 'a' (UInt) ${itself}`, 'm.switchValue(a, [[0, () => { ... }]])'],
      ['const t13 = a + b;', `+ on 'a' (UInt) ${noNumber}`, 'a.addGrow(b) or a.addWrap(b)'],
      ['const t14 = 5 - b;', `- on 'b' (UInt) ${noNumber}`, 'lit(5, b.type).subGrow(b) or lit(5, b.type).subWrap(b)'],
      ['const t15 = a < b;', `< on 'a' (UInt) ${noNumber}`, 'a.lessThan(b)'],
      ['const t16 = a >>> 2;', `>>> on 'a' (UInt) ${noNumber}`, 'a.shiftRight(2) or a.shiftRightBy(2)'],
      ['const t17 = ~a;', `~ on 'a' (UInt) ${noNumber}`, 'a.not()'],
      ['let t18 = a; t18 += b;', `+= on 't18' (UInt) ${noNumber}`, 't18.addGrow(b) or t18.addWrap(b)'],
      ['let t19 = a; t19++;', `++ on 't19' (UInt) ${noNumber}`, 'm.next(t19, t19.addWrap(1))'],
      [
        'const t20 = [a, b].some((each) => each.equals(0));',
        `some() on 'each.equals(0)' (Bool) ${always}`,
        'mux, select or m.when choose in hardware; reduce((any, each) => any.or(each)) asks them all',
      ],
      [
        'const t21 = [a, b].filter((each) => { return each.bit(0); });',
        `filter() on 'each.bit(0)' (Bool) ${always}`,
        'mux, select or m.when choose in hardware; reduce((any, each) => any.or(each)) asks them all',
      ],
      [
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the design's text
        'm.comment(`${a}`);',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the operator's name
        "`${}` on 'a' (UInt) is written while building, and a signal has no value there",
        'give the name that the text should hold',
      ],
      ['const t23 = Boolean(go);', `Boolean() on 'go' (Bool) ${always}`, 'm.when(go, () => { ... })'],
      [
        'const t24 = <S extends Signal>(x: S) => { if (x) return 1; };',
        `if on 'x' (UInt | SInt | Bool | EnumValue) ${always}`,
        'm.when(x, () => { ... })',
      ],
      [
        'const t25 = a.addWrap(b).addWrap(b).addWrap(b).addWrap(b) === (b);',
        `=== on 'a.addWrap(b).addWrap(b).addWrap(b).ad...' (UInt) ${itself}`,
        '(a.addWrap(b).addWrap(b).addWrap(b).ad...).equals((b))',
      ],
    ];
    const wanted = cases.flatMap(([line, summary, help], index) =>
      summary === ''
        ? []
        : [
            [
              `error HDL015 JAVASCRIPT OPERATOR: ${summary}`,
              `  --> design.ts:${index + 8}`,
              `  ${String(index + 8).padStart(5)} |   ${line}`,
              `        help: ${help}`,
            ].join('\n'),
          ],
    );
    expect(await printed(...cases.map(([line]) => line))).toEqual(wanted);
  });

  it('lets questions about the description itself pass', async () => {
    const lines = [
      'const width = a.width === 8 && b.width !== 4 ? a.width + 1 : -a.width;',
      "if (width > 3 || state.type.states.length === 2) m.comment('x');",
      'const maybe = (enable?: Bool) => (enable ? enable : go);',
      'const given = (enable: Bool | undefined) => enable === undefined || enable != null;',
      'const none = (port: UInt | "none") => (port === "none" ? a : port);',
      'const chosen = (isFirst: boolean) => (isFirst && go) || go;',
      'const known = new Map<Signal, string>();',
      'if (known.get(a) ?? [a].length) m.comment("x");',
      'const kinds = (x: Signal) => x.kind === "uint" && x instanceof Object;',
      'const wide = [a, b].filter((each) => each.width > 4).map((each) => each.bit(0));',
      'const inner = [a, b].every((each) => { const f = () => each.bit(0); return f.length === 0; });',
    ];
    expect(await printed(...lines)).toEqual([]);
  });

  it('follows imports of the design', async () => {
    const files = {
      'main.ts': "import { lane } from './lane.ts';\nexport default lane;\n",
      'lane.ts': `${head}  const wrong = !go;\n});\nexport const lane = 1;\n`,
    };
    const found = await withFiles(files, (path) => checkSource([path('main.ts')]));
    expect(found.map(({ origin }) => origin.source)).toEqual([{ file: 'lane.ts', line: 8 }]);
  });

  it('names a file that is not there', async () => {
    await expect(checkSource(['nowhere.ts'])).rejects.toThrow('a file cannot be read\n  at:       nowhere.ts');
  });

  it('finds none in the core', async () => {
    const folder = fileURLToPath(new URL('../../../src/core', import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    expect(files.length).toBeGreaterThan(10);
    expect((await checkSource(files.map((name) => join(folder, name)))).map(formatDiagnostic)).toEqual([]);
  });
});
