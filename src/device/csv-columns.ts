/** What the columns of a laboratory's table mean: names, units, and how a header tells them. */
import { ownValue } from '../errors/index.ts';

export type Role =
  | 'current'
  | 'voltage'
  | 'probability'
  | 'switched'
  | 'trials'
  | 'stderr'
  | 'pulse'
  | 'temperature'
  | 'resistance'
  | 'dwellSilent'
  | 'dwellSpike';

/** Names of columns, in lower case without blanks and underscores. */
const names: Record<Role, readonly string[]> = {
  current: [
    'current',
    'currenta',
    'i',
    'iq',
    'iwrite',
    'iw',
    'ic',
    'isw',
    'ihm',
    'writecurrent',
    'drivecurrent',
    'amps',
    'pulsecurrent',
  ],
  voltage: [
    'voltage',
    'v',
    'vp',
    'vwrite',
    'vw',
    'vpulse',
    'writevoltage',
    'drivevoltage',
    'volts',
    'pulsevoltage',
    'vbias',
    'bias',
  ],
  probability: [
    'probability',
    'p',
    'psw',
    'pswitch',
    'prob',
    'switchingprobability',
    'pswitching',
    'switchprobability',
    'rate',
    'switchingrate',
  ],
  switched: [
    'k',
    'switched',
    'switches',
    'nsw',
    'nswitch',
    'nswitched',
    'count',
    'counts',
    'successes',
    'hits',
    'events',
  ],
  trials: [
    'n',
    'trials',
    'ntrials',
    'reps',
    'nreps',
    'repetitions',
    'total',
    'attempts',
    'pulses',
    'npulses',
    'cycles',
    'samples',
  ],
  stderr: ['stderr', 'se', 'standarderror', 'sigma', 'sigmap', 'error', 'err'],
  pulse: ['pulse', 'pulses', 'pulsewidth', 'pulselength', 'pulseduration', 'tp', 'tpulse', 'width', 'duration', 'pw'],
  dwellSilent: ['dwellsilent', 'tausilent', 'tau0', 'taup', 'tauparallel', 'dwell0', 'dwellp', 'taulow'],
  dwellSpike: ['dwellspike', 'tauspike', 'tau1', 'tauap', 'tauantiparallel', 'dwell1', 'dwellap', 'tauhigh'],
  resistance: ['resistance', 'writeresistance', 'rwrite', 'rhm', 'rsot', 'rchannel'],
  temperature: ['temperature', 'temp', 'temperaturek', 'tk', 'kelvin'],
};

type Dimension = 'current' | 'voltage' | 'time' | 'temperature' | 'resistance' | 'ratio';

/** Each unit's dimension and what one of it is in A, V, s, K or 1. */
const units: Record<string, { dimension: Dimension; factor: number; offset?: number }> = {
  A: { dimension: 'current', factor: 1 },
  mA: { dimension: 'current', factor: 1e-3 },
  uA: { dimension: 'current', factor: 1e-6 },
  nA: { dimension: 'current', factor: 1e-9 },
  V: { dimension: 'voltage', factor: 1 },
  mV: { dimension: 'voltage', factor: 1e-3 },
  uV: { dimension: 'voltage', factor: 1e-6 },
  s: { dimension: 'time', factor: 1 },
  ms: { dimension: 'time', factor: 1e-3 },
  us: { dimension: 'time', factor: 1e-6 },
  ns: { dimension: 'time', factor: 1e-9 },
  ps: { dimension: 'time', factor: 1e-12 },
  ohm: { dimension: 'resistance', factor: 1 },
  kohm: { dimension: 'resistance', factor: 1e3 },
  Mohm: { dimension: 'resistance', factor: 1e6 },
  K: { dimension: 'temperature', factor: 1 },
  C: { dimension: 'temperature', factor: 1, offset: 273.15 },
  '%': { dimension: 'ratio', factor: 0.01 },
  1: { dimension: 'ratio', factor: 1 },
};

