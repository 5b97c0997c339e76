// Ways out of a preopened directory, tried on a real one beside a secret. Every one must fail, and leave
// what lies outside as it was.

import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkName } from "../src/node/place.ts";
import {
  create,
  directoryOnly,
  exclusive,
  fileSystems,
  freshDirectory,
  readWrite,
  TestGuest,
  truncate,
} from "./guest.ts";

interface Attempt {
  readonly name: string;
  /** Error names, one or several; none may be ESUCCESS. */
  readonly run: (guest: TestGuest, outside: string) => string | number | object;
}

const directoryRights = { rights: 0xffff_ffffn & ~(1n << 6n) };

const attempts: readonly Attempt[] = [
  { name: "open ../secret", run: (guest) => guest.open("../secret") },
  { name: "open ..", run: (guest) => guest.open("..", directoryOnly) },
  { name: "open ../box/../secret", run: (guest) => guest.open("../box/../secret") },
  { name: "open in/../../secret", run: (guest) => guest.open("in/../../secret") },
  { name: "open ./.././secret", run: (guest) => guest.open("./.././secret") },
  { name: "open an absolute path", run: (guest, outside) => guest.open(join(outside, "secret")) },
  { name: "open //secret", run: (guest) => guest.open("//secret") },
  { name: "open /", run: (guest) => guest.open("/", directoryOnly) },
  { name: "open through a relative link to a file", run: (guest) => guest.open("to-secret") },
  { name: "open through an absolute link to a file", run: (guest) => guest.open("to-secret-absolute") },
  { name: "open through a link to a directory, in the middle", run: (guest) => guest.open("up/secret") },
  {
    name: "open through an absolute link to a directory, in the middle",
    run: (guest) => guest.open("up-absolute/secret"),
  },
  { name: "open through a link deeper down", run: (guest) => guest.open("in/up/secret") },
  { name: "open a link to a directory, followed", run: (guest) => guest.open("up", directoryOnly) },
  {
    name: "open a link to a directory by a trailing slash",
    run: (guest) => guest.open("up/", directoryOnly, { follow: false }),
  },
  {
    name: "open a link to a directory by a trailing dot",
    run: (guest) => guest.open("up/.", directoryOnly, { follow: false }),
  },
  { name: "open through a link to a link", run: (guest) => guest.open("chain/secret") },
  { name: "go back into the box from outside", run: (guest) => guest.open("up/box/inside") },
  { name: "go by a link in and out again", run: (guest) => guest.open("in/self/../../secret") },
  { name: "create through a dangling link", run: (guest) => guest.open("dangling", create, { rights: readWrite }) },
  {
    name: "create through an absolute dangling link",
    run: (guest) => guest.open("dangling-absolute", create, { rights: readWrite }),
  },
  {
    name: "create exclusively at a dangling link",
    run: (guest) => guest.open("dangling", create | exclusive, { rights: readWrite }),
  },
  { name: "truncate through a link", run: (guest) => guest.open("to-secret", truncate, { rights: readWrite }) },
  { name: "create a file outside", run: (guest) => guest.open("../made", create, { rights: readWrite }) },
  { name: "create a directory outside", run: (guest) => guest.mkdir("../made") },
  { name: "create a directory through a link", run: (guest) => guest.mkdir("up/made") },
  { name: "stat outside", run: (guest) => guest.stat("../secret") },
  { name: "stat through a link", run: (guest) => guest.stat("to-secret") },
  { name: "stat through a link in the middle", run: (guest) => guest.stat("up/secret", { follow: false }) },
  {
    name: "set times through a link",
    run: (guest) => guest.call("path_filestat_set_times", 3, 1, ...guest.put("to-secret"), 0n, 0n, 5),
  },
  {
    name: "set times outside",
    run: (guest) => guest.call("path_filestat_set_times", 3, 0, ...guest.put("../secret"), 0n, 0n, 5),
  },
  { name: "unlink outside", run: (guest) => guest.unlink("../secret") },
  { name: "unlink through a link", run: (guest) => guest.unlink("up/secret") },
  { name: "remove a directory outside", run: (guest) => guest.rmdir("../empty") },
  { name: "remove a directory through a link", run: (guest) => guest.rmdir("up/empty") },
  { name: "rename out", run: (guest) => guest.rename("inside", "../stolen") },
  { name: "rename out through a link", run: (guest) => guest.rename("inside", "up/stolen") },
  { name: "rename in", run: (guest) => guest.rename("../secret", "stolen") },
  { name: "rename in through a link", run: (guest) => guest.rename("up/secret", "stolen") },
  { name: "hard link in", run: (guest) => guest.link("../secret", "stolen") },
  { name: "hard link in through a link in the middle", run: (guest) => guest.link("up/secret", "stolen") },
  { name: "hard link what a link points to", run: (guest) => guest.link("to-secret", "stolen", { follow: true }) },
  { name: "hard link out", run: (guest) => guest.link("inside", "up/stolen") },
  { name: "read a link outside", run: (guest) => guest.readlink("../link") },
  { name: "read a link through a link", run: (guest) => guest.readlink("up/link") },
  { name: "make an absolute link", run: (guest, outside) => guest.symlink(join(outside, "secret"), "new") },
  { name: "make a link up", run: (guest) => guest.symlink("../secret", "new") },
  { name: "make a link up and in again", run: (guest) => guest.symlink("in/../../secret", "new") },
  { name: "make a link outside", run: (guest) => guest.symlink("x", "../new") },
  { name: "make a link through a link", run: (guest) => guest.symlink("x", "up/new") },
  {
    name: "leave a subdirectory by its descriptor",
    run: (guest) => guest.open("../inside", 0, { at: guest.opened("in", directoryOnly, directoryRights) }),
  },
  {
    name: "leave a subdirectory by a link in it",
    run: (guest) => guest.open("up/secret", 0, { at: guest.opened("in", directoryOnly, directoryRights) }),
  },
  {
    name: "move a harmless link to where it points out",
    run(guest) {
      const made = [
        guest.mkdir("a"),
        guest.mkdir("a/b"),
        guest.symlink("../../secret", "a/b/l"),
        guest.rename("a/b/l", "l"),
      ];
      if (made.some((errno) => errno !== "ESUCCESS")) throw new Error(made.join());
      return guest.open("l");
    },
  },
  {
    name: "move a directory with a link to where the link points out",
    run(guest) {
      const made = [
        guest.mkdir("a"),
        guest.mkdir("a/b"),
        guest.symlink("../../secret", "a/b/l"),
        guest.rename("a/b", "b"),
      ];
      if (made.some((errno) => errno !== "ESUCCESS")) throw new Error(made.join());
      return guest.open("b/l");
    },
  },
];

