// Number literals of the text format as bits (core spec, §6.3.1 and §6.3.2). Each is rounded once, exactly.

export interface FloatFormat {
  /** Bits of the fraction, without the implicit one. */
  readonly fraction: number;
  readonly exponent: number;
}

export const binary32: FloatFormat = { fraction: 23, exponent: 8 };
export const binary64: FloatFormat = { fraction: 52, exponent: 11 };

/** The value of an integer literal modulo 2^`width`, unsigned. @throws SyntaxError */
export function parseInteger(literal: string, width: number): bigint {
  const match = /^([+-]?)(0x[0-9a-fA-F_]+|[0-9_]+)$/.exec(literal);
  if (match === null) throw new SyntaxError(`not an integer: ${literal}`);
  const magnitude = BigInt((match[2] as string).replace(/_/g, ""));
  return BigInt.asUintN(width, match[1] === "-" ? -magnitude : magnitude);
}

/** The bits of a float literal. @throws SyntaxError */
export function parseFloatBits(literal: string, format: FloatFormat): bigint {
  const text = literal.replace(/_/g, "");
  const sign = text.startsWith("-") ? 1n << BigInt(format.fraction + format.exponent) : 0n;
  const magnitude = text.replace(/^[+-]/, "");
  const infinity = ((1n << BigInt(format.exponent)) - 1n) << BigInt(format.fraction);
  if (magnitude === "inf") return sign | infinity;
  if (magnitude === "nan") return sign | infinity | (1n << BigInt(format.fraction - 1));
  if (magnitude.startsWith("nan:0x")) return sign | infinity | BigInt(magnitude.slice(4));
  const [numerator, denominator] = parseRational(magnitude);
  return sign | roundToBits(numerator, denominator, format);
}

function parseRational(text: string): readonly [bigint, bigint] {
  const hex = /^0x([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?(?:[pP]([+-]?\d+))?$/.exec(text);
  if (hex !== null) {
    const fraction = hex[2] ?? "";
    const exponent = Number(hex[3] ?? "0") - 4 * fraction.length;
    return scale(
      BigInt(`0x${hex[1] ?? ""}${fraction}` === "0x" ? "0x0" : `0x${hex[1] ?? ""}${fraction}`),
      2n,
      exponent,
    );
  }
  const decimal = /^(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (decimal === null || text === "") throw new SyntaxError(`not a number: ${text}`);
  const fraction = decimal[2] ?? "";
  return scale(BigInt(`${decimal[1] ?? ""}${fraction}` || "0"), 10n, Number(decimal[3] ?? "0") - fraction.length);
}

function scale(mantissa: bigint, base: bigint, exponent: number): readonly [bigint, bigint] {
  return exponent >= 0 ? [mantissa * base ** BigInt(exponent), 1n] : [mantissa, base ** BigInt(-exponent)];
}

/** Rounds a nonnegative fraction to the nearest float, ties to even. */
function roundToBits(numerator: bigint, denominator: bigint, { fraction, exponent }: FloatFormat): bigint {
  if (numerator === 0n) return 0n;
  const bias = (1 << (exponent - 1)) - 1;
  // The exponent of the leading bit: off by one at most, then put right.
  let leading = numerator.toString(2).length - denominator.toString(2).length;
  if (below(numerator, denominator, leading)) leading--;
  const unit = Math.max(leading, 1 - bias) - fraction;
  const [n, d] = unit >= 0 ? [numerator, denominator << BigInt(unit)] : [numerator << BigInt(-unit), denominator];
  let quotient = n / d;
  const twice = (n - quotient * d) * 2n;
  if (twice > d || (twice === d && (quotient & 1n) === 1n)) quotient++;
  // A carry out of the fraction runs into the exponent field, which is what the encoding wants.
  const field = BigInt(unit + fraction + bias - 1);
  const bits = quotient + (leading < 1 - bias ? 0n : field << BigInt(fraction));
  const infinity = ((1n << BigInt(exponent)) - 1n) << BigInt(fraction);
  return bits > infinity ? infinity : bits;
}

/** Whether numerator / denominator < 2^exponent. */
function below(numerator: bigint, denominator: bigint, exponent: number): boolean {
  return exponent >= 0 ? numerator < denominator << BigInt(exponent) : numerator << BigInt(-exponent) < denominator;
}
