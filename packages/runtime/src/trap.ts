// Traps: the ways a WebAssembly computation can end abnormally (core spec, §4.4 "Execution").
// Owns codes and messages, and knows the engine's own trap, its stack overflow; knows nothing about how others are detected.
import { WasmError } from "@anywasm/isa";

/** Every way to trap, with the message the specification's test suite expects. */
const trapMessages = {
  unreachable: "unreachable",
  memory_out_of_bounds: "out of bounds memory access",
  table_out_of_bounds: "out of bounds table access",
  undefined_element: "undefined element",
  uninitialized_element: "uninitialized element",
  indirect_call_type_mismatch: "indirect call type mismatch",
  integer_divide_by_zero: "integer divide by zero",
  integer_overflow: "integer overflow",
  invalid_conversion_to_integer: "invalid conversion to integer",
  cast_failure: "cast failure",
  descriptor_cast_failure: "descriptor cast failure",
  null_descriptor_reference: "null descriptor reference",
  null_exception_reference: "null exception reference",
  null_reference: "null reference",
  null_function_reference: "null function reference",
  null_structure_reference: "null structure reference",
  null_array_reference: "null array reference",
  null_i31_reference: "null i31 reference",
  array_out_of_bounds: "out of bounds array access",
  array_too_large: "requested new array is too large",
  string_out_of_bounds: "string offset out of bounds",
  unaligned_atomic: "unaligned atomic",
  shared_memory_expected: "expected shared memory",
  wait_not_allowed: "Atomics.wait cannot be called in this context",
  stack_overflow: "call stack exhausted",
} as const;

export type TrapCode = keyof typeof trapMessages;

/** One frame of a WebAssembly backtrace, innermost first. */
export interface FrameInfo {
  /** Index in the module's function index space. */
  readonly functionIndex: number;
  /** From the name section, else from an export; `undefined` when the function has no name. */
  readonly functionName: string | undefined;
  readonly moduleName: string | undefined;
  /** Offset in bytes from the start of the module's binary; `undefined` when the engine gave no position. */
  readonly moduleOffset: number | undefined;
}

export function trap(code: TrapCode): never {
  throw new Trap(code);
}

/** Traps where a range leaves what has `length` places. All three are unsigned in WebAssembly; sums stay below 2^53. */
export function checkRange(length: number, start: number, count: number, code: TrapCode): void {
  if ((start >>> 0) + (count >>> 0) > length) trap(code);
}

/** A WebAssembly computation trapped. Never caught by guest exception handlers. */
export class Trap extends WasmError {
  override readonly name = "Trap";
  readonly code: TrapCode;
  private place: (() => readonly FrameInfo[]) | undefined = undefined;
  private known: readonly FrameInfo[] | undefined = undefined;

  constructor(code: TrapCode, options?: ErrorOptions) {
    super(trapMessages[code], options);
    this.code = code;
  }

  /** Empty until the trap has crossed into the host. Found when first asked for, since that takes time. */
  get frames(): readonly FrameInfo[] {
    this.known ??= this.place?.();
    return this.known ?? [];
  }

  /** @internal Says how to find the frames, where that is not known yet. */
  locate(place: () => readonly FrameInfo[]): void {
    this.place ??= place;
  }
}

/** V8 and JavaScriptCore throw a RangeError, SpiderMonkey and QuickJS an InternalError. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof Error && /call stack size exceeded|too much recursion|stack overflow/i.test(error.message);
}
