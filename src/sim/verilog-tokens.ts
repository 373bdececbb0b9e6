/** Verilog text to tokens with lines: as much as it takes to find registers and instances. */
export interface Token {
  readonly text: string;
  readonly line: number;
}

const lexeme =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\(\*(?!\s*\))[\s\S]*?\*\)|^[ \t]*`(?:timescale|default_nettype|ifn?def|elsif|else|endif|define|undef|include|resetall|line)\b[^\n]*|`\w+|"(?:[^"\\\n]|\\.)*"|\\\S+|[A-Za-z_$][\w$]*|\d*'[sS]?[bodhBODH]\s*[\w?]+|[\d.]+|<=|>=|==|&&|\|\||\n|\S/gm;

/** Comments, attributes and directives are left out. */
export function tokens(text: string): Token[] {
  const result: Token[] = [];
  let line = 1;
  for (const [lexemeText] of text.matchAll(lexeme)) {
    const skipped = /^(?:\/\/|\/\*|\(\*|[ \t]*`|\n)/.test(lexemeText);
    if (!skipped) result.push({ text: lexemeText, line });
    for (const character of lexemeText) if (character === '\n') line++;
  }
  return result;
}
