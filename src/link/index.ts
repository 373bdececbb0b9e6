/** The link between a host and a core: the protocol as data, the host's codec, the core's side as software. */
export {
  type Damage,
  encodeRequest,
  frameOf,
  type Received,
  type Request,
  type Response,
  ResponseDecoder,
} from './codec.ts';
export { Endpoint, type EndpointCore, type LineEvent } from './endpoint.ts';
export { cHeader, linkTables, pythonModule, verilogHeader, withTables } from './generate.ts';
export {
  type Command,
  type CommandName,
  commands,
  crc16,
  crcBytes,
  type Field,
  fieldBytes,
  framing,
  gapBits,
  protocolVersion,
  requestHeader,
  responseHeader,
  type Status,
  type StatusName,
  statuses,
} from './protocol.ts';
export {
  type AlarmName,
  alarmNames,
  alarms,
  boardNameLetters,
  boardNameOf,
  boardWords,
  type LinkRegister,
  type LinkRegisterName,
  linkId,
  linkRegisterRange,
  linkRegisters,
  loadBits,
  memoryPageWords,
  memoryRegisters,
  seekingBits,
} from './registers.ts';
