/** Images, or vectors of numbers, as a file has them. */
export interface RawImages {
  readonly count: number;
  /** Of one image: [values], [rows, columns], or three dimensions in the order that `order` tells. */
  readonly dims: readonly number[];
  /** Of three dimensions, when the format tells; absent: rows, columns, channels or channels, rows, columns. */
  readonly order?: 'hwc' | 'chw';
  /** `bytes`: 0 is black and 255 is full. `numbers`: in units that the file does not tell. */
  readonly kind: 'bytes' | 'numbers';
  /** [image][...dims]. */
  readonly data: Uint8Array | Float64Array;
  /** When the file has them. */
  readonly labels?: readonly number[];
  /** Names of the classes, by number. */
  readonly classNames?: readonly string[];
  /** What a person should know about how the file was read. */
  readonly notes?: readonly string[];
}

/** A class for each image, any whole number from 0 on; whether the network has so many is checked later. */
export interface RawLabels {
  readonly labels: readonly number[];
  readonly classNames?: readonly string[];
}

/** What a person says about the files. */
export interface ReadOptions {
  /** Columns of a CSV file that hold the label: a name of the first line, or a number from 0 on. */
  readonly labelColumn?: string | undefined;
}

/** A file or folder of images in one format. */
export interface ImageFormat {
  readonly name: string;
  /** Whether a file is of this format, by its name and first bytes; `bytes` is absent for a folder. */
  readonly matches: (path: string, bytes: Uint8Array | undefined) => boolean;
  /**
   * @param shown how errors name the file
   * @throws SpinfireError (badInput) with the place in the file that is wrong
   */
  readonly read: (file: ImageFile, options: ReadOptions) => RawImages;
}

export interface ImageFile {
  readonly path: string;
  readonly shown: string;
  /** Empty for a folder. */
  readonly bytes: Uint8Array;
  /** What stands behind a colon: the name of an array in a file that holds several. */
  readonly member?: string | undefined;
}
