// How tightly JavaScript's operators bind: an operand that binds less tightly than its place asks for takes parentheses.
import type { BinaryOperator } from "./nodes.ts";

export const precedence: Readonly<Record<BinaryOperator, number>> = {
  "||": 4,
  "&&": 5,
  "|": 6,
  "^": 7,
  "&": 8,
  "===": 9,
  "!==": 9,
  "<": 10,
  ">": 10,
  "<=": 10,
  ">=": 10,
  "<<": 11,
  ">>": 11,
  ">>>": 11,
  "+": 12,
  "-": 12,
  "*": 13,
  "/": 13,
  "%": 13,
};
export const CONDITIONAL = 2;
export const ANY = 1;
export const UNARY = 15;
export const POSTFIX = 18;
