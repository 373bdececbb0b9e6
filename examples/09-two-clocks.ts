/**
 * A bit from one clock into another: read as it is it breaks a design rule, through a synchroniser it does not.
 * Run it: `npx tsx examples/09-two-clocks.ts` prints the message, then the Verilog of the sound one.
 */
import { bool, DesignError, defineModule, elaborate, emitVerilog, synchronise } from 'spinfire/hdl';

const crossing = (isSafe: boolean) =>
  defineModule('crossing', (m) => {
    const fast = m.clock('fast');
    const slow = m.clock('slow');
    const toggle = m.register('toggle', bool(), { resetless: true, clock: fast });
    m.next(toggle, toggle.not());
    const seen = m.register('seen', bool(), { resetless: true, clock: slow });
    m.next(seen, isSafe ? synchronise(m, 'there', toggle, slow) : toggle);
    m.assign(m.output('y', bool()), seen);
  });

try {
  elaborate(crossing(false));
} catch (error) {
  if (!(error instanceof DesignError)) throw error;
  console.log(error.message);
}
const { files } = emitVerilog(elaborate(crossing(true)), { generator: 'spinfire', configuration: 'example clocks' });
console.log(files.find(({ path }) => path.endsWith('crossing.v'))?.text);