const dimensionOf: Partial<Record<Role, Dimension>> = {
  current: 'current',
  voltage: 'voltage',
  probability: 'ratio',
  stderr: 'ratio',
  pulse: 'time',
  resistance: 'resistance',
  temperature: 'temperature',
  dwellSilent: 'time',
  dwellSpike: 'time',
};

export interface HeaderCell {
  /** As written. */
  readonly title: string;
  /** Absent for a column that labels (a device, a direction). */
  readonly role?: Role;
  readonly unit?: string;
}

/** Titles that are a unit themselves. */
const unitTitles: Readonly<Record<string, string>> = {
  V: 'V',
  volts: 'V',
  Volts: 'V',
  amps: 'A',
  Amps: 'A',
  currentA: 'A',
};

const longestTitle = 200;

/** Reads `current (uA)`, `V [mV]`, `t_p / ns`, `pulse_ns`, `P_sw`, `Temperature (°C)`; `below` is the cell of a line of units under the header. */
export function readHeaderCell(cell: string, below?: string): HeaderCell {
  const title = cell.trim();
  // No title of a quantity; taking it apart would take long.
  if (title.length > longestTitle) return { title };
  const split = splitUnit(title);
  const { name } = split;
  const unit = split.unit ?? (below === undefined ? undefined : knownUnit(below)) ?? ownValue(unitTitles, title);
  const role = roleOf(name, unit);
  return { title, ...(role === undefined ? {} : { role }), ...(unit === undefined ? {} : { unit }) };
}

/** The unit as we spell it (`µA`, `μA` and `uA` are one), or undefined when it isn't known. */
export function knownUnit(text: string): string | undefined {
  const plain = text
    .trim()
    .replace(/[µμ]/g, 'u')
    .replace(/[°º]/g, '')
    .replace(/[\u03A9\u2126]/g, 'ohm')
    .replace(/ohms?$/i, 'ohm')
    .replace(/^Kohm$/, 'kohm')
    .replace(/^kelvin$/i, 'K')
    .replace(/^percent$/i, '%');
  return Object.hasOwn(units, plain) ? plain : undefined;
}

export function unitFitsRole(unit: string, role: Role): boolean {
  const dimension = dimensionOf[role];
  return dimension !== undefined && units[unit]?.dimension === dimension;
}

/** `value` in A, V, s, K or 1; without a unit it is taken as it stands. */
export function toSi(value: number, unit: string | undefined): number {
  const known = unit === undefined ? undefined : units[unit];
  // Fifteen digits: 40 uA is 0.00004 A, not 0.000039999999999999996.
  return known === undefined ? value : Number((value * known.factor + (known.offset ?? 0)).toPrecision(15));
}

export function unitsFor(role: Role): string {
  return Object.keys(units)
    .filter((unit) => unitFitsRole(unit, role))
    .join(', ');
}

function splitUnit(title: string): { name: string; unit?: string } {
  const bracket = /^(.*?)\s*[([]\s*([^)\]]*?)\s*[)\]]$/.exec(title);
  const slash = /^(.*?)\s*\/\s*(\S+)$/.exec(title);
  const suffix = /^(.*?)[_\s]([^_\s]+)$/.exec(title);
  for (const match of [bracket, slash, suffix]) {
    const unit = match === null ? undefined : knownUnit(match[2]!);
    // `t_p` ends in no unit, `n_s` would be a name too: a suffix counts only when what is before it is a name that we know.
    if (match === null || unit === undefined || (match === suffix && roleOf(match[1]!, unit) === undefined)) continue;
    return { name: match[1]!, unit };
  }
  return { name: title };
}

function roleOf(name: string, unit: string | undefined): Role | undefined {
  const plain = name.toLowerCase().replace(/[\s_.-]/g, '');
  // `T (K)` is a temperature, `t (ns)` a pulse; a bare T or t may be anything.
  if (plain === 't' && unit !== undefined) {
    const dimension = units[unit]!.dimension;
    return dimension === 'temperature' ? 'temperature' : dimension === 'time' ? 'pulse' : undefined;
  }
  for (const role of Object.keys(names) as Role[]) {
    if (names[role].includes(plain) && (unit === undefined || unitFitsRole(unit, role))) return role;
  }
  return undefined;
}
