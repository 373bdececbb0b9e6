/** `bindings.ts` of a core: its ports, registers and streams with TypeScript types, for test benches and host programs. */
import type { Design } from '../hdl/index.ts';
import type { BindingOptions } from './bindings/options.ts';

/**
 * The text of `bindings.ts`: tables of ports, registers, streams and the registers of the bus, interfaces with one property for each, and a `Bench` that drives
 * anything with `poke`, `peek` and `step` through these types. It imports nothing; the same design gives the same text.
 */
export async function coreBindings(design: Design, options: BindingOptions): Promise<string> {
  // The TypeScript compiler behind it takes a moment to load.
  const { writeBindings } = await import('./bindings/write.ts');
  return writeBindings(design, options);
}
