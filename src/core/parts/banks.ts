/** One frame or two between a block that fills and one that reads (docs/microarchitecture.md, "Frame buffer"). */
import { type Bool, bool, concat, type ModuleBuilder, mux, type UInt } from '../../hdl/index.ts';

export interface Banks {
  /** The bank being filled has room. */
  readonly free: Bool;
  /** The bank being read holds a frame. */
  readonly full: Bool;
  /** A value that goes with the frame: taken with the one being filled, shown with the one being read. */
  readonly hold: <S extends UInt | Bool>(name: string, given: S, takes: Bool) => S;
  /** The bank being filled, where there are two. */
  readonly writeBank: Bool | undefined;
  /** Addresses in a memory that holds the banks one above the other. */
  readonly writeAddress: (address: UInt) => UInt;
  readonly readAddress: (address: UInt) => UInt;
}

/** `commits`: the bank being filled is complete; `release`: the one being read is done. */
export function banks(m: ModuleBuilder, count: 1 | 2, commits: Bool, release: Bool): Banks {
  return count === 1 ? oneBank(m, commits, release) : twoBanks(m, commits, release);
}

function oneBank(m: ModuleBuilder, commits: Bool, release: Bool): Banks {
  m.section('One bank: filled, then read');
  const full = m.register('full_0', bool(), { reset: 0 });
  m.when(commits, () => m.next(full, 1)).elseWhen(release, () => m.next(full, 0));
  const same = (address: UInt) => address;
  const hold = <S extends UInt | Bool>(name: string, given: S, takes: Bool): S => {
    const held = m.register(`${name}_0`, given.type, { reset: 0 }) as S;
    m.when(takes, () => m.next<UInt | Bool>(held, given));
    return held;
  };
  return { free: full.not(), full, hold, writeBank: undefined, writeAddress: same, readAddress: same };
}

function twoBanks(m: ModuleBuilder, commits: Bool, release: Bool): Banks {
  m.section('Two banks: one is filled while the other is read');
  const write = m.register('wr_bank', bool(), { reset: 0 });
  const read = m.register('rd_bank', bool(), { reset: 0 });
  m.when(commits, () => m.next(write, write.not()));
  m.when(release, () => m.next(read, read.not()));
  const fullOf = (name: string, ofWrite: Bool, ofRead: Bool) => {
    const full = m.register(name, bool(), { reset: 0 });
    m.when(commits.and(ofWrite), () => m.next(full, 1)).elseWhen(release.and(ofRead), () => m.next(full, 0));
    return full;
  };
  const full0 = fullOf('full_0', write.not(), read.not());
  const full1 = fullOf('full_1', write, read);
  const hold = <S extends UInt | Bool>(name: string, given: S, takes: Bool): S => {
    const [held0, held1] = [0, 1].map((bank) => m.register(`${name}_${bank}`, given.type, { reset: 0 }) as S);
    m.when(takes, () => {
      m.when(write, () => m.next<UInt | Bool>(held1!, given)).otherwise(() => m.next<UInt | Bool>(held0!, given));
    });
    return mux<Bool | UInt>(read, held1!, held0!) as S;
  };
  return {
    free: mux(write, full1, full0).not(),
    full: mux(read, full1, full0),
    hold,
    writeBank: write,
    writeAddress: (address) => concat(write, address),
    readAddress: (address) => concat(read, address),
  };
}
