/** What the design rules say, in one format for terminal, CI and JSON. */
import { SpinfireError, visible } from '../errors/index.ts';
import { captureOrigin, formatOrigin, type Origin, readSourceLine } from './origin.ts';

/** Titles that people search for. A number is never given to another rule. */
export const ruleTitles = {
  HDL001: 'WIDTH MISMATCH',
  HDL002: 'KIND MISMATCH',
  HDL003: 'LITERAL OUT OF RANGE',
  HDL004: 'ILLEGAL NAME',
  HDL005: 'NAME CLASH',
  HDL006: 'TWO DRIVERS',
  HDL007: 'NO DRIVER',
  HDL008: 'COMBINATIONAL LOOP',
  HDL009: 'UNCONNECTED PORT',
  HDL010: 'UNUSED PORT',
  HDL011: 'INCOMPLETE CASE',
  HDL012: 'LATCH',
  HDL013: 'MEMORY PORT CONFLICT',
  HDL014: 'CLOCK CROSSING',
  HDL015: 'JAVASCRIPT OPERATOR',
  HDL016: 'NOT ASSIGNABLE',
  HDL017: 'FOREIGN SIGNAL',
  HDL018: 'MISSING CLOCK OR RESET',
  HDL019: 'INDEX OUT OF RANGE',
  HDL020: 'NO MODEL',
  HDL021: 'UNREAD VALUE',
  HDL022: 'UNDEFINED COLLISION',
} as const;

/** Number of a design rule, `HDL001`; a number is never given to another rule. */
export type RuleCode = keyof typeof ruleTitles;

/** An error stops the design; a warning says that something is probably not what was meant. */
export type Severity = 'error' | 'warning';

const warnings: ReadonlySet<RuleCode> = new Set(['HDL021', 'HDL022']);

/** Whether a rule stops the design or only warns. */
export function severityOf(rule: RuleCode): Severity {
  return warnings.has(rule) ? 'warning' : 'error';
}

export interface Note {
  readonly text: string;
  readonly origin?: Origin | undefined;
}

export interface DiagnosticInput {
  readonly rule: RuleCode;
  /** One line that names the things that clash. */
  readonly summary: string;
  /** What stands at the origin, e.g. `acc is assigned here`. */
  readonly label?: string;
  readonly notes?: readonly Note[];
  /** Signals along which the problem runs. */
  readonly path?: string;
  readonly help?: string;
}

/** One broken rule or warning, with its origin in the TypeScript. */
export interface Diagnostic extends DiagnosticInput {
  readonly origin: Origin;
}

/** One or more broken design rules; the message is the whole list. */
export class DesignError extends SpinfireError {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super('badInput', `${diagnostics.length} broken design rules`);
    // Laid out already: the lines of a diagnostic are its own, not those of a name from a file.
    this.message = visible(diagnostics.map(formatDiagnostic).join('\n\n'));
  }

  /** Each rule's text begins with `error` and its number. */
  override get report(): string {
    return this.message;
  }
}

/** A broken rule, at the line of the caller unless one is given. */
export function designError(input: DiagnosticInput, origin: Origin = captureOrigin()): DesignError {
  return new DesignError([{ ...input, origin }]);
}

/** The printed form, see docs: rule, origin with its source line, notes, path, help. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { rule, summary, label, notes = [], path, help, origin } = diagnostic;
  const lines = [`${severityOf(rule)} ${rule} ${ruleTitles[rule]}: ${summary}`];
  lines.push(`  --> ${formatOrigin(origin)}${label ? `     ${label}` : ''}`);
  const text = readSourceLine(origin)?.trim();
  if (text && origin.source) lines.push(`  ${String(origin.source.line).padStart(5)} |   ${text}`);
  for (const note of notes)
    lines.push(`        note: ${note.text}${note.origin ? ` at ${formatOrigin(note.origin)}` : ''}`);
  if (path) lines.push(`        path: ${path}`);
  if (help) lines.push(`        help: ${help}`);
  return lines.join('\n');
}

/** Sorted by origin and rule, without repetitions. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const keyed = diagnostics.map((diagnostic) => {
    const { source } = diagnostic.origin;
    const key = [source?.file ?? '~', String(source?.line ?? 0).padStart(7, '0'), diagnostic.rule, diagnostic.summary];
    return { key: key.join('\0'), diagnostic };
  });
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.filter((entry, index) => entry.key !== keyed[index - 1]?.key).map((entry) => entry.diagnostic);
}

/** A diagnostic as plain data, for JSON. */
export interface DiagnosticJson {
  readonly severity: Severity;
  readonly rule: RuleCode;
  readonly title: string;
  readonly summary: string;
  /** `src/router.ts:41`; null where no origin is known. */
  readonly origin: string | null;
  readonly label: string | null;
  readonly notes: readonly { readonly text: string; readonly origin: string | null }[];
  readonly path: string | null;
  readonly help: string | null;
}

/** A diagnostic as plain data, for CI and editors. */
export function diagnosticJson({ rule, summary, label, notes = [], path, help, origin }: Diagnostic): DiagnosticJson {
  const originText = (at: Origin | undefined) => (at?.source === undefined ? null : formatOrigin(at));
  return {
    severity: severityOf(rule),
    rule,
    title: ruleTitles[rule],
    summary,
    origin: originText(origin),
    label: label ?? null,
    notes: notes.map((note) => ({ text: note.text, origin: originText(note.origin) })),
    path: path ?? null,
    help: help ?? null,
  };
}
