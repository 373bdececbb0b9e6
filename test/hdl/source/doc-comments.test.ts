import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { docComments, elaborate, type ModuleDefinition, portTable, registerTable } from '../../../src/hdl/index.ts';
import { withFiles } from './temporary.ts';

const design = `import { bool, defineModule, type ModuleDefinition, uint } from 'hdl';

/**
 * Counts events,
 * modulo a power of two.
 * @param width bits of the count
 */
export function counter(width: number): ModuleDefinition {
  const name = 'counter';
  return defineModule(name, (m) => {
    m.clock('clk');
    m.reset('rst');
    /** High for one clock with each event. */
    const event = m.input('event_in', bool());
    /** Events | seen so far. */
    const count = m.output('count', uint(width), { doc: 'so far' });
    const parts = {
      /** The state of it all. */
      value: m
        .register('value', uint(width), { reset: 0 }),
      other: m.register('other', uint(width), { reset: 0 }),
    };
    m.when(event, () => {
      m.next(parts.value, parts.value.addWrap(1));
      m.next(parts.other, parts.value);
    });
    m.assign(count, parts.value.xor(parts.other));
  });
}
`;

describe('doc comments', () => {
  it('travel to where the signal is shown', async () => {
    await withFiles({ 'design.ts': design }, async (path) => {
      const docOf = await docComments([path('design.ts')]);
      const module = (await import(pathToFileURL(path('design.ts')).href)) as {
        counter: (width: number) => ModuleDefinition;
      };
      const elaborated = elaborate(module.counter(8));
      expect(docOf(elaborated.top.place.source)).toBe('Counts events,\nmodulo a power of two.');
      expect(docOf({ file: 'design.ts', line: 11 })).toBeUndefined();
      expect(docOf(undefined)).toBeUndefined();
      expect(portTable(elaborated, docOf)).toBe(
        `| port | direction | type | meaning |
| --- | --- | --- | --- |
| \`clk\` | input | bool | clock |
| \`rst\` | input | bool | reset, active high |
| \`event_in\` | input | bool | High for one clock with each event. |
| \`count\` | output | uint(8) | so far |
`,
      );
      expect(registerTable(elaborated, docOf)).toBe(
        `| register | module | type | meaning |
| --- | --- | --- | --- |
| \`value\` | counter | uint(8) | The state of it all. |
| \`other\` | counter | uint(8) |  |
`,
      );
    });
  });
});
