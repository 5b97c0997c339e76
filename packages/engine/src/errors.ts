// Errors of the engine that are not about a module's contents.
import { WasmError } from "@anywasm/isa";

/** The embedding asked for something impossible. `message` says what to do instead. */
export class ConfigError extends WasmError {
  override readonly name = "ConfigError";
  readonly code: "invalid_config" | "invalid_source" | "text_format_unavailable" | "optimizer_unavailable";

  constructor(code: ConfigError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** The host forbids making code from strings, which compiling at run time needs. */
export class CodeGenerationError extends WasmError {
  override readonly name = "CodeGenerationError";
  readonly code = "code_generation_forbidden";

  constructor(options?: ErrorOptions) {
    super(
      "this host forbids code generation from strings (a Content Security Policy without 'unsafe-eval', or a runtime " +
        "flag); compile ahead of time instead and load the generated JavaScript as a module",
      options,
    );
  }
}
