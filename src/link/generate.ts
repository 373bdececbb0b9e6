/** The protocol for other languages and for docs/link.md: each a text made from the tables. */
import { ownValue } from '../errors/index.ts';
import {
  type Command,
  commands,
  crc16,
  crcBytes,
  type Field,
  framing,
  gapBits,
  protocolVersion,
  requestHeader,
  responseHeader,
  type Status,
  statuses,
} from './protocol.ts';
import {
  alarms,
  type LinkRegister,
  linkId,
  linkRegisters,
  loadBits,
  memoryPageWords,
  memoryRegisters,
} from './registers.ts';

interface Constant {
  readonly name: string;
  readonly value: number;
  readonly hex?: boolean;
}

const upper = (name: string) => name.toUpperCase();

/** All numbers of the protocol, in groups. */
function constants(): readonly { readonly title: string; readonly list: readonly Constant[] }[] {
  const codes = (prefix: string, table: Readonly<Record<string, { readonly code: number }>>) =>
    Object.entries(table).map(([name, { code }]) => ({ name: `${prefix}_${upper(name)}`, value: code }));
  return [
    {
      title: 'frames',
      list: [
        { name: 'PROTOCOL_VERSION', value: protocolVersion },
        { name: 'FLAG', value: framing.flag, hex: true },
        { name: 'ESCAPE', value: framing.escape, hex: true },
        { name: 'ESCAPE_XOR', value: framing.escapeXor, hex: true },
        { name: 'CRC_POLYNOMIAL', value: crc16.polynomial, hex: true },
        { name: 'CRC_INITIAL', value: crc16.initial, hex: true },
        { name: 'CRC_XOR_OUT', value: crc16.xorOut, hex: true },
        { name: 'CRC_RESIDUE', value: crc16.residue, hex: true },
        { name: 'GAP_BITS', value: gapBits },
      ],
    },
    {
      title: 'commands',
      list: [...codes('COMMAND', commands), { name: 'BLOCK_WORDS', value: commands.block.words.most }],
    },
    { title: 'status of a response', list: codes('STATUS', statuses) },
    {
      title: 'word addresses of the registers of the link',
      list: [
        ...Object.entries<LinkRegister>(linkRegisters).flatMap(([name, { address, words }]) => [
          { name: `REGISTER_${name}`, value: address },
          ...(words === undefined ? [] : [{ name: `${name}_WORDS`, value: words }]),
        ]),
        { name: 'LINK_ID_VALUE', value: linkId, hex: true },
      ],
    },
    {
      title: 'word addresses of the registers of a core whose memories can be loaded',
      list: [
        ...Object.entries(memoryRegisters).map(([name, value]) => ({ name: `REGISTER_${name}`, value })),
        { name: 'MEMORY_PAGE_WORDS', value: memoryPageWords },
      ],
    },
    {
      title: 'bits of the register LOAD',
      list: Object.entries(loadBits).map(([name, value]) => ({ name: `LOAD_${upper(name)}`, value, hex: true })),
    },
    {
      title: 'bits of the register ALARMS',
      list: Object.entries(alarms).map(([name, { bit }]) => ({
        name: `ALARM_${upper(name)}`,
        value: 2 ** bit,
        hex: true,
      })),
    },
  ];
}

const notice = 'Made by scripts/write-link.ts from src/link; not to be changed by hand.';
const hexOf = (value: number) => `0x${value.toString(16)}`;

/** The protocol's constants as a C header. */
export function cHeader(): string {
  const groups = constants().map(({ title, list }) => {
    const lines = list.map(
      ({ name, value, hex }) => `#define SPINFIRE_${name} ${hex ? `${hexOf(value)}u` : `${value}u`}`,
    );
    return [`/* ${title} */`, ...lines].join('\n');
  });
  return `/* Spinfire's link, version ${protocolVersion}. ${notice} */\n#ifndef SPINFIRE_LINK_H\n#define SPINFIRE_LINK_H\n\n${groups.join('\n\n')}\n\n#endif\n`;
}

/** The protocol's constants as Verilog. */
export function verilogHeader(): string {
  const groups = constants().map(({ title, list }) => {
    const lines = list.map(({ name, value, hex }) => {
      const width = value < 256 ? 8 : value < 65536 ? 16 : 32;
      return `localparam [${width - 1}:0] SPINFIRE_${name} = ${width}'${hex ? `h${value.toString(16)}` : `d${value}`};`;
    });
    return [`// ${title}`, ...lines].join('\n');
  });
  return `// Spinfire's link, version ${protocolVersion}: to be included in a module. ${notice}\n\n${groups.join('\n\n')}\n`;
}

