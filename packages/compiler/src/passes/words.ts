// Arithmetic of constants: 32-bit instructions on numbers, 64-bit ones on pairs of words. JavaScript's operators are the
// specification's where rows of the instruction table say so; this computes what the table spells out as templates.

/** A 64-bit integer. */
export interface Words {
  readonly lo: number;
  readonly hi: number;
}

type Int32Operation = (a: number, b: number) => number;

export const int32Operations: Readonly<Record<string, Int32Operation>> = {
  "i32.add": (a, b) => (a + b) | 0,
  "i32.sub": (a, b) => (a - b) | 0,
  "i32.mul": Math.imul,
  "i32.and": (a, b) => a & b,
  "i32.or": (a, b) => a | b,
  "i32.xor": (a, b) => a ^ b,
  "i32.shl": (a, b) => a << b,
  "i32.shr_s": (a, b) => a >> b,
  "i32.shr_u": (a, b) => (a >>> b) | 0,
  "i32.rotl": (a, b) => (a << b) | (a >>> (32 - b)),
  "i32.rotr": (a, b) => (a >>> b) | (a << (32 - b)),
  "i32.eq": (a, b) => Number(a === b),
  "i32.ne": (a, b) => Number(a !== b),
  "i32.lt_s": (a, b) => Number(a < b),
  "i32.lt_u": (a, b) => Number(a >>> 0 < b >>> 0),
  "i32.gt_s": (a, b) => Number(a > b),
  "i32.gt_u": (a, b) => Number(a >>> 0 > b >>> 0),
  "i32.le_s": (a, b) => Number(a <= b),
  "i32.le_u": (a, b) => Number(a >>> 0 <= b >>> 0),
  "i32.ge_s": (a, b) => Number(a >= b),
  "i32.ge_u": (a, b) => Number(a >>> 0 >= b >>> 0),
};

type Int64Operation = (a: Words, b: Words) => Words;

function add(a: Words, b: Words): Words {
  const sum = (a.lo >>> 0) + (b.lo >>> 0);
  return { lo: sum | 0, hi: (a.hi + b.hi + (sum > 0xffffffff ? 1 : 0)) | 0 };
}

export function negate({ lo, hi }: Words): Words {
  return add({ lo: ~lo, hi: ~hi }, { lo: 1, hi: 0 });
}

export const int64Operations: Readonly<Record<string, Int64Operation>> = {
  "i64.add": add,
  "i64.sub": (a, b) => add(a, negate(b)),
  "i64.and": (a, b) => ({ lo: a.lo & b.lo, hi: a.hi & b.hi }),
  "i64.or": (a, b) => ({ lo: a.lo | b.lo, hi: a.hi | b.hi }),
  "i64.xor": (a, b) => ({ lo: a.lo ^ b.lo, hi: a.hi ^ b.hi }),
};
