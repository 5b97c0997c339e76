// What the runner needs of an engine. The words are the specification's: a module is decoded and validated, then
// instantiated, then its exports are invoked.
import type { Value } from "./values.ts";

/** How an engine refused something or failed. */
export type FailureKind =
  | "malformed"
  | "invalid"
  /** The module needs a feature the engine lacks; `feature` names it. */
  | "unsupported"
  | "unlinkable"
  | "trap"
  | "exhaustion"
  | "exception";

export class EmbeddingFailure extends Error {
  override readonly name = "EmbeddingFailure";
  readonly kind: FailureKind;
  readonly feature: string | undefined;

  constructor(kind: FailureKind, message: string, feature?: string) {
    super(message);
    this.kind = kind;
    this.feature = feature;
  }
}

/** An engine under test. Every method throws EmbeddingFailure for what went wrong in the guest. */
export interface Embedding<Definition, Instance> {
  /** Decodes and validates. */
  define(bytes: Uint8Array): Definition;
  /** Links with what has been registered, and runs the start function. */
  instantiate(definition: Definition): Instance;
  /** Makes the exports importable as `name`. */
  register(name: string, instance: Instance): void;
  /** Throws for what is wrong in custom sections, which makes no module invalid. */
  readonly checkCustomSections?: ((definition: Definition) => void) | undefined;
  /** What agents can share of an instance's exports, as it can be posted to one. */
  share(instance: Instance): SharedExports;
  /** An instance whose exports are what another agent has shared. */
  receive(shared: SharedExports): Instance;
  invoke(instance: Instance, name: string, args: readonly Value[]): readonly Value[];
  get(instance: Instance, name: string): Value;
}

/** By name: an engine's own, for structured cloning. */
export type SharedExports = Readonly<Record<string, unknown>>;

/** Text of a module in, bytes out. @throws AssembleError for text that is not well formed. */
export interface Assembler {
  assemble(text: Uint8Array): Uint8Array;
}

export class AssembleError extends Error {
  override readonly name = "AssembleError";
}
