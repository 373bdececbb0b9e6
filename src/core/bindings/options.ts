/** What bindings need beside the design. */
import type { BusRegister } from '../registers/map.ts';

export interface BindingOptions {
  /** Name and version of the generator, for the header. */
  readonly generator: string;
  /** The register map of the core's bus; absent or empty: it has none. */
  readonly busRegisters?: readonly BusRegister[];
}
