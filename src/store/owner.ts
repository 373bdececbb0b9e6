/**
 * Who a folder of half-done work belongs to, told by its name: a process number alone is no unique name, for it comes again after a restart
 * and in every container. A machine's (or container's) mark, the number, the process's start and a random part are.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

const tryRead = (read: () => string): string => {
  try {
    return read();
  } catch {
    return '';
  }
};

/** This boot of this machine and this set of process numbers. */
function machineMark(): string {
  const boot = tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const numbers = tryRead(() => readlinkSync('/proc/self/ns/pid'));
  return createHash('sha256').update(`${hostname()}\n${boot}\n${numbers}`).digest('hex').slice(0, 8);
}

/** Clock ticks from the machine's start to the process's; 0 where there is no /proc; undefined: no such process. */
function processStart(pid: number | 'self'): string | undefined {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat !== '') return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  if (pid === 'self') return '0';
  try {
    process.kill(pid, 0);
    return '0';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? '0' : undefined;
  }
}

const prefix = '.spinfire-work-';
const pattern = /^\.spinfire-work-([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{12}$/;

/** A name that no other process makes, and no other call. */
export function workName(): string {
  const random = randomBytes(6).toString('hex');
  return `${prefix}${machineMark()}-${process.pid}-${processStart('self') ?? '0'}-${random}`;
}

/** Another machine's process can't be asked; nothing that it does takes this long. */
const foreignDays = 7;

/** Whether the work folder of this name, changed last at `modifiedMs`, has lost its owner; false for any other name. */
export function isAbandoned(name: string, modifiedMs: number): boolean {
  const [, mark, pid, start] = pattern.exec(name) ?? [];
  if (mark === undefined) return false;
  if (mark !== machineMark()) return Date.now() - modifiedMs > foreignDays * 86_400_000;
  return processStart(Number(pid)) !== start;
}
