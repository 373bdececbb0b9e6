/** What bindings need beside the design. */
import type { BusRegister } from '../registers/map.ts';

/** What the header of the bindings says, and the registers of the bus. */
export interface BindingOptions {
  /** Name and version of the generator, for the header. */
  readonly generator: string;
  /** The register map of the core's bus; absent or empty: it has none. */
  readonly busRegisters?: readonly BusRegister[];
}
