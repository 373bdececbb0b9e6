/** Where bytes go: a serial port, or anything else that carries them both ways. */
import type { SerialPort } from 'serialport';
import { LinkError } from './errors.ts';

/** A way to the board that a client writes to and listens on: a serial port, a socket, a test. */
export interface Transport {
  /** Resolves when the bytes are on their way; rejects when the other end is gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** One listener each; bytes in pieces of any size. */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** The other end is gone, for good. */
  onClose(listener: () => void): void;
  /** Lets go of it; resolves when nothing more comes. */
  close(): Promise<void>;
}

/** Opens the way; called again after a disconnect. */
export type Connect = () => Promise<Transport>;

/** Port and speed. */
export interface SerialOptions {
  /** `/dev/ttyUSB1`, `COM3`, or the port that `spinfire virtual-board` prints. */
  readonly path: string;
  /** Bits a second, 1,000,000 unless told otherwise. */
  readonly baud?: number | undefined;
}

/** Bits a second when nobody says otherwise. */
export const usualBaud = 1_000_000;

/** A serial port of this machine. @throws LinkError `no-port` when it cannot be opened */
export function serialPort({ path, baud = usualBaud }: SerialOptions): Connect {
  return async () => {
    // Its driver is loaded by those alone who have a board.
    const { SerialPort } = await import('serialport');
    return new Promise((resolve, reject) => {
      const port = new SerialPort({ path, baudRate: baud, autoOpen: false, highWaterMark: 65_536 });
      // Without a listener a late error of the port would end the program; `close` follows and tells of it.
      port.on('error', () => {});
      port.open((error) => {
        if (error) {
          const help =
            'is the board plugged in, and is the port yours to open? `ls /dev/ttyUSB* /dev/ttyACM*` shows the ports';
          reject(
            new LinkError('no-port', 'the serial port cannot be opened', { where: path, found: error.message, help }),
          );
        } else resolve(transportOf(port));
      });
    });
  };
}

function transportOf(port: SerialPort): Transport {
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        const failed = (error: Error) =>
          reject(new LinkError('closed', 'the serial port is gone', { where: port.path, found: error.message }));
        if (!port.isOpen) return failed(new Error('closed'));
        port.write(Buffer.from(bytes), (error) => (error ? failed(error) : resolve()));
      }),
    onData: (listener) => {
      port.on('data', listener);
    },
    onClose: (listener) => {
      port.on('close', listener);
    },
    close: () =>
      new Promise((resolve) => {
        if (port.isOpen) port.close(() => resolve());
        else resolve();
      }),
  };
}
