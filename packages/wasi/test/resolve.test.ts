// Random trees full of links, random paths: what the resolver finds must be what the kernel finds, and inside.

import { mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pointsOutside } from "../src/fs/resolve.ts";
import { fileSystems, freshDirectory, type Stat, TestGuest } from "./guest.ts";

const name = fc.constantFrom("a", "b", "c");
const component = fc.oneof({ weight: 5, arbitrary: name }, fc.constantFrom("..", ".", "", "box", "secret"));
const path = fc.array(component, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));
const node = fc.oneof(
  fc.record({ kind: fc.constant("directory" as const), at: fc.array(name, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant("file" as const), at: fc.array(name, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant("link" as const), at: fc.array(name, { minLength: 1, maxLength: 3 }), target: path }),
);

describe.skipIf(process.platform === "win32").each(fileSystems.filter(({ kind }) => kind !== "memory"))(
  "resolving by $kind",
  ({ kind }) => {
    test("agrees with the kernel inside, and refuses what leaves", () => {
      let found = 0;
      let refused = 0;
      fc.assert(
        fc.property(
          fc.array(node, { minLength: 4, maxLength: 14 }),
          fc.array(path, { minLength: 1, maxLength: 12 }),
          (nodes, paths) => {
            const fresh = freshDirectory(kind);
            try {
              const box = realpathSync(fresh.path);
              writeFileSync(join(dirname(box), "secret"), "");
              for (const { at, ...made } of nodes) {
                try {
                  // A plain join, so that building the tree goes where it says.
                  const place = join(box, ...at);
                  if (realpathSync(dirname(place)) !== dirname(place)) continue;
                  if (made.kind === "directory") mkdirSync(place);
                  else if (made.kind === "file") writeFileSync(place, "", { flag: "wx" });
                  else symlinkSync(made.target === "" ? "." : made.target, place);
                } catch {
                  // The place is taken, or has no parent: the next one.
                }
              }
              const guest = new TestGuest({ preopens: { "/": fresh.directory } });
              for (const tried of paths) {
                const result = guest.stat(tried);
                const real = kernel(`${box}/${tried}`);
                if (typeof result !== "string") {
                  found++;
                  expect(real).toEqual({ inode: result.inode, inside: true });
                } else if (result === "EPERM") {
                  refused++;
                } else if (tried !== "" && !tried.startsWith("/")) {
                  expect(real).toBe(result);
                }
              }
              guest.wasi.close();
            } finally {
              fresh.remove();
            }

            function kernel(whole: string): { inode: Stat["inode"]; inside: boolean } | string {
              try {
                const { ino } = statSync(whole, { bigint: true });
                const real = realpathSync(whole);
                return { inode: ino, inside: `${real}/`.startsWith(`${realpathSync(fresh.path)}/`) };
              } catch (error) {
                return (error as NodeJS.ErrnoException).code ?? "?";
              }
            }
          },
        ),
        { numRuns: 1000, seed: 20 },
      );
      expect(found).toBeGreaterThan(100);
      expect(refused).toBeGreaterThan(100);
    }, 60_000);
  },
);

test("a link points outside by its text alone", () => {
  for (const [target, depth] of [
    ["/", 5],
    ["..", 0],
    ["a/../..", 0],
    ["../../x", 1],
    ["./../a", 0],
  ] as const)
    expect(pointsOutside(target, depth)).toBe(true);
  for (const [target, depth] of [
    ["a", 0],
    ["..", 1],
    ["a/..", 0],
    ["../a/../b", 1],
    [".", 0],
    ["a//b", 0],
  ] as const)
    expect(pointsOutside(target, depth)).toBe(false);
});