/** The protocol's constants as a Python module. */
export function pythonModule(): string {
  const groups = constants().map(({ title, list }) => {
    const lines = list.map(({ name, value, hex }) => `${name}: Final = ${hex ? hexOf(value) : value}`);
    return [`# ${title}`, ...lines].join('\n');
  });
  const record = (name: string, type: string, entries: readonly (readonly [number, string])[]) =>
    `${name}: Final[dict[int, ${type}]] = {\n${entries.map(([key, text]) => `    ${key}: ${JSON.stringify(text)},`).join('\n')}\n}`;
  return [
    `"""The link's numbers, version ${protocolVersion}. ${notice}"""`,
    '',
    'from typing import Final',
    '',
    groups.join('\n\n'),
    '',
    record(
      'STATUS_NAMES',
      'str',
      Object.entries(statuses).map(([name, { code }]) => [code, name] as const),
    ),
    '',
    record(
      'STATUS_TEXTS',
      'str',
      Object.values<Status>(statuses).map(({ code, meaning, cure }) => [code, cure ? `${meaning}; ${cure}` : meaning]),
    ),
    '',
    record(
      'ALARM_TEXTS',
      'str',
      Object.values(alarms).map(({ bit, doc }) => [2 ** bit, doc] as const),
    ),
    '',
  ].join('\n');
}

function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

const fieldsText = (fields: readonly Field[]) =>
  fields.length === 0 ? 'none' : fields.map(({ name, bytes }) => `${name} (${bytes})`).join(', ');

const requestText = ({ request, words }: Command) => {
  if (request === 'pixels') return 'the pixels';
  return words ? `${fieldsText(request)}, 1 to ${words.most} values (4 each)` : fieldsText(request);
};

/** The tables of docs/link.md, by the name of their place in the page. */
export function linkTables(): Readonly<Record<string, string>> {
  const header = (fields: readonly Field[]) => {
    let at = 0;
    const rows = fields.map(({ name, bytes, doc }) => {
      const from = at;
      at += bytes;
      return [bytes === 1 ? `${from}` : `${from}..${at - 1}`, name, doc];
    });
    return markdownTable(['byte', 'field', ''], [...rows, [`${at}..`, 'payload', ''], [`last ${crcBytes}`, 'CRC', '']]);
  };
  return {
    request: header(requestHeader),
    response: header(responseHeader),
    commands: markdownTable(
      ['command', 'code', 'payload of the request (bytes)', 'payload of the response', ''],
      Object.entries<Command>(commands).map(([name, command]) => [
        `\`${name}\``,
        `${command.code}`,
        name === 'answer' ? '(no request)' : requestText(command),
        name === 'answer'
          ? 'image (4), the scores (4 each, signed), then a word (4): class in bits 0 to 15, time steps that it took in 16 to 30 (0 on cores without early exit), whether it abstains in 31'
          : command.response === 'words'
            ? 'values (4 each)'
            : fieldsText(command.response),
        command.doc,
      ]),
    ),
    statuses: markdownTable(
      ['status', 'code', 'what it means', 'what to do'],
      Object.entries<Status>(statuses).map(([name, { code, meaning, cure }]) => [
        `\`${name}\``,
        `${code}`,
        meaning,
        cure,
      ]),
    ),
    registers: markdownTable(
      ['register', 'word address', 'access', 'bits', ''],
      Object.entries<LinkRegister>(linkRegisters).map(([name, { address, access, width, words, doc }]) => [
        `\`${name}\``,
        words === undefined ? `${address}` : `${address} to ${address + words - 1}`,
        access,
        `${width}`,
        doc,
      ]),
    ),
    alarms: markdownTable(
      ['bit', 'name', 'set when'],
      Object.entries(alarms).map(([name, { bit, doc }]) => [`${bit}`, `\`${name}\``, doc]),
    ),
  };
}

/** The page with its tables made new: each stands between `<!-- table NAME -->` and `<!-- end -->`. */
export function withTables(page: string, tables: Readonly<Record<string, string>>): string {
  return page.replace(/<!-- table (\w+) -->[\s\S]*?<!-- end -->/g, (_, name: string) => {
    const table = ownValue(tables, name);
    if (table === undefined)
      throw new Error(`the page wants a table '${name}', there are ${Object.keys(tables).join(', ')}`);
    return `<!-- table ${name} -->\n${table}\n<!-- end -->`;
  });
}
