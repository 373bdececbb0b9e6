/** The class `Bench` in a core's bindings: drives a simulation through the types of the core's ports. */
import type { MethodDeclarationStructure, OptionalKind, SourceFile } from 'ts-morph';
import type { BindingStream } from './values.ts';

export function writeBench(file: SourceFile, streams: readonly BindingStream[]): void {
  file.addInterface({
    name: 'Dut',
    isExported: true,
    docs: ['Anything that runs the design clock by clock; values are numbers, truth values and names of states.'],
    methods: [
      { name: 'reset', returnType: 'void' },
      {
        name: 'poke',
        parameters: [parameter('port', 'string'), parameter('value', 'number | bigint | boolean | string')],
        returnType: 'void',
      },
      { name: 'peek', parameters: [parameter('path', 'string')], returnType: 'bigint' },
      { name: 'step', returnType: 'void' },
    ],
  });
  file.addInterface({
    name: 'ValueInfo',
    properties: [
      { name: 'kind', type: 'string', isReadonly: true },
      { name: 'width', type: 'number', isReadonly: true },
      { name: 'states', type: 'readonly string[]', isReadonly: true, hasQuestionToken: true },
    ],
  });
  file.addClass({
    name: 'Bench',
    isExported: true,
    docs: ['Typed access to a running design.'],
    properties: [{ name: '#dut', type: 'Dut', isReadonly: true }],
    ctors: [{ parameters: [parameter('dut', 'Dut')], statements: ['this.#dut = dut;'] }],
    methods: [...accessMethods, ...streamMethods(streams)],
  });
  file.addFunctions([
    {
      name: 'checkRange',
      parameters: [
        parameter('name', 'string'),
        parameter('info', 'ValueInfo'),
        parameter('value', 'number | bigint | boolean | string'),
      ],
      returnType: 'void',
      statements: [
        "if (typeof value === 'string') return;",
        "const low = info.kind === 'sint' ? -(1n << BigInt(info.width - 1)) : 0n;",
        "const whole = typeof value !== 'number' || Number.isSafeInteger(value);",
        'if (whole && BigInt(value) >= low && BigInt(value) < low + (1n << BigInt(info.width))) return;',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: generated text
        'throw new RangeError(`${String(value)} does not fit ${name}, ${info.kind} of ${info.width} bits`);',
      ],
    },
    {
      name: 'decode',
      parameters: [parameter('info', 'ValueInfo'), parameter('bits', 'bigint')],
      returnType: 'unknown',
      statements: [
        "if (info.kind === 'bool') return bits !== 0n;",
        'if (info.states) return info.states[Number(bits)];',
        "const value = info.kind === 'sint' ? BigInt.asIntN(info.width, bits) : BigInt.asUintN(info.width, bits);",
        'return info.width <= 53 ? Number(value) : value;',
      ],
    },
  ]);
}

const accessMethods: readonly OptionalKind<MethodDeclarationStructure>[] = [
  {
    name: 'reset',
    docs: ['Registers take their reset values.'],
    returnType: 'void',
    statements: ['this.#dut.reset();'],
  },
  {
    name: 'step',
    docs: ['Clock edges.'],
    parameters: [{ name: 'clocks', initializer: '1' }],
    returnType: 'void',
    statements: ['for (let clock = 0; clock < clocks; clock++) this.#dut.step();'],
  },
  {
    name: 'poke',
    docs: ['Holds an input at a value. @throws RangeError when it does not fit'],
    typeParameters: ['P extends keyof Inputs'],
    parameters: [parameter('port', 'P'), parameter('value', 'Inputs[P]')],
    returnType: 'void',
    statements: ['checkRange(port, ports[port], value);', 'this.#dut.poke(port, value);'],
  },
  {
    name: 'peek',
    docs: ['The present value of an output.'],
    typeParameters: ['P extends keyof Outputs'],
    parameters: [parameter('port', 'P')],
    returnType: 'Outputs[P]',
    statements: ['return decode(ports[port], this.#dut.peek(port)) as Outputs[P];'],
  },
  {
    name: 'register',
    docs: ['The present value of a register.'],
    typeParameters: ['R extends keyof Registers'],
    parameters: [parameter('path', 'R')],
    returnType: 'Registers[R]',
    statements: ['return decode(registers[path], this.#dut.peek(path)) as Registers[R];'],
  },
];

function streamMethods(streams: readonly BindingStream[]): OptionalKind<MethodDeclarationStructure>[] {
  return streams.map((stream) => (stream.direction === 'input' ? sendMethod(stream) : receiveMethod(stream)));
}

function sendMethod({ name, data, valid, ready, last }: BindingStream): OptionalKind<MethodDeclarationStructure> {
  return {
    name: methodName('send', name),
    docs: [
      `Sends items over ${name}, one a handshake${last ? `; ${last} goes with the final one` : ''}. Returns the clocks it took.`,
    ],
    parameters: [parameter('items', `readonly Inputs['${data}'][]`), { name: 'patience', initializer: '100_000' }],
    returnType: 'number',
    statements: lines(
      'let clocks = 0;',
      'for (const [index, item] of items.entries()) {',
      `  this.poke('${data}', item);`,
      `  this.poke('${valid}', true);`,
      ...(last ? [`  this.poke('${last}', index === items.length - 1);`] : []),
      '  for (let taken = false; !taken; clocks++) {',
      `    if (clocks > patience) throw new Error(\`${name} took \${index} of \${items.length} items in \${clocks} clocks\`);`,
      `    taken = this.peek('${ready}');`,
      '    this.#dut.step();',
      '  }',
      '}',
      `this.poke('${valid}', false);`,
      'return clocks;',
    ),
  };
}

function receiveMethod({ name, data, valid, ready, last }: BindingStream): OptionalKind<MethodDeclarationStructure> {
  const until = last ? `up to the one with ${last}` : '`count` of them';
  return {
    name: methodName('receive', name),
    docs: [`Receives items over ${name}, ${until}.`],
    parameters: [...(last ? [] : [parameter('count', 'number')]), { name: 'patience', initializer: '1_000_000' }],
    returnType: `Outputs['${data}'][]`,
    statements: lines(
      `const items: Outputs['${data}'][] = [];`,
      `this.poke('${ready}', true);`,
      `for (let clocks = 0, ended = ${last ? 'false' : 'count === 0'}; !ended; clocks++) {`,
      `  if (clocks > patience) throw new Error(\`${name} gave \${items.length} items in \${clocks} clocks\`);`,
      `  if (this.peek('${valid}')) {`,
      `    items.push(this.peek('${data}'));`,
      `    ended = ${last ? `this.peek('${last}')` : 'items.length === count'};`,
      '  }',
      '  this.#dut.step();',
      '}',
      `this.poke('${ready}', false);`,
      'return items;',
    ),
  };
}

/** As one statement, or blank lines would stand behind every block. */
function lines(...texts: readonly string[]): string {
  return texts.join('\n');
}

/** `send` and `s_axis` make `sendSAxis`. */
function methodName(verb: string, stream: string): string {
  return verb + stream.replace(/(?:^|_)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function parameter(name: string, type: string) {
  return { name, type };
}
