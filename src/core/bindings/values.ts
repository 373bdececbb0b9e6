/** What bindings are written about: a design's ports, registers and streams as plain data. */
import type { Design, PortInfo } from '../../hdl/index.ts';

export interface BindingValue {
  readonly name: string;
  readonly kind: PortInfo['kind'];
  readonly width: number;
  /** Of an enumeration, in the order of their encoding. */
  readonly states: readonly string[] | undefined;
  readonly doc: string | undefined;
}

export interface BindingPort extends BindingValue {
  readonly direction: PortInfo['direction'];
  readonly role: PortInfo['role'];
}

export interface BindingRegister extends BindingValue {
  readonly module: string;
}

/** Ports with the names of one stream: `<name>_tdata`, `_tvalid`, `_tready`, maybe `_tlast`; or the same without `t`. */
export interface BindingStream {
  readonly name: string;
  /** Seen from the design. */
  readonly direction: PortInfo['direction'];
  readonly data: string;
  readonly valid: string;
  readonly ready: string;
  readonly last: string | undefined;
}

export function designPorts(design: Design): BindingPort[] {
  const states = new Map(
    design.top.nets.flatMap(({ name, type }) => (type.kind === 'enum' ? [[name, type.states] as const] : [])),
  );
  return design.ports().map(({ name, kind, width, doc, direction, role }) => ({
    name,
    kind,
    width,
    doc,
    direction,
    role,
    states: states.get(name),
  }));
}

export function designRegisters(design: Design): BindingRegister[] {
  return design
    .registers()
    .map(({ path, kind, width, states, module }) => ({ name: path, kind, width, states, module, doc: undefined }));
}

export function designStreams(ports: readonly BindingPort[]): BindingStream[] {
  const byName = new Map(ports.map((port) => [port.name, port]));
  return ports.flatMap((data): BindingStream[] => {
    const match = /^(.+)_(t?)data$/.exec(data.name);
    if (match === null) return [];
    const port = (signal: string) => byName.get(`${match[1]}_${match[2]}${signal}`);
    const [valid, ready, last] = [port('valid'), port('ready'), port('last')];
    if (valid?.direction !== data.direction || ready === undefined || ready.direction === data.direction) return [];
    const { direction } = data;
    return [{ name: match[1]!, direction, data: data.name, valid: valid.name, ready: ready.name, last: last?.name }];
  });
}
