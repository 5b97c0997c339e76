// Reads S-expressions. Knows nothing of commands. Text is held one character a byte, since scripts hold bytes that are
// no UTF-8 on purpose. Keeps its own stack: nesting is up to the script.

interface Atom {
  readonly kind: "atom";
  readonly text: string;
  readonly start: number;
  readonly line: number;
}

/** A string literal; `text` is its contents, one character a byte. */
interface StringLiteral {
  readonly kind: "string";
  readonly text: string;
  readonly start: number;
  readonly line: number;
}

export interface List {
  readonly kind: "list";
  readonly items: readonly Node[];
  /** Where it begins and ends in the source, parentheses included. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

export type Node = Atom | StringLiteral | List;

export class ScriptSyntaxError extends Error {
  override readonly name = "ScriptSyntaxError";
  readonly line: number;

  constructor(reason: string, line: number) {
    super(`${reason} (line ${line})`);
    this.line = line;
  }
}

/** Bytes as a string of as many characters. */
export function toByteString(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

export function fromByteString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

// A lone semicolon occurs inside annotations only, where it is a word like any other.
const token = /\(;|;;[^\n]*|[ \t\r\n]+|\(|\)|"(?:[^"\\\n]|\\.)*"|[^\s()";]+|;/gy;

/** The expressions of a script, in order. @throws ScriptSyntaxError */
export function readExpressions(source: string): readonly Node[] {
  const root: Node[] = [];
  const open: { items: Node[]; start: number; line: number }[] = [];
  let items = root;
  let line = 1;
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const start = token.lastIndex;
    const text = token.exec(source)?.[0];
    if (text === undefined) throw new ScriptSyntaxError(`unexpected ${JSON.stringify(source[start])}`, line);
    const first = text[0];
    if (text === "(;") {
      const end = endOfComment(source, start, line);
      line += countLines(source, start, end);
      token.lastIndex = end;
    } else if (first === "(") {
      open.push({ items, start, line });
      items = [];
    } else if (first === ")") {
      const list = open.pop();
      if (list === undefined) throw new ScriptSyntaxError("unbalanced )", line);
      // Annotations mean nothing to scripts; in a module's text they stay, since that is handed on as it is.
      if (source[list.start + 1] !== "@")
        list.items.push({ kind: "list", items, start: list.start, end: start + 1, line: list.line });
      items = list.items;
    } else if (first === '"') items.push({ kind: "string", text: unescape(text.slice(1, -1), line), start, line });
    else if (text.startsWith(";;") || first === " " || first === "\t" || first === "\r" || first === "\n")
      line += countLines(source, start, token.lastIndex);
    else items.push({ kind: "atom", text, start, line });
  }
  if (open.length > 0) throw new ScriptSyntaxError("unbalanced (", open[open.length - 1]?.line ?? line);
  return root;
}

function countLines(source: string, start: number, end: number): number {
  let lines = 0;
  for (let at = source.indexOf("\n", start); at >= 0 && at < end; at = source.indexOf("\n", at + 1)) lines++;
  return lines;
}

/** Block comments nest. */
function endOfComment(source: string, start: number, line: number): number {
  let depth = 0;
  const marker = /\(;|;\)/g;
  marker.lastIndex = start;
  for (let match = marker.exec(source); match !== null; match = marker.exec(source)) {
    depth += match[0] === "(;" ? 1 : -1;
    if (depth === 0) return marker.lastIndex;
  }
  throw new ScriptSyntaxError("unclosed comment", line);
}

const simpleEscapes: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", '"': '"', "'": "'", "\\": "\\" };

function unescape(text: string, line: number): string {
  return text.replace(/\\(u\{([0-9a-fA-F_]+)\}|[0-9a-fA-F]{2}|.)/g, (_all, escape: string, codePoint?: string) => {
    if (codePoint !== undefined) return encodeUtf8(Number.parseInt(codePoint.replace(/_/g, ""), 16));
    if (escape.length === 2) return String.fromCharCode(Number.parseInt(escape, 16));
    const simple = simpleEscapes[escape];
    if (simple === undefined) throw new ScriptSyntaxError(`unknown escape \\${escape}`, line);
    return simple;
  });
}

function encodeUtf8(codePoint: number): string {
  if (codePoint < 0x80) return String.fromCharCode(codePoint);
  const tail = (shift: number): number => 0x80 | ((codePoint >> shift) & 0x3f);
  if (codePoint < 0x800) return String.fromCharCode(0xc0 | (codePoint >> 6), tail(0));
  if (codePoint < 0x10000) return String.fromCharCode(0xe0 | (codePoint >> 12), tail(6), tail(0));
  return String.fromCharCode(0xf0 | (codePoint >> 18), tail(12), tail(6), tail(0));
}
