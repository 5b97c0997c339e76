// The error of decoders and compilers. Owns its shape, not its messages.
import { WasmError } from "./errors.ts";
import type { Feature } from "./features.ts";

/** Why a module was refused. */
export type CompileErrorCode =
  /** The bytes are not the binary format (core spec, §5). */
  | "malformed_module"
  /** The module does not validate (core spec, §3). */
  | "invalid_module"
  /** The module needs a feature that is off or that Anywasm lacks; `feature` names it. */
  | "feature_disabled"
  /** The module is larger than an implementation limit of the WebAssembly JavaScript API. */
  | "limit_exceeded";

export interface CompileErrorDetails {
  readonly code: CompileErrorCode;
  /** Bytes from the start of the module. */
  readonly offset: number;
  readonly functionIndex?: number | undefined;
  readonly functionName?: string | undefined;
  readonly feature?: Feature | undefined;
}

/** A module cannot be compiled. The message ends with where: `(func 1 $mean, offset 0x5f)`. */
export class CompileError extends WasmError {
  override readonly name = "CompileError";
  readonly code: CompileErrorCode;
  /** The message without the place. */
  readonly reason: string;
  readonly offset: number;
  readonly functionIndex: number | undefined;
  readonly functionName: string | undefined;
  readonly feature: Feature | undefined;

  constructor(reason: string, details: CompileErrorDetails) {
    super(`${reason} (${formatPlace(details)})`);
    this.code = details.code;
    this.reason = reason;
    this.offset = details.offset;
    this.functionIndex = details.functionIndex;
    this.functionName = details.functionName;
    this.feature = details.feature;
  }
}

function formatPlace({ functionIndex, functionName, offset }: CompileErrorDetails): string {
  const place = `offset 0x${offset.toString(16)}`;
  if (functionIndex === undefined) return place;
  return functionName === undefined
    ? `func ${functionIndex}, ${place}`
    : `func ${functionIndex} $${functionName}, ${place}`;
}
