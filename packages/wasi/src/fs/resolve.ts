// Walks a guest's path from a directory, one component at a time, and never above it. Symbolic links are
// expanded here and nowhere else; the directories themselves follow none. Creates and opens nothing final.

import { fileType } from "../abi.ts";
import { isErrno, WasiError } from "../errno.ts";
import type { Directory } from "./types.ts";

/** Where a path leads: an entry of a directory (which need not exist), or a directory itself. */
export interface Resolved {
  readonly directory: Directory;
  /** Null when the path leads to `directory` itself, as "." or "a/.." do. */
  readonly name: string | null;
  /** The path ended in a slash or ".": only a directory will do. */
  readonly mustBeDirectory: boolean;
  /** How many directories below the start `directory` is. */
  readonly depth: number;
}

export interface ResolveOptions {
  /** Whether a symbolic link at the very end is followed. */
  readonly followLast: boolean;
}

// Linux's limits.
const maxLinkCount = 40;
const maxPendingComponents = 4096;

/** Resolves `path` below `start`, hands the place to `use`, and closes every directory it opened on the way. */
export function withResolved<R>(
  start: Directory,
  path: string,
  options: ResolveOptions,
  use: (place: Resolved) => R,
): R {
  const opened: Directory[] = [];
  try {
    return use(walk(start, opened, path, options));
  } finally {
    for (const directory of opened) directory.close();
  }
}

/** `opened` is the way from `start` (not in it) down to where the walk stands. */
function walk(start: Directory, opened: Directory[], path: string, options: ResolveOptions): Resolved {
  const first = components(path);
  const pending = first.names;
  let mustBeDirectory = first.mustBeDirectory;
  let linkCount = 0;
  const here = () => opened.at(-1) ?? start;

  for (;;) {
    const name = pending.pop();
    if (name === undefined) return { directory: here(), name: null, mustBeDirectory: true, depth: opened.length };
    if (name === "..") {
      // Never the host's "..": the way back is the way we came, and it ends at the start.
      const left = opened.pop();
      if (left === undefined) throw new WasiError("EPERM");
      left.close();
      continue;
    }

    const isLast = pending.length === 0;
    if (isLast && !options.followLast) return { directory: here(), name, mustBeDirectory, depth: opened.length };
    const target = isLast ? linkTarget(here(), name) : enter(here(), name, opened);
    if (target === null) {
      if (isLast) return { directory: here(), name, mustBeDirectory, depth: opened.length };
      continue;
    }
    if (++linkCount > maxLinkCount) throw new WasiError("ELOOP");
    const expanded = components(target);
    if (isLast && expanded.mustBeDirectory) mustBeDirectory = true;
    pending.push(...expanded.names);
    if (pending.length > maxPendingComponents) throw new WasiError("ENAMETOOLONG");
  }
}

/** Goes into a directory, or returns the target of the symbolic link found there. */
function enter(directory: Directory, name: string, opened: Directory[]): string | null {
  try {
    opened.push(directory.openDirectory(name));
    return null;
  } catch (error) {
    if (!isErrno(error, "ENOTDIR")) throw error;
  }
  const target = linkTarget(directory, name);
  if (target === null) throw new WasiError("ENOTDIR");
  return target;
}

/** The target of a symbolic link, or null for anything else, also for nothing. */
function linkTarget(directory: Directory, name: string): string | null {
  if (directory.lookup(name)?.type !== fileType.symbolicLink) return null;
  return directory.readLink(name);
}

/** The components in reverse, so the next is popped off the end. */
function components(path: string): { names: string[]; mustBeDirectory: boolean } {
  if (path === "") throw new WasiError("ENOENT");
  if (path.startsWith("/")) throw new WasiError("EPERM");
  const parts = path.split("/");
  const last = parts.at(-1);
  const names = parts.filter((part) => part !== "" && part !== ".").reverse();
  return { names, mustBeDirectory: last === "" || last === "." || last === ".." };
}

/**
 * Whether a link at `depth` directories below the start, with this target, points out of it as far as the
 * text alone tells. Such links are harmless to us, but a host program may follow them.
 */
export function pointsOutside(target: string, depth: number): boolean {
  if (target.startsWith("/")) return true;
  let level = depth;
  for (const part of target.split("/")) {
    if (part === "" || part === ".") continue;
    level += part === ".." ? -1 : 1;
    if (level < 0) return true;
  }
  return false;
}
