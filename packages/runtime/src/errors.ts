// Errors of linking and of the embedding API's use. Traps have a file of their own.
import { WasmError } from "@anywasm/isa";

/** A module's imports cannot be satisfied with what is there. */
export class LinkError extends WasmError {
  override readonly name = "LinkError";
  readonly code: "unknown_import" | "incompatible_import_type" | "duplicate_definition";

  constructor(code: LinkError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** The embedding API was used in a way that cannot work; the message says how to. */
export class UsageError extends WasmError {
  override readonly name = "UsageError";
  readonly code:
    | "wrong_store"
    | "no_such_export"
    | "wrong_type"
    | "immutable_global"
    | "out_of_bounds"
    | "limit_exceeded"
    | "shared_memory_unavailable";

  constructor(code: UsageError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
