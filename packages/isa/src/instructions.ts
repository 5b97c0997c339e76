// The instruction table: the single source of truth for decoder, validator, printer and lowerings.
import { atomics } from "./instructions/atomics.ts";
import { control } from "./instructions/control.ts";
import { descriptors } from "./instructions/descriptors.ts";
import { exceptions, legacyExceptions } from "./instructions/exceptions.ts";
import { functionReferences } from "./instructions/function-references.ts";
import { gc } from "./instructions/gc.ts";
import { internal } from "./instructions/internal.ts";
import { loads, memory, stores } from "./instructions/memory.ts";
import {
  constants,
  conversions,
  f32Operations,
  f64Operations,
  i32Operations,
  i64Operations,
} from "./instructions/numeric.ts";
import { reference } from "./instructions/reference.ts";
import { relaxedSimd } from "./instructions/relaxed-simd.ts";
import { simd } from "./instructions/simd.ts";
import { variable } from "./instructions/variable.ts";
import { denseOpcodeCount, expandRow, type Instruction, type InstructionRow } from "./row.ts";

const families = [
  control,
  variable,
  reference,
  loads,
  stores,
  memory,
  constants,
  i32Operations,
  i64Operations,
  f32Operations,
  f64Operations,
  conversions,
  internal,
  exceptions,
  legacyExceptions,
  atomics,
  simd,
  relaxedSimd,
  functionReferences,
  gc,
  descriptors,
] as const;

type Rows = (typeof families)[number]["rows"];
type NamesOf<R> = R extends unknown ? keyof R & string : never;
type RowsWithout<R, Key extends string> = R extends unknown
  ? { [Name in keyof R & string]: R[Name] extends Readonly<Record<Key, unknown>> ? never : Name }[keyof R & string]
  : never;

/** The name of an instruction in the text format; `select t` is `select` with a type. */
export type InstructionName = NamesOf<Rows>;

/** Instructions whose operands and results depend on immediates or context: the validator has a rule for each. */
export type ContextualInstructionName = RowsWithout<Rows, "type">;

type HelperNameOf<Name extends string> = Name extends `${infer Head}.${infer Tail}` ? `${Head}_${Tail}` : never;
type NumericRows = (typeof families)[7 | 8 | 9 | 10 | 11]["rows"];

/** Helpers that generated code calls for numeric instructions without inline JavaScript. */
export type InstructionHelperName = HelperNameOf<RowsWithout<NumericRows, "js">>;

/** Every instruction, in the order of the table. */
export const allInstructions: readonly Instruction[] = families.flatMap(({ defaults, rows }) =>
  Object.entries(rows as Readonly<Record<string, InstructionRow>>).map(([name, row]) => expandRow(name, row, defaults)),
);

/** Instructions by dense opcode. */
export const instructionByOpcode: readonly (Instruction | undefined)[] = allInstructions.reduce<
  (Instruction | undefined)[]
>((byOpcode, instruction) => {
  byOpcode[instruction.opcode] = instruction;
  return byOpcode;
}, new Array<Instruction | undefined>(denseOpcodeCount).fill(undefined));

const instructionByName: ReadonlyMap<string, Instruction> = new Map(allInstructions.map((each) => [each.name, each]));

/** The row of an instruction. */
export function instruction(name: InstructionName): Instruction {
  const found = instructionByName.get(name);
  if (found === undefined) throw new RangeError(`no instruction named ${name}`);
  return found;
}

/** The row of the instruction spelled `name` in the text format, if there is one. */
export function findInstruction(name: string): Instruction | undefined {
  return instructionByName.get(name);
}
