// Makes JavaScript identifiers from names in a module. Whatever bytes come in, only [A-Za-z0-9_$] comes out.

const reserved: ReadonlySet<string> = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof undefined var void while with yield " +
    "Infinity NaN globalThis"
  ).split(" "),
);

const maxLength = 60;

/** An identifier that resembles `text`; `fallback` where nothing of it can be kept. */
export function sanitize(text: string | undefined, fallback: string): string {
  if (text === undefined) return fallback;
  const kept = text
    .slice(0, 4 * maxLength)
    .replace(/[^A-Za-z0-9_$]+/g, "_")
    .replace(/^_+(?=[A-Za-z])/, "")
    .slice(0, maxLength);
  if (!/[A-Za-z0-9]/.test(kept)) return fallback;
  const identifier = /^[0-9]/.test(kept) ? `_${kept}` : kept;
  return reserved.has(identifier) ? `${identifier}_` : identifier;
}

/** Hands out names that are unique within one function. */
export class NameScope {
  private readonly taken = new Set<string>();
  private readonly next = new Map<string, number>();

  /** As `unique`, so that the name followed by `suffix` is unique too. */
  uniqueWith(wanted: string, suffix: string): string {
    let name = this.unique(wanted);
    while (this.taken.has(name + suffix)) name = this.unique(wanted);
    this.taken.add(name + suffix);
    return name;
  }

  /** `wanted`, or `wanted` with a number. */
  unique(wanted: string): string {
    if (!this.taken.has(wanted) && !reserved.has(wanted)) {
      this.taken.add(wanted);
      return wanted;
    }
    for (let number = this.next.get(wanted) ?? 1; ; number++) {
      const candidate = `${wanted}_${number}`;
      if (this.taken.has(candidate)) continue;
      this.next.set(wanted, number + 1);
      this.taken.add(candidate);
      return candidate;
    }
  }
}
