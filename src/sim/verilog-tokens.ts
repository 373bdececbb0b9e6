/** Verilog text to tokens with lines: as much as it takes to find registers and instances. */
export interface Token {
  readonly text: string;
  readonly line: number;
}

const lexeme =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\(\*(?!\s*\))[\s\S]*?\*\)|`[^\n]*|"(?:[^"\\\n]|\\.)*"|\\\S+|[A-Za-z_$][\w$]*|\d*'[sS]?[bodhBODH]\s*[\w?]+|[\d.]+|<=|>=|==|&&|\|\||\n|\S/g;

/** Comments, attributes and directives are left out. */
export function tokens(text: string): Token[] {
  const result: Token[] = [];
  let line = 1;
  for (const [lexemeText] of text.matchAll(lexeme)) {
    const skipped = /^(?:\/\/|\/\*|\(\*|`|\n)/.test(lexemeText);
    if (!skipped) result.push({ text: lexemeText, line });
    for (const character of lexemeText) if (character === '\n') line++;
  }
  return result;
}
