/** The memories of weights and tables of a core, read and replaced by the host (docs/monitors.md). */
import { commands, loadBits, memoryRegisters } from '../link/index.ts';
import { LinkError } from './errors.ts';

/** A memory of a core, as `spinfire load --output` writes it. */
export interface MemoryWords {
  readonly name: string;
  /** For the register MEMORY. */
  readonly index: number;
  /** For each word its parts of 32 bits, the low ones first. */
  readonly words: readonly (readonly number[])[];
  /** Addresses from one word to the next. */
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
      for (const { first, rows, values } of blocksOf(words, stride)) {
        await client.writeBlock(memoryRegisters.MEMORY_WORDS + first * stride, values);
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
  const all: number[][] = [];
  for (const { first, rows, values } of blocksOf(words, stride)) {
    const read = [...(await client.read(memoryRegisters.MEMORY_WORDS + first * stride, values.length))];
    for (let row = 0; row < rows; row += 1)
      all.push(read.slice(row * stride, row * stride + words[first + row]!.length));
  }
  await client.write(memoryRegisters.LOAD, 0);
  await whenOpen(client);
  return all;
}

/**
 * Words of a memory by the block, as they stand behind one another. A block is of whole words: the core keeps the parts of one until its last has come, so that
 * a block that is sent again must not begin in the middle.
 */
function* blocksOf(words: MemoryWords['words'], stride: number) {
  const most = Math.max(1, Math.floor(commands.block.words.most / stride));
  for (let first = 0; first < words.length; first += most) {
    const block = words.slice(first, first + most);
    const values = block.flatMap((parts, row) =>
      row === block.length - 1 ? parts : [...parts, ...Array<number>(stride - parts.length).fill(0)],
    );
    yield { first, rows: block.length, values };
  }
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
