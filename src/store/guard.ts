/**
 * What must end with this process, however it ends: groups of processes and folders of half-done work. A process that is killed can do
 * nothing more, so a small shell does it: it is told of each by a pipe, and the pipe closes with this process.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { basename } from 'node:path';

const script = `
trap '' INT TERM HUP
groups=
while read -r what which; do
  case $what in
    +group) groups="$groups $which" ;;
    -group) rest=; for one in $groups; do [ "$one" = "$which" ] || rest="$rest $one"; done; groups=$rest ;;
    +folder) set -- "$@" "$which" ;;
    -folder) count=$#; while [ "$count" -gt 0 ]; do [ "$1" = "$which" ] || set -- "$@" "$1"; shift; count=$((count - 1)); done ;;
  esac
done
for one in $groups; do kill -KILL "-$one" 2>/dev/null; done
for attempt in 1 2 3; do
  for one in "$@"; do case $one in */.spinfire-*) rm -rf -- "$one" 2>/dev/null ;; esac; done
  [ "$#" -eq 0 ] || sleep 0.1
done
`;

let guard: ChildProcess | undefined;
/** Held open by the guard until it has done its work, so that whoever is at the other end can wait for that. */
let line: number | undefined;

/** Says that the open file `fd` is to be held by this process's guard; before anything is guarded. */
export function guardHolds(fd: number): void {
  line = fd;
}

function tell(what: string): void {
  if (guard?.stdin?.destroyed !== false) {
    // A group of its own: what ends this process's group must not end the guard.
    const stdio = ['pipe', 'ignore', 'ignore', line ?? 'ignore'] as const;
    guard = spawn('/bin/sh', ['-c', script], { stdio: [...stdio], detached: true, cwd: '/' });
    guard.on('error', () => undefined);
    guard.stdin?.on('error', () => undefined);
    guard.unref();
    (guard.stdin as { unref?(): void } | null)?.unref?.();
  }
  guard.stdin?.write(`${what}\n`);
}

/** The process group `id` is killed when this process ends before the function that is returned was called. */
export function guardGroup(id: number | undefined): () => void {
  if (id === undefined) return () => undefined;
  tell(`+group ${id}`);
  return () => tell(`-group ${id}`);
}

/** Makes a folder that is guarded before it is there, as a kill comes at any moment; what to call when it is gone. Throws what `make` throws. */
export function makeGuarded(path: string, make: (path: string) => unknown): () => void {
  const release = guardFolder(path);
  try {
    make(path);
    return release;
  } catch (error) {
    release();
    throw error;
  }
}

/** The same for a folder, whose name must begin with `.spinfire-`: it is removed. */
export function guardFolder(path: string): () => void {
  if (!basename(path).startsWith('.spinfire-') || !path.startsWith('/') || path.includes('\n')) return () => undefined;
  tell(`+folder ${path}`);
  return () => tell(`-folder ${path}`);
}
