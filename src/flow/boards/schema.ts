/** What stands in a board's file. */
import { z } from 'zod';
import { pllPrimitives } from '../../core/index.ts';

const pinName = z.string().regex(/^[A-Z]{0,2}\d+$/, 'expected a pin of the package, such as 35 or AB1');
const pin = z
  .strictObject({
    pin: pinName.describe('pin of the package'),
    io: z
      .string()
      .optional()
      .describe('voltage standard, as the tools of the family call it; the family has a usual one'),
    pull: z.enum(['up', 'down']).optional().describe('resistor of the input'),
  })
  .describe('a pin');
const levelPin = pin.extend({ low: z.boolean().optional().describe('low is on, or pressed') });
const part = z.strictObject({
  device: z.string().describe('the part: up5k, 25k, GW1NR-LV9QN88PC6/I5, xc7a35ticsg324-1L'),
  package: z.string().optional(),
  speed: z.string().optional().describe('speed grade'),
  family: z.string().optional().describe('Gowin: what nextpnr and gowin_pack call the die'),
  idcode: z
    .string()
    .regex(/^0x[0-9a-f]{8}$/)
    .optional()
    .describe('ECP5: what the part answers on JTAG; a bitstream for another is refused'),
});
const count = z.int().min(0);
const capacity = z.strictObject({
  luts: count.describe('LUTs with four inputs, on Xilinx with six'),
  rams: count.describe('block RAMs: 4 kbit on iCE40, 18 kbit on ECP5 and Gowin, 36 kbit on Xilinx'),
  dsps: count,
});

/** A board's file. */
export const boardSchema = z.strictObject({
  $schema: z.string().optional(),
  title: z.string().min(1),
  family: z.enum(['ice40', 'ecp5', 'gowin', 'xilinx']),
  part: part.optional(),
  capacity: capacity.optional(),
  variants: z
    .record(z.string(), z.strictObject({ title: z.string(), part, capacity }))
    .optional()
    .describe('the same board with several parts: each is a board NAME-VARIANT'),
  clock: z.strictObject({
    pin,
    mhz: z.number().positive().describe('on the pin'),
    pll: z
      .enum(pllPrimitives)
      .optional()
      .describe('primitive that makes the clock of the core; none: the clock of the pin'),
    coreMHz: z.number().positive().describe('of the core, unless something else is asked for'),
  }),
  serial: z.strictObject({
    baud: z.int().min(300).max(12_000_000),
    in: pin.describe('from the host'),
    out: pin.describe('to the host'),
  }),
  button: levelPin.optional().describe('resets everything'),
  leds: z
    .strictObject({
      running: levelPin.optional().describe('lit while the clock runs'),
      alarm: levelPin.optional().describe('lit when something has gone wrong'),
    })
    .optional(),
  levels: z
    .record(z.string().regex(/^[a-z][a-z0-9_]*$/), pin.extend({ level: z.union([z.literal(0), z.literal(1)]) }))
    .optional()
    .describe('pins that must have a level, by the name of their port'),
  flash: z
    .array(z.tuple([z.string()], z.string()))
    .min(1)
    .describe('programs that put a bitstream on the board, with their arguments; the first that is there is taken'),
  documents: z.array(z.string()).optional().describe('where parts and board are documented'),
  constraints: z.string().optional().describe('a file beside this one whose text is added to the constraints'),
  top: z
    .string()
    .optional()
    .describe('a Verilog file beside this one with a module `board` in place of the written one'),
});
/** What stands in a board's file. */
export type BoardFile = z.output<typeof boardSchema>;
