/** Which golden model computes: results of another one are not those of today's. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What decides a run beside its plan, its devices' law and its images. */
const rooms = ['../../golden/', '../../device/', './'];

/** SHA-256 of the program text of the golden model, of the devices that are drawn, and of the runs themselves. */
export function modelDigest(): string {
  const hash = createHash('sha256');
  for (const room of rooms) {
    const folder = fileURLToPath(new URL(room, import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[jt]s$/.test(name));
    for (const name of files.sort()) hash.update(`${name}\n`).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
}
