// The root of every error Anywasm throws on purpose. Knows nothing of what went wrong.

/**
 * Base class of all public errors. `code` is stable across releases and fit for programs;
 * `message` is for people and may change.
 */
export abstract class WasmError extends Error {
  abstract readonly code: string;
}
