// What a compiler hands to the engine: source text and the list of everything its free names stand for.
import type { HelperName } from "@anywasm/isa";
import type { Position } from "./js/print.ts";

/** Something outside the function that its source names. Indices are in the module's index spaces. */
export type Binding =
  | {
      readonly kind: "function" | "memory" | "table" | "global" | "tag" | "data" | "element" | "type";
      readonly index: number;
    }
  /** By type index: a function that makes a structure of its fields' words; what the runtime knows of an array's type. */
  | { readonly kind: "struct" | "array"; readonly index: number }
  | { readonly kind: "helper"; readonly helper: HelperName }
  /** A part of a function that was split, by its number. */
  | { readonly kind: "part"; readonly part: number }
  /** The function's own record, which counts. */
  | { readonly kind: "self" }
  /**
   * Elements that one function of one instance owns, seen as BigInts (BigUint64Array), words (Int32Array) or
   * floats (Float64Array).
   */
  | { readonly kind: "slots"; readonly view: "int64" | "words" | "floats" }
  /**
   * Counts how often a `br_table` of the function, by its number among them, took each of so many positions (Int32Array,
   * an element for each).
   */
  | { readonly kind: "profile"; readonly table: number; readonly length: number }
  /** A NaN that has no literal, by its bits. */
  | { readonly kind: "f32" | "f64"; readonly lo: number; readonly hi: number };

/** JavaScript source, and where it came from. */
export interface Source {
  /** A function expression in strict-mode JavaScript. */
  readonly source: string;
  /** Empty unless asked for. */
  readonly positions: readonly Position[];
}

/** How often each `br_table` of a function took each of its positions, by the table's number; sparse. */
export type Profile = readonly (ArrayLike<number> | undefined)[];

export interface CompiledFunction extends Source {
  readonly functionIndex: number;
  /** Functions that the function calls, of the same free names; of functions too large for engines to optimize whole. */
  readonly parts: readonly Source[];
  /** The free names of `source` and `parts`, each with what it stands for. */
  readonly bindings: readonly { readonly name: string; readonly binding: Binding }[];
  /** How many elements of 64 bits the function owns. */
  readonly slotCount: number;
  /** The function may return a request to go on in another function (see `tail_call`). */
  readonly tailCalls: boolean;
}