describe.each(fileSystems.filter(({ kind }) => kind !== "memory"))(
  "a guest of a host directory by $kind",
  ({ kind }) => {
    let fresh: ReturnType<typeof freshDirectory>;
    let guest: TestGuest;
    let outside: string;
    let before: unknown;

    beforeEach(() => {
      fresh = freshDirectory(kind as "descriptor" | "path");
      const box = fresh.path;
      outside = dirname(box);
      writeFileSync(join(outside, "secret"), "SECRET");
      utimesSync(join(outside, "secret"), 1000, 1000);
      mkdirSync(join(outside, "empty"));
      symlinkSync("secret", join(outside, "link"));
      writeFileSync(join(box, "inside"), "mine");
      mkdirSync(join(box, "in"));
      for (const [target, name] of [
        ["../secret", "to-secret"],
        [join(outside, "secret"), "to-secret-absolute"],
        ["..", "up"],
        [outside, "up-absolute"],
        ["../..", "in/up"],
        ["up", "chain"],
        ["../made", "dangling"],
        [join(outside, "made"), "dangling-absolute"],
        ["../in", "in/self"],
      ] as const)
        symlinkSync(target, join(box, name));
      before = state(outside);
      guest = new TestGuest({ preopens: { "/": fresh.directory } });
    });
    afterEach(() => {
      guest.wasi.close();
      fresh.remove();
    });

    test.each(attempts)("cannot $name", ({ run }) => {
      const result = run(guest, outside);
      expect(result).toBeTypeOf("string");
      expect(result).not.toBe("ESUCCESS");
      expect(["EPERM", "ELOOP", "ENOTDIR", "EEXIST", "ENOENT"]).toContain(result);
      expect(state(outside)).toEqual(before);
    });

    test("can still do with links what stays inside", () => {
      expect(guest.readFile("in/self/../inside")).toBe("mine");
      expect(guest.unlink("to-secret")).toBe("ESUCCESS");
      expect(guest.rename("up", "renamed")).toBe("ESUCCESS");
      expect(guest.readlink("renamed")).toBe("..");
      expect(guest.call("path_filestat_set_times", 3, 0, ...guest.put("renamed"), 0n, 0n, 5)).toBe("ESUCCESS");
      expect(state(outside)).toEqual(before);
    });

    test("hard links a link itself, not what it points to", () => {
      const result = guest.link("to-secret", "copy");
      expect(result).toBe(process.platform === "linux" ? "ESUCCESS" : "ENOTSUP");
      if (result === "ESUCCESS") expect(lstatSync(join(fresh.path, "copy")).isSymbolicLink()).toBe(true);
      expect(guest.open("copy")).toBe("EPERM");
    });

    test("does not get out when the directory it has open is exchanged for a link", () => {
      const fd = guest.opened("in", directoryOnly, directoryRights);
      renameSync(join(fresh.path, "in"), join(fresh.path, "was-in"));
      symlinkSync(outside, join(fresh.path, "in"));
      const found = guest.stat("secret", { at: fd });
      expect(found).toBe("ENOENT");
      // By descriptor the directory is still the same one; by path it is gone.
      expect(guest.open("made", create, { at: fd, rights: readWrite })).toEqual(
        kind === "descriptor" ? expect.any(Number) : "ENOENT",
      );
      rmSync(join(fresh.path, "in"));
      expect(existsSync(join(outside, "made"))).toBe(false);
      if (kind === "descriptor") expect(existsSync(join(fresh.path, "was-in", "made"))).toBe(true);
    });

    test("cannot change anything below a read-only directory", () => {
      const reader = new TestGuest({
        preopens: { "/": { directory: fresh.directory, readOnly: true }, "/w": { directory: fresh.directory } },
      });
      expect(reader.readFile("inside")).toBe("mine");
      expect(reader.list()).toContain("inside");
      const written = reader.opened("inside", 0, { rights: readWrite });
      const results = [
        reader.write(written, "x"),
        reader.call("fd_filestat_set_size", written, 0n),
        reader.call("fd_filestat_set_times", written, 0n, 0n, 5),
        reader.call("fd_allocate", written, 0n, 100n),
        reader.open("new", create, { rights: readWrite }),
        reader.open("inside", truncate),
        reader.mkdir("new"),
        reader.rmdir("in"),
        reader.unlink("inside"),
        reader.symlink("x", "new"),
        reader.rename("inside", "new"),
        reader.link("inside", "new"),
        reader.link("inside", "new", { toAt: 4 }),
        reader.rename("inside", "new", 3, 4),
        reader.rename("inside", "new", 4, 3),
        reader.call("path_filestat_set_times", 3, 0, ...reader.put("inside"), 0n, 0n, 5),
        reader.call("fd_filestat_set_times", 3, 0n, 0n, 5),
      ];
      expect(new Set(results)).toEqual(new Set(["ENOTCAPABLE"]));
      expect(state(outside)).toEqual(before);
    });
  },
);

test("names with a meaning of their own on Windows are refused there", () => {
  for (const name of [
    "a\\b",
    "C:",
    "file:stream",
    "CON",
    "nul.txt",
    "com1",
    "trailing.",
    "trailing ",
    "a?",
    "\u0001",
  ]) {
    expect(() => checkName(name, "win32"), name).toThrow();
    expect(() => checkName(name, "linux")).not.toThrow();
  }
  for (const name of ["a", "..a", "console", ".hidden", "a b"]) expect(() => checkName(name, "win32")).not.toThrow();
});

/** All of what lies outside, and what the box itself has been made to contain of it. */
function state(outside: string): unknown {
  const { mtimeMs, nlink, ino } = statSync(join(outside, "secret"));
  return {
    names: readdirSync(outside).sort(),
    content: readFileSync(join(outside, "secret"), "utf8"),
    secret: { mtimeMs, nlink, ino },
    link: readlinkSync(join(outside, "link")),
    empty: readdirSync(join(outside, "empty")),
  };
}
