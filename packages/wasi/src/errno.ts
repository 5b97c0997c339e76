// The error numbers of preview 1 and the one way to raise them. Knows no system call and no host.

import { WasmError } from "@anywasm/isa";

/** Every error number of preview 1, at its own index. */
export const errnoNames = [
  "ESUCCESS",
  "E2BIG",
  "EACCES",
  "EADDRINUSE",
  "EADDRNOTAVAIL",
  "EAFNOSUPPORT",
  "EAGAIN",
  "EALREADY",
  "EBADF",
  "EBADMSG",
  "EBUSY",
  "ECANCELED",
  "ECHILD",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EDEADLK",
  "EDESTADDRREQ",
  "EDOM",
  "EDQUOT",
  "EEXIST",
  "EFAULT",
  "EFBIG",
  "EHOSTUNREACH",
  "EIDRM",
  "EILSEQ",
  "EINPROGRESS",
  "EINTR",
  "EINVAL",
  "EIO",
  "EISCONN",
  "EISDIR",
  "ELOOP",
  "EMFILE",
  "EMLINK",
  "EMSGSIZE",
  "EMULTIHOP",
  "ENAMETOOLONG",
  "ENETDOWN",
  "ENETRESET",
  "ENETUNREACH",
  "ENFILE",
  "ENOBUFS",
  "ENODEV",
  "ENOENT",
  "ENOEXEC",
  "ENOLCK",
  "ENOLINK",
  "ENOMEM",
  "ENOMSG",
  "ENOPROTOOPT",
  "ENOSPC",
  "ENOSYS",
  "ENOTCONN",
  "ENOTDIR",
  "ENOTEMPTY",
  "ENOTRECOVERABLE",
  "ENOTSOCK",
  "ENOTSUP",
  "ENOTTY",
  "ENXIO",
  "EOVERFLOW",
  "EOWNERDEAD",
  "EPERM",
  "EPIPE",
  "EPROTO",
  "EPROTONOSUPPORT",
  "EPROTOTYPE",
  "ERANGE",
  "EROFS",
  "ESPIPE",
  "ESRCH",
  "ESTALE",
  "ETIMEDOUT",
  "ETXTBSY",
  "EXDEV",
  "ENOTCAPABLE",
] as const;

export type ErrnoName = (typeof errnoNames)[number];

const numbers: ReadonlyMap<string, number> = new Map(errnoNames.map((name, index) => [name, index]));

/**
 * A system call failed with an error number. File systems and streams throw it; the guest gets the
 * number as the call's result, and the host never sees it.
 *
 * @example
 * ```ts
 * throw new WasiError("ENOENT"); // the guest reads 44
 * ```
 */
export class WasiError extends WasmError {
  override readonly name = "WasiError";
  readonly code = "wasi_errno";
  readonly errno: ErrnoName;

  constructor(errno: ErrnoName) {
    super(errno);
    this.errno = errno;
  }
}

/** The number the guest gets for a name. */
export function errnoNumber(errno: ErrnoName): number {
  return numbers.get(errno) ?? 0;
}

/** Whether a name the host used (POSIX has more) is one of ours. */
export function isErrnoName(name: string): name is ErrnoName {
  return numbers.has(name);
}

/** Whether a thrown value says this very errno. */
export function isErrno(error: unknown, errno: ErrnoName): boolean {
  return error instanceof WasiError && error.errno === errno;
}
