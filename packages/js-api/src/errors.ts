// CompileError, LinkError and RuntimeError (JS API, "Error Objects"): shaped like ECMAScript's NativeError objects.
import { CodeGenerationError } from "@anywasm/engine";
import { CompileError, type WasmError } from "@anywasm/isa";
import { LinkError, Trap, UsageError } from "@anywasm/runtime";

export interface ErrorConstructors {
  readonly CompileError: ErrorConstructor;
  readonly LinkError: ErrorConstructor;
  readonly RuntimeError: ErrorConstructor;
}

export function createErrors(): ErrorConstructors {
  return {
    CompileError: createError("CompileError"),
    LinkError: createError("LinkError"),
    RuntimeError: createError("RuntimeError"),
  };
}

/** ECMAScript, "NativeError Object Structure": also callable without `new`. */
function createError(name: string): ErrorConstructor {
  function NativeError(...args: readonly unknown[]): object {
    return Reflect.construct(Error, args, new.target ?? NativeError) as object;
  }
  Object.setPrototypeOf(NativeError, Error);
  const hidden = (value: unknown): PropertyDescriptor => ({ value, writable: true, configurable: true });
  const prototype: unknown = Object.create(Error.prototype, {
    constructor: hidden(NativeError),
    name: hidden(name),
    message: hidden(""),
  });
  Object.defineProperties(NativeError, {
    name: { value: name, configurable: true },
    length: { value: 1, configurable: true },
    prototype: { value: prototype, writable: false, enumerable: false, configurable: false },
  });
  return NativeError as unknown as ErrorConstructor;
}

/** What the JavaScript API throws for an error of the runtime; `context` is the operation, such as "WebAssembly.Module()". */
export function errorOf(errors: ErrorConstructors, error: unknown, context: string): unknown {
  if (error instanceof CompileError || error instanceof CodeGenerationError)
    return derived(errors.CompileError, `${context}: ${error.message}`, error);
  if (error instanceof LinkError) return derived(errors.LinkError, `${context}: ${error.message}`, error);
  if (error instanceof Trap) return runtimeErrorOf(errors, error);
  if (error instanceof UsageError) {
    const constructor = error.code === "limit_exceeded" || error.code === "out_of_bounds" ? RangeError : TypeError;
    return derived(constructor, `${context}: ${error.message}`, error);
  }
  return error;
}

/** Runs what may throw an error of the runtime, and throws the JavaScript API's in its place. */
export function translating<T>(errors: ErrorConstructors, context: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw errorOf(errors, error, context);
  }
}

function runtimeErrorOf(errors: ErrorConstructors, trap: Trap): unknown {
  // Native engines throw what JavaScript's own recursion throws (JS API, "Stack Overflow").
  if (trap.code === "stack_overflow" && trap.cause !== undefined) return trap.cause;
  const error = derived(errors.RuntimeError, trap.message, trap);
  const origin = (trap.cause instanceof Error ? trap.cause : trap).stack;
  // Where the guest trapped, not where the trap left it. V8 begins a stack with the message, others do not.
  if (typeof origin === "string") {
    const frames = origin.indexOf("\n    at ");
    hide(error, "stack", frames < 0 ? origin : `RuntimeError: ${trap.message}${origin.slice(frames)}`);
  }
  return error;
}

/** The runtime's error says more (byte offset, function, wasm frames): it is the cause, and its code is the error's. */
function derived(constructor: new (message: string) => Error, message: string, cause: WasmError): Error {
  const error = new constructor(message);
  hide(error, "cause", cause);
  hide(error, "code", cause.code);
  return error;
}

function hide(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, configurable: true });
}
