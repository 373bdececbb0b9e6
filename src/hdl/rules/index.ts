/** The design rules that look at whole modules. Each reads a design and reports; none changes it. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import { moduleNames } from './module-names.ts';

export type Rule = (design: Design) => Diagnostic[];

export const rules: readonly Rule[] = [moduleNames];
