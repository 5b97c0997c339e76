// The names of everything generated code may call besides functions of the module: the closed list that compilers
// emit and the runtime provides.
import type { InstructionHelperName } from "./instructions.ts";
import type { AtomicHelperName } from "./row.ts";

/** Functions of `Math`, handed in so that generated code names no global. */
export type MathHelperName = "abs" | "ceil" | "clz32" | "floor" | "fround" | "imul" | "max" | "min" | "sqrt" | "trunc";

/** Functions of `BigInt`, and `BigInt` itself as `toBigInt`; generated code names them only if it computes with BigInts. */
export type BigIntHelperName = "asUintN" | "asIntN" | "toBigInt";

/** Helpers for instructions that need the runtime's records. */
export type RuntimeHelperName =
  /** The register of high words, and of the other three of a vector; not a function. */
  | "high"
  /** `unreachable()` makes the trap to throw. */
  | "unreachable"
  /** `callee(table, index, type)` is the checked code of a table's element. */
  | "callee"
  /** As `callee`, the code that is never replaced. */
  | "first_callee"
  /** `tail_call(func, ...args)` and `tail_call_indirect(table, index, type, ...args)` ask the caller to go on there. */
  | "tail_call"
  | "tail_call_indirect"
  /** `caught(error)` is the exception that a handler of the guest sees; what none may see it throws again. */
  | "caught"
  /** `exception(tag, words)` makes the exception to throw. */
  | "exception"
  /** `throw_ref(reference)` is what to throw for an `exnref`. */
  | "throw_ref"
  /** `tail_call_ref(func, ...args)`, of a function or null. */
  | "tail_call_ref"
  | "ref_as_non_null"
  /** Make the error to throw: nothing to give. */
  | "array_out_of_bounds"
  | "cast_failure"
  | "descriptor_cast_failure"
  | "null_descriptor"
  /** `descriptor(reference)` is the reference, which is not null. */
  | "descriptor"
  /** 1 or 0. */
  | "is_eq"
  | "is_i31"
  | "is_struct"
  | "is_array"
  | "array_new"
  | "array_new_default"
  | "array_new_fixed"
  | "array_new_data"
  | "array_new_elem"
  | "array_init_data"
  | "array_init_elem"
  | "array_fill"
  | "array_copy"
  /** Of elements that are floats: the bits of NaNs stay as they are. */
  | "f32_element"
  | "f32_element_set"
  | "f64_element_set"
  | "i31_get_s"
  | "i31_get_u"
  | "any_convert_extern"
  | "extern_convert_any"
  | "f32_load"
  | "f32_store"
  /** `v128_get(global)` gives the first word, `v128_set(global, ...words)` takes four. */
  | "v128_get"
  | "v128_set"
  /** Gives the first of four words and puts the others into the register. */
  | "v128_words"
  | "memory_size"
  | "memory_grow"
  | "memory_fill"
  | "memory_copy"
  | "memory_init"
  | "data_drop"
  | "table_get"
  | "table_set"
  | "table_size"
  | "table_grow"
  | "table_fill"
  | "table_copy"
  | "table_init"
  | "elem_drop"
  /** `atomic_add(memory, address, bytes, ...words)`, and `atomic64_add` with pairs of words. */
  | AtomicHelperName
  | "atomic_fence";

/** Work on lanes of 8 or 16 bits in one word, or make one word of several; see the runtime's numerics/lanes.ts. */
export type LaneHelperName =
  | "lanes_add"
  | "lanes_sub"
  | "lanes_eq"
  | "lanes_lt_s"
  | "lanes_lt_u"
  | "lanes_abs"
  | "lanes_add_sat_s"
  | "lanes_add_sat_u"
  | "lanes_sub_sat_s"
  | "lanes_sub_sat_u"
  | "lanes_shl"
  | "lanes_shr_s"
  | "lanes_shr_u"
  | "lanes_popcnt"
  | "lanes_q15mulr"
  | "lanes_dot"
  | "lanes_swizzle"
  | "lanes_narrow8_s"
  | "lanes_narrow8_u"
  | "lanes_narrow16_s"
  | "lanes_narrow16_u";

export type HelperName = InstructionHelperName | MathHelperName | BigIntHelperName | LaneHelperName | RuntimeHelperName;
