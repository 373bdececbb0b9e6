/** A core behind the pins of a TinyTapeout tile: 8 in, 8 out, 8 both ways (docs/systems.md). */
import { badInput } from '../../errors/index.ts';
import { bool, concat, type Design, defineModule, elaborate, external, lit, mux, uint } from '../../hdl/index.ts';
import type { Plan } from '../../plan/index.ts';
import { corePorts } from '../ports.ts';
import { hasBus } from '../registers/map.ts';
import { topModule } from '../top.ts';

/** Pins both ways, by number, and what each is. */
export const tilePins = {
  pixelValid: { pin: 0, doc: 'in: ui holds a pixel' },
  pixelLast: { pin: 1, doc: "in: it is the image's last" },
  byteTaken: { pin: 2, doc: 'in: the byte of the answer is taken' },
  pixelTaken: { pin: 3, doc: 'out: the pixel is taken in this clock' },
  byteValid: { pin: 4, doc: 'out: uo holds a byte of an answer' },
  byteLast: { pin: 5, doc: "out: it is the answer's last" },
  dropped: { pin: 6, doc: 'out: an image was dropped' },
} as const;

const outputs = 0b0111_1000;

/** Name of the module, as TinyTapeout wants it to begin. */
export const tileName = (plan: Pick<Plan, 'name'>) => `tt_um_${plan.name}`;

/** Module `tt_um_<core>`, after all design rules. @throws badInput for a core with a register bus or several pixels a beat */
export function buildTile(plan: Plan, withCore: boolean): Design {
  if (hasBus(plan) || plan.pixelLanes > 1)
    throw badInput('the core does not go behind the pins of a TinyTapeout tile', {
      where: plan.name,
      found: hasBus(plan) ? 'a register bus' : `${plan.pixelLanes} pixels a beat`,
      expected: 'a core without --realism and --monitors, and one pixel a beat',
    });
  return elaborate(
    defineModule(tileName(plan), (m) => {
      m.doc(
        `The core ${plan.name} behind the pins of a TinyTapeout tile: pixels in, the bytes of answers out, each word's low byte first.`,
      );
      const ui = m.input('ui_in', uint(8), { doc: 'pixel' });
      const uo = m.output('uo_out', uint(8), { doc: 'byte of an answer' });
      const uioIn = m.input('uio_in', uint(8), { doc: 'pins 0 to 2' });
      const uioOut = m.output('uio_out', uint(8), { doc: 'pins 3 to 6' });
      const uioOe = m.output('uio_oe', uint(8), { doc: 'which of these are outputs' });
      const enabled = m.input('ena', bool(), { doc: 'high while the tile is chosen' });
      const clk = m.clock('clk');
      const rstN = m.input('rst_n', bool(), { doc: 'low is reset' });
      m.unused(enabled, 'a tile that is not chosen has no clock');
      m.section('Reset');
      const rst = m.synchronisedReset('rst', [rstN.not()], { clock: clk, holdClocks: 4 });

      m.section('Core');
      const margin =
        plan.earlyExit === 'margin'
          ? lit(2n ** BigInt(plan.readout.scoreBits) - 1n, uint(plan.readout.scoreBits))
          : undefined;
      const core = m.place('core', withCore ? topModule(plan) : external(plan.name, corePorts(plan)), {
        ...{ clk, rst, timeSteps: plan.timeSteps.default, exitMargin: margin, skipImage: 0 },
      });
      m.assign(core.sAxis.tdata, ui);
      m.assign(core.sAxis.tvalid, uioIn.bit(tilePins.pixelValid.pin));
      m.assign(core.sAxis.tlast, uioIn.bit(tilePins.pixelLast.pin));
      if (core.sAxis.tuser) m.assign(core.sAxis.tuser, 0);

      m.section('Bytes of answers');
      const place = m.register('byte_place', uint(2), { reset: 0 });
      const taken = m.name('byte_taken', core.mAxis.tvalid.and(uioIn.bit(tilePins.byteTaken.pin)));
      const atLast = m.name('at_last_byte', place.equals(3));
      m.when(taken, () => m.next(place, place.addWrap(1)));
      m.assign(core.mAxis.tready, uioIn.bit(tilePins.byteTaken.pin).and(atLast));
      const word = core.mAxis.tdata.asUInt();
      const bytes = [0, 1, 2].map((byte) => word.slice(8 * byte + 7, 8 * byte));
      m.assign(
        uo,
        bytes.reduceRight((others, own, byte) => mux(place.equals(byte), own, others), word.slice(31, 24)),
      );

      m.section('Pins');
      const last = core.mAxis.tlast.and(atLast);
      const zero = lit(0, uint(3));
      m.assign(uioOut, concat(lit(0, bool()), core.imageDropped, last, core.mAxis.tvalid, core.sAxis.tready, zero));
      m.assign(uioOe, outputs);
      m.unused(core.frameError, 'pin 6 tells what was dropped');
    }),
  );
}
