/** Pages of docs/ with tables that are made from the tables of the source. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mechanismTable } from '../../src/core/index.ts';
import { registersPage } from '../../src/core/registers/table.ts';
import { rulePages, ruleTitles } from '../../src/hdl/index.ts';
import { withTables } from '../../src/link/index.ts';
import { operatorHelps, operatorTable } from '../../src/network/onnx/operators/index.ts';
import { featureTable } from '../../src/plan/index.ts';
import { lawsTable } from './laws.ts';

const place = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

function rulesTable(): string {
  const rows = Object.entries(ruleTitles).map(
    ([code, title]) => `| ${code} | ${title} | ${rulePages[code as keyof typeof rulePages].why} |`,
  );
  return ['| rule | title | why |', '| --- | --- | --- |', ...rows].join('\n');
}

function exclusionsTable(): string {
  const rows = featureTable().map(({ one, other, reason }) => `| ${one} | ${other} | ${reason} |`);
  return ['| | does not go with | because |', '| --- | --- | --- |', ...rows].join('\n');
}

function operatorsTable(): string {
  const rows = operatorTable.map(({ operators, becomes }) => `| ${operators.join(', ')} | ${becomes} |`);
  return ['| operator | what becomes of it |', '| --- | --- |', ...rows].join('\n');
}

function refusedTable(): string {
  const reasons = [...new Set(Object.values(operatorHelps))];
  const having = (reason: string) => Object.keys(operatorHelps).filter((name) => operatorHelps[name] === reason);
  const rows = reasons.map((reason) => `| ${having(reason).join(', ')} | ${reason} |`);
  return ['| refused | way out |', '| --- | --- |', ...rows].join('\n');
}

function mechanismsTable(): string {
  const rows = mechanismTable().map(({ block, name, of }) => `| ${block} | ${name} | ${of} |`);
  return ['| block | is made to do | in cores |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Each page as it should be now. */
export function madePages(): readonly { readonly path: string; readonly text: string }[] {
  const tables = {
    registers: registersPage(),
    laws: lawsTable(place('test/hdl/laws.ts')),
    rules: rulesTable(),
    exclusions: exclusionsTable(),
    operators: operatorsTable(),
    refused: refusedTable(),
    mechanisms: mechanismsTable(),
  };
  const pages = ['registers', 'hardware-language', 'plan', 'does-my-network-run', 'verifying'];
  return pages.map((page) => {
    const path = place(`docs/${page}.md`);
    return { path, text: withTables(readFileSync(path, 'utf8'), tables) };
  });
}
