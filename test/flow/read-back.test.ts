/** A bit of a bitstream that is another one than was packed is told, whoever changed it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownBoard } from '../../src/flow/index.ts';
import { bitstreamConfiguration, padToPll } from '../../src/flow/place/read-back.ts';
import { carriesOnGowin, placedOnGowin, readFromGowin } from '../../src/flow/place/read-back-gowin.ts';
import { fakeWorld } from './fakes.ts';

const cell = (type: string, bel: string, parameters = {}) => ({
  type,
  parameters,
  attributes: { NEXTPNR_BEL: bel },
});
const gowin = JSON.stringify({
  modules: {
    board: {
      cells: {
        a: cell('LUT2', 'X1Y1/LUT6', { INIT: '00000000000000000000000000001101' }),
        b: cell('LUT4', 'X2Y1/LUT0', { INIT: '00000000000000001111111100000000' }),
        constant: cell('LUT4', 'X2Y1/LUT1', { INIT: '00000000000000001111111111111111' }),
        c: cell('DFFR', 'X1Y1/DFF3'),
        d: cell('DFFSE', 'X1Y1/DFF4'),
        pin: cell('IBUF', 'X0Y4/IOBA'),
      },
    },
  },
});
const unpacked = `LUT4 R2C2_LUT4_6 (
.F(R2C2_F6)
);
defparam R2C2_LUT4_6.INIT = 16'hdddd;
defparam R2C3_LUT4_0.INIT = 16'hff00;
DFFRE R2C2_DFFE_3 (
);
DFFSE R2C2_DFFE_4 (
);
DFFE R9C9_DFFE_0 (
);
`;
const ecp5 = `.tile R2C3:PLC2
word: SLICEA.K0.INIT 0101000011111111
arc: A1 H02W0501
enum: SLICEA.MODE LOGIC

.bram_init 3
001 002
`;
const ice40 = `.device 8k
.logic_tile 3 4
000000000000000000
000000010010000110

.ram_data 8 1
00000000000000ff

.extra_bit 0 330 142
.sym 12 clk
`;

const families = [
  ['tang-nano-9k', 'gowin_unpack', gowin, unpacked, ['hff00', 'hfe00']],
  ['ulx3s-25f', 'ecpunpack', ecp5, ecp5, ['0101000011', '0101000010']],
  ['hx8k', 'icepack', ice40, ice40, ['10010000110', '10010000111']],
] as const;

describe.each(families)('%s', (name, program, configuration, text, [bit, flipped]) => {
  const check = (read: string) => {
    // The option that asks for the version must be answered, too.
    const body = `cat > back <<'END'\n${read}END\necho 'Usage: ${program}'; echo 'usage: ${program}'`;
    const { folder, environment } = fakeWorld({ [program]: `export PATH=/usr/bin:/bin\n${body}` });
    writeFileSync(join(folder, 'routed'), configuration);
    writeFileSync(join(folder, 'packed'), 'bits');
    const placed = { directory: folder, files: { configuration: 'routed', bitstream: 'packed' } } as never;
    return bitstreamConfiguration({ board: knownBoard(name), placed }, environment);
  };

  it('is as it was placed', async () => {
    expect((await check(text))!.settings).toBeGreaterThanOrEqual(3);
  });

  it('has a flipped bit', async () => {
    expect(text.split(bit)).toHaveLength(2);
    await expect(check(text.replace(bit, flipped))).rejects.toThrow('the bitstream holds another design');
  });

  it('lost a setting', async () => {
    const lines = text.split('\n');
    const lost = lines
      .toSpliced(
        lines.findIndex((line) => line.includes(bit)),
        1,
      )
      .join('\n');
    await expect(check(lost)).rejects.toThrow('nothing in place of it');
  });
});

it('a flip-flop of Gowin with another reset is told, and a LUT that nobody placed', () => {
  const given = placedOnGowin(gowin);
  expect([...readFromGowin(unpacked, given)].toSorted()).toEqual([...given].toSorted());
  expect(readFromGowin(unpacked.replace('DFFSE', 'DFFRE'), given)).not.toEqual(given);
  const more = `${unpacked}defparam R5C5_LUT4_1.INIT = 16'h0001;\n`;
  expect(readFromGowin(more, given).size).toBe(given.size + 1);
  // The LUT of a carry is told as a plain one on some dies.
  const carry = '{"type":"ALU","parameters":{},"attributes":{"NEXTPNR_BEL":"X4Y4/ALU1"}}';
  const carries = carriesOnGowin(`{"modules":{"top":{"cells":{"carry":${carry}}}}}`);
  expect([...carries]).toEqual(['LUT 1 of R5C5']);
  expect(readFromGowin(more, given, carries).size).toBe(given.size);
});

describe('a PLL that is fed by its own pad', () => {
  const verilog = (warnings: string) => `module board (output led, input clock);
SB_PLL40_PAD #(
  .DIVR(4'b0000)
) PLL_12_31 (
  .PACKAGEPIN(n1659),
  .PLLOUTGLOBAL(n8)
);
${warnings}
endmodule
`;
  const open = (port: string) => `// Warning: unmatched port '${port}'\n`;

  it('gets its clock', () => {
    expect(padToPll(verilog(open('clock')), 'x.bin')).toMatch(/^assign n1659 = clock;\n\nendmodule/m);
  });

  it('is left as it is where nothing is open, and another open pin is told', () => {
    expect(padToPll(verilog(''), 'x.bin')).toBe(verilog(''));
    const both = verilog(open('clock') + open('led'));
    expect(() => padToPll(both, 'x.bin')).toThrow('leads nowhere');
    expect(() => padToPll(both.replaceAll('_PAD', '_CORE'), 'x.bin')).toThrow(/nothing behind clock, led/);
  });
});
