/** The memories of weights and tables of a core, read and replaced by the host (docs/monitors.md). */
import { commands, loadBits, memoryPageWords, memoryRegisters } from '../link/index.ts';
import { LinkError } from './errors.ts';

/** A memory of a core, as `spinfire load --output` writes it. */
export interface MemoryWords {
  readonly name: string;
  /** For the register MEMORY. */
  readonly index: number;
  /** For each word its parts of 32 bits, the low ones first. */
  readonly words: readonly (readonly number[])[];
  /** Addresses from one word to the next, a power of two. */
  readonly stride: number;
  readonly checksum: number;
}

/** Weights and tables for a core. */
export interface CoreMemories {
  /** Of the core that takes them. */
  readonly coreHash: number;
  readonly memories: readonly MemoryWords[];
}

export type MemoryShape = Pick<MemoryWords, 'index' | 'words' | 'stride'>;

/** A check of all memories takes as many clocks as they have words. */
const longestCheckMs = 10_000;

/** What is needed of a client. */
interface Registers {
  readonly identity: { readonly coreHash: number };
  read(at: number, count?: number): Promise<Uint32Array>;
  write(at: number, value: number): Promise<void>;
  writeBlock(at: number, values: readonly number[]): Promise<void>;
  seek(image?: number): Promise<void>;
}

interface LoadOptions {
  /** Whole loads, where the board starts anew in the middle. */
  readonly tries: number;
  readonly timeoutMs: number;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Returns how often it began anew. @throws LinkError */
export async function loadMemories(
  client: Registers,
  { coreHash, memories }: CoreMemories,
  { tries, timeoutMs, onProgress }: LoadOptions,
): Promise<number> {
  if (coreHash !== client.identity.coreHash)
    throw new LinkError('refused', 'the weights are for another core', {
      found: coreHash.toString(16),
      expected: client.identity.coreHash.toString(16),
    });
  const total = memories.reduce((sum, { words }) => sum + words.length, 0);
  for (let attempt = 0; attempt < tries; attempt += 1) {
    let done = 0;
    await takeMemories(client, timeoutMs);
    for (const { index, words, stride, checksum } of memories) {
      await client.write(memoryRegisters.MEMORY, index);
      await client.write(memoryRegisters.EXPECTED, checksum);
      for (const { at, values, rows } of blocksOf(words, stride)) {
        await client.writeBlock(await addressOf(client, at), values);
        done += rows;
        onProgress?.(done, total);
      }
    }
    const [kept] = await client.read(memoryRegisters.LOAD);
    await client.write(memoryRegisters.LOAD, 0);
    // A board that has started anew meanwhile has not taken all of them.
    if ((kept! & loadBits.loading) === 0) continue;
    await whenOpen(client);
    return attempt;
  }
  throw new LinkError('unreliable', 'the board starts anew while weights are loaded', { found: `${tries} times` });
}

/** The words of a memory; the core takes no image meanwhile. @throws LinkError */
export async function readMemoryWords(
  client: Registers,
  { index, words, stride }: MemoryShape,
  timeoutMs: number,
): Promise<number[][]> {
  await takeMemories(client, timeoutMs);
  await client.write(memoryRegisters.MEMORY, index);
  const read: number[] = [];
  for (const { at, values } of blocksOf(words, stride))
    for (const [part, value] of (await client.read(await addressOf(client, at), values.length)).entries())
      read[at + part] = value;
  const all = words.map((parts, row) => read.slice(row * stride, row * stride + parts.length));
  await client.write(memoryRegisters.LOAD, 0);
  await whenOpen(client);
  return all;
}

interface Block {
  /** Its first address, counted from those of the memory's first word. */
  readonly at: number;
  readonly values: readonly number[];
  /** Words that end in it. */
  readonly rows: number;
}

/**
 * A memory by the block: whole words, or of a word that is wider than a block a part. The core keeps the parts of a word until its last has come, so that a block
 * that is sent again must not begin with the end of one word and go on with the next.
 */
function* blocksOf(words: MemoryWords['words'], stride: number): Generator<Block> {
  const { most } = commands.block.words;
  const rows = Math.max(1, most / stride);
  for (let first = 0; first < words.length; first += rows) {
    const row = words.slice(first, first + rows);
    const values = row.flatMap((parts, i) =>
      i === row.length - 1 ? parts : [...parts, ...Array<number>(stride - parts.length).fill(0)],
    );
    for (let part = 0; part < values.length; part += most) {
      const isLast = part + most >= values.length;
      yield { at: first * stride + part, values: values.slice(part, part + most), rows: isLast ? row.length : 0 };
    }
  }
}

/** Where an address of the chosen memory is seen; turns to its page. A block is never on two, as both are of a power of two. */
async function addressOf(client: Pick<Registers, 'write'>, at: number): Promise<number> {
  const [page, offset] = [Math.floor(at / memoryPageWords), at % memoryPageWords];
  // The first page is there since MEMORY was written.
  if (offset === 0 && page > 0) await client.write(memoryRegisters.MEMORY_PAGE, page);
  return memoryRegisters.MEMORY_WORDS + offset;
}

/** The core throws away what is in it, and gives its memories to the host. */
async function takeMemories(client: Registers, timeoutMs: number): Promise<void> {
  try {
    // An image that was begun and never ended would be waited for.
    await client.seek(0);
  } catch (error) {
    if (!(error instanceof LinkError && error.code === 'not-loaded')) throw error;
  }
  await client.write(memoryRegisters.LOAD, 1);
  const end = performance.now() + timeoutMs;
  while (((await client.read(memoryRegisters.LOAD))[0]! & loadBits.loading) === 0)
    if (performance.now() > end)
      throw new LinkError('refused', 'the core does not give its memories', {
        help: 'was it built with --monitors load?',
      });
}

/** Waits until a core that is being checked takes images. @throws LinkError when its memories are not what they should be */
export async function whenOpen(client: Pick<Registers, 'read'>): Promise<void> {
  const end = performance.now() + longestCheckMs;
  for (;;) {
    const [wrong, load] = await client.read(memoryRegisters.WRONG_MEMORIES, 2);
    if ((load! & loadBits.closed) === 0) return;
    if (wrong === 0 && (load! & loadBits.loading) === 0 && performance.now() < end) continue;
    throw new LinkError('not-loaded', 'the core takes no image: its weights are not whole', {
      found: wrong === 0 ? 'they are being loaded' : `wrong checksums of memories ${setBits(wrong!).join(', ')}`,
      help: 'load the weights again',
    });
  }
}

const setBits = (word: number) => Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => (word >>> bit) & 1);
