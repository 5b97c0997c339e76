// The 46 functions of preview 1 and their WebAssembly types, once. wasi_unstable has the same, without sock_accept.

import type { Guest } from "./guest.ts";
import type { System } from "./system.ts";

export type ParamType = "i32" | "i64";

const takes = <const P extends readonly ParamType[]>(...params: P) => ({ params, results: ["i32"] }) as const;

export const signatures = {
  args_get: takes("i32", "i32"),
  args_sizes_get: takes("i32", "i32"),
  environ_get: takes("i32", "i32"),
  environ_sizes_get: takes("i32", "i32"),
  clock_res_get: takes("i32", "i32"),
  clock_time_get: takes("i32", "i64", "i32"),
  fd_advise: takes("i32", "i64", "i64", "i32"),
  fd_allocate: takes("i32", "i64", "i64"),
  fd_close: takes("i32"),
  fd_datasync: takes("i32"),
  fd_fdstat_get: takes("i32", "i32"),
  fd_fdstat_set_flags: takes("i32", "i32"),
  fd_fdstat_set_rights: takes("i32", "i64", "i64"),
  fd_filestat_get: takes("i32", "i32"),
  fd_filestat_set_size: takes("i32", "i64"),
  fd_filestat_set_times: takes("i32", "i64", "i64", "i32"),
  fd_pread: takes("i32", "i32", "i32", "i64", "i32"),
  fd_prestat_get: takes("i32", "i32"),
  fd_prestat_dir_name: takes("i32", "i32", "i32"),
  fd_pwrite: takes("i32", "i32", "i32", "i64", "i32"),
  fd_read: takes("i32", "i32", "i32", "i32"),
  fd_readdir: takes("i32", "i32", "i32", "i64", "i32"),
  fd_renumber: takes("i32", "i32"),
  fd_seek: takes("i32", "i64", "i32", "i32"),
  fd_sync: takes("i32"),
  fd_tell: takes("i32", "i32"),
  fd_write: takes("i32", "i32", "i32", "i32"),
  path_create_directory: takes("i32", "i32", "i32"),
  path_filestat_get: takes("i32", "i32", "i32", "i32", "i32"),
  path_filestat_set_times: takes("i32", "i32", "i32", "i32", "i64", "i64", "i32"),
  path_link: takes("i32", "i32", "i32", "i32", "i32", "i32", "i32"),
  path_open: takes("i32", "i32", "i32", "i32", "i32", "i64", "i64", "i32", "i32"),
  path_readlink: takes("i32", "i32", "i32", "i32", "i32", "i32"),
  path_remove_directory: takes("i32", "i32", "i32"),
  path_rename: takes("i32", "i32", "i32", "i32", "i32", "i32"),
  path_symlink: takes("i32", "i32", "i32", "i32", "i32"),
  path_unlink_file: takes("i32", "i32", "i32"),
  poll_oneoff: takes("i32", "i32", "i32", "i32"),
  proc_exit: { params: ["i32"], results: [] },
  proc_raise: takes("i32"),
  random_get: takes("i32", "i32"),
  sched_yield: takes(),
  sock_accept: takes("i32", "i32", "i32"),
  sock_recv: takes("i32", "i32", "i32", "i32", "i32", "i32"),
  sock_send: takes("i32", "i32", "i32", "i32", "i32"),
  sock_shutdown: takes("i32", "i32"),
} as const;

export type FunctionName = keyof typeof signatures;

export const functionNames = Object.keys(signatures) as readonly FunctionName[];

type Arguments<P extends readonly ParamType[]> = { -readonly [I in keyof P]: P[I] extends "i64" ? bigint : number };

/** Returns for success, throws `WasiError` for an error number. All arguments come unsigned. */
type Implementation<N extends FunctionName> = (
  system: System,
  guest: Guest,
  ...args: Arguments<(typeof signatures)[N]["params"]>
) => void;

export type Implementations = { readonly [N in FunctionName]: Implementation<N> };
