/** Words that are known when the core is made: weights, switching tables, devices. */
import { addressWidth, bool, clock, component, input, output, uint, when } from '../../hdl/index.ts';

export interface RomOptions {
  readonly core: string;
  /** Name of the module, and of the file with the words. */
  readonly name: string;
  /** Bits of a word. */
  readonly width: number;
  readonly words: readonly (number | bigint)[];
  /** Words can be replaced while the core runs. */
  readonly loads?: boolean;
}

/** A port that replaces words. */
export function loadPort(words: number, width: number) {
  return {
    write: input(bool(), 'the host loads an entry'),
    index: input(uint(addressWidth(words)), 'of the entry'),
    code: input(uint(width), 'its new word'),
  };
}

/** A memory with contents and a register at its output. */
export function rom({ core, name, width, words, loads = false }: RomOptions) {
  const ports = {
    clk: clock(),
    enable: input(bool(), 'takes the address'),
    address: input(uint(addressWidth(words.length)), 'of the word'),
    load: when(loads, loadPort(words.length, width)),
    data: output(uint(width), 'the word, a clock later, until the next enable'),
  };
  return component(
    name,
    ports,
    (m, { enable, address, load, data }) => {
      m.doc(loads ? 'Words that the host can replace.' : 'Words that never change.');
      m.constant('WORD_BITS', width);
      m.constant('WORDS', words.length);
      m.constant('ADDRESS_BITS', address.width);
      const contents = m.memory('contents', {
        depth: words.length,
        type: uint(width),
        contents: words,
        contentsFile: `${name}.mem`,
      });
      contents.read(data, address, { enable });
      if (load) contents.write(load.index, load.code, load.write);
    },
    { family: `${core}_rom` },
  );
}
