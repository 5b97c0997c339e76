// Turns what Node's fs throws into WASI's error numbers.

import { isErrnoName, WasiError } from "../errno.ts";

/** Runs a host operation; every error of it becomes a `WasiError`. */
export function hostCall<R>(operation: () => R): R {
  try {
    return operation();
  } catch (error) {
    throw toWasiError(error);
  }
}

const aliases: Readonly<Record<string, "ENOTSUP" | "EAGAIN" | "EINVAL" | "EDEADLK">> = {
  EOPNOTSUPP: "ENOTSUP",
  EWOULDBLOCK: "EAGAIN",
  EDEADLOCK: "EDEADLK",
  // Node's own checks of what it is given: no such file is possible.
  ERR_INVALID_ARG_VALUE: "EINVAL",
  ERR_OUT_OF_RANGE: "EINVAL",
};

export function toWasiError(error: unknown): WasiError {
  if (error instanceof WasiError) return error;
  const code = hostErrorCode(error);
  return new WasiError(isErrnoName(code) ? code : (aliases[code] ?? "EIO"));
}

export function hostErrorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
