/** The core's side of the link: serial line in and out, a core in between (docs/link.md). */
import { axiStream, bool, clock, component, flip, input, output, reset, sint, uint, when } from '../../hdl/index.ts';
import { alarms } from '../../link/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { frameReader } from './frame-reader.ts';
import { linkRegisterBlock } from './link-registers.ts';
import { type LinkCore, linkAddressBits, registerBus } from './parts.ts';
import { requestReader } from './request-reader.ts';
import { responder } from './responder.ts';
import { uartReceiver, uartTransmitter } from './uart.ts';

const endpointPorts = (core: LinkCore) => ({
  clk: clock(),
  rst: reset(),
  serialIn: input(bool(), 'the line from the host, at any time'),
  serialOut: output(bool(), 'the line to the host'),
  alarm: output(bool(), 'something has gone wrong; the host knows what'),
  coreReset: output(bool(), 'the host resets the core'),
  skipImage: output(bool(), 'one clock: the random streams go on to the next image'),
  imageDropped: input(bool(), 'one clock: the core has dropped an image'),
  coreAlarm: when(core.hasMonitors, input(bool(), 'the core has seen something abnormal')),
  coreClosed: when(core.loads, input(bool(), 'the core takes no image: its memories are loaded or checked')),
  timeSteps: output(uint(unsignedBits(core.timeSteps.max)), 'for the images that follow'),
  exitMargin: when(
    core.exitMarginBits !== undefined,
    output(uint(core.exitMarginBits ?? 1), 'for the images that follow'),
  ),
  sAxis: axiStream(uint(8), { user: 'with the last pixel: drop the image' }),
  mAxis: flip(axiStream(sint(32))),
  coreBus: when(core.busBits !== undefined, registerBus(linkAddressBits(core))),
});

/** Line in >> frames >> requests >> core >> answers >> line out, with the registers beside. */
export const linkEndpoint = (core: LinkCore) => {
  const part = (name: string) => `${core.name}_${name}`;
  return component(part('link'), endpointPorts(core), (m, io) => {
    m.doc(`The serial link of ${core.name}: frames with checksums, registers, images (docs/link.md).`);
    const receiver = m.place('receiver', uartReceiver(part('uart_receiver'), core.clocksPerBit), {
      line: io.serialIn,
    });
    const reader = m.place('frame_reader', frameReader(part('frame_reader'), core.clocksPerBit), {
      data: receiver.data,
      valid: receiver.valid,
      broken: receiver.broken,
    });
    const seeking = m.wire('seeking', bool());
    const requests = m.place('request_reader', requestReader(part('request_reader'), core), {
      seeking,
      pixelReady: io.sAxis.tready,
    });
    m.connect(reader.frame, requests.frame);
    m.assign(io.sAxis.tdata, requests.pixel);
    m.assign(io.sAxis.tvalid, requests.pixelValid);
    m.assign(io.sAxis.tlast, requests.pixelLast);
    if (io.sAxis.tuser) m.assign(io.sAxis.tuser, requests.pixelBad);

    const numberUsed = m.wire('number_used', bool());
    const answerBegins = m.wire('answer_begins', bool());
    const answerEnds = m.wire('answer_ends', bool());
    const registers = m.place('registers', linkRegisterBlock(part('link_registers'), core), {
      lineError: receiver.broken,
      badFrame: requests.badFrame,
      overrun: requests.overrun,
      dropped: io.imageDropped,
      coreAlarm: io.coreAlarm,
      coreClosed: io.coreClosed,
      accepted: requests.accepted,
      numberUsed,
      answerBegins,
      answerEnds,
    });
    const answers = m.place('responder', responder(part('responder'), core), {
      resultData: io.mAxis.tdata,
      resultValid: io.mAxis.tvalid,
      pending: registers.pending,
      alarms: registers.alarms,
    });
    m.connect(requests.request, answers.request);
    m.connect(answers.bus, registers.bus);
    m.assign(io.mAxis.tready, answers.resultReady);
    m.unused(io.mAxis.tlast, 'an answer has a word for each class, and one more');
    m.assign(seeking, io.coreClosed ? registers.seeking.or(io.coreClosed) : registers.seeking);
    m.assign(numberUsed, answers.numberUsed);
    m.assign(answerBegins, answers.answerBegins);
    m.assign(answerEnds, answers.answerEnds);
    const transmitter = m.place('transmitter', uartTransmitter(part('uart_transmitter'), core.clocksPerBit), {});
    m.connect(answers.bytes, transmitter.bytes);
    m.assign(io.serialOut, transmitter.line);
    m.assign(io.coreReset, registers.coreReset);
    m.assign(io.skipImage, registers.skipImage);
    m.assign(io.timeSteps, registers.timeSteps);
    if (io.exitMargin && registers.exitMargin) m.assign(io.exitMargin, registers.exitMargin);
    if (io.coreBus && registers.coreBus) m.connect(registers.coreBus, io.coreBus);
    // A start is no fault.
    const wrong = registers.alarms.truncate(alarms.restarted.bit).notEquals(0);
    m.assign(io.alarm, core.hasMonitors ? wrong.or(registers.alarms.bit(alarms.monitor.bit)) : wrong);
  });
};
