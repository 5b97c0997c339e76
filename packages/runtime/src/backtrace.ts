// Tells what an exception that leaves guest code is, and where in the module it came from.
//
// Five things are kept apart: exceptions, of guests and of host functions; guest traps; the engine's stack overflow; traps and
// the like that come from a host function (which pass through unchanged); and everything else, which is a fault of this
// library and passes through too.
import { parseStack } from "@anywasm/engine";
import { type ModuleStructure, WasmError } from "@anywasm/isa";
import { ExceptionRecord, toHostError } from "./exception.ts";
import type { Store } from "./store.ts";
import { type FrameInfo, isStackOverflow, Trap, type TrapCode } from "./trap.ts";

/** What to throw to the host for `error`, caught where the host entered the guest. */
export function translateException(store: Store<never> | Store, error: unknown): unknown {
  if (error instanceof ExceptionRecord) return toHostError(store, error);
  if (store.foreign !== undefined && Object.is(store.foreign.error, error)) return error;
  const trap = asTrap(error);
  if (trap === undefined) return error instanceof WasmError ? store.embedding.fromError(error) : error;
  trap.locate(() => framesOf(store, trap.cause ?? trap));
  const made = store.embedding.fromError(trap);
  if (typeof made === "object" && made !== null) store.trapErrors.add(made);
  return made;
}

function asTrap(error: unknown): Trap | undefined {
  if (error instanceof Trap) return error;
  if (isOutOfBounds(error)) return new Trap("memory_out_of_bounds", { cause: error });
  if (isStackOverflow(error)) return new Trap("stack_overflow", { cause: error });
  const nullCode = nullTrapOf(error);
  return nullCode === undefined ? undefined : new Trap(nullCode, { cause: error });
}

let outOfBoundsMessage: string | undefined;

/** A DataView access out of range: engines word it differently, so one is provoked to learn the words. */
function isOutOfBounds(error: unknown): boolean {
  if (!(error instanceof RangeError)) return false;
  if (outOfBoundsMessage === undefined) {
    try {
      new DataView(new ArrayBuffer(1)).getInt32(0, true);
    } catch (probe) {
      outOfBoundsMessage = probe instanceof Error ? probe.message : "";
    }
  }
  return error.message === outOfBoundsMessage;
}

/**
 * Reading a property of null: generated code reads those of references that may be null. Most engines say which property,
 * and so what was null.
 */
function nullTrapOf(error: unknown): TrapCode | undefined {
  if (!(error instanceof TypeError) || !/\bnull\b/.test(error.message)) return undefined;
  if (/\b(code|first)\b/.test(error.message)) return "null_function_reference";
  if (/\b(elements|length)\b|'\d+'/.test(error.message)) return "null_array_reference";
  return /\b[fh]\d+\b/.test(error.message) ? "null_structure_reference" : "null_reference";
}

function framesOf(store: Store<never> | Store, error: unknown): readonly FrameInfo[] {
  const stack = error instanceof Error ? error.stack : undefined;
  if (typeof stack !== "string") return [];
  const { engine } = store;
  // The function whose loop was taken over by better code, which its own code called.
  let takenOver: number | undefined;
  return parseStack(stack, `anywasm://${engine.id}/`).flatMap(({ sourceUrl, line, column }, depth) => {
    const [numberText, indexText, tierText, partText] = sourceUrl.split("/").slice(3);
    const [tier, fromText] = (tierText ?? "").split("@");
    const [moduleNumber, functionIndex] = [Number(numberText), Number(indexText)];
    const module = engine.moduleByNumber(moduleNumber);
    if (module === undefined || (tier !== "baseline" && tier !== "optimizing")) return [];
    const hasHandedOver = tier === "baseline" && functionIndex === takenOver;
    takenOver = fromText === undefined ? undefined : functionIndex;
    if (hasHandedOver) return [];
    const [from, part] = [fromText, partText].map((text) => (text === undefined ? undefined : Number(text)));
    const moduleOffset = module.offsetOf(functionIndex, tier, from, part, line, column);
    // No instruction called what is above: the code only went on in better code.
    if (tier === "baseline" && depth > 0 && moduleOffset === undefined) return [];
    const frame = (index: number, offset: number | undefined): FrameInfo => ({
      functionIndex: index,
      functionName: module.names.functions.get(index) ?? exportedName(module.structure, index),
      moduleName: module.name,
      moduleOffset: offset,
    });
    const inlined = moduleOffset === undefined ? undefined : functionAt(module.structure, moduleOffset);
    if (inlined === undefined || inlined === functionIndex) return [frame(functionIndex, moduleOffset)];
    // Where in the caller the call stood is not known.
    return [frame(inlined, moduleOffset), frame(functionIndex, undefined)];
  });
}

/** The function whose body a byte of the module belongs to. */
function functionAt({ bodies, importedFunctionCount }: ModuleStructure, offset: number): number | undefined {
  const position = bodies.findIndex(({ start, end }) => start <= offset && offset < end);
  return position < 0 ? undefined : importedFunctionCount + position;
}

function exportedName(
  structure: { readonly exports: readonly { name: string; kind: string; index: number }[] },
  functionIndex: number,
): string | undefined {
  return structure.exports.find(({ kind, index }) => kind === "func" && index === functionIndex)?.name;
}

/** A backtrace as people read it, one line a frame: `0: 0x5f - module!function`. */
export function formatBacktrace(frames: readonly FrameInfo[]): string {
  return frames
    .map(({ functionIndex, functionName, moduleName, moduleOffset }, i) => {
      const place = moduleOffset === undefined ? "" : `0x${moduleOffset.toString(16)} - `;
      return `  ${i}: ${place}${moduleName ?? "<module>"}!${functionName ?? `func ${functionIndex}`}`;
    })
    .join("\n");
}
