// The JavaScript engines a run measures: the Node that runs the harness, and others as npm has their programs.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface JavaScriptEngine {
  /** Name and version, as `node 20.19.0`. */
  readonly name: string;
  readonly program: string;
  /** Arguments before the script. */
  readonly arguments: readonly string[];
}

const folder = join(import.meta.dirname, "../node_modules/.cache/engines");

/** What can be asked for besides a path: the package, and where its program is. */
const packaged: Readonly<
  Record<string, { readonly package: string; readonly program: string; readonly arguments: readonly string[] }>
> = {
  node26: { package: `node-${platform()}@26`, program: `node-${platform()}/bin/node`, arguments: [] },
  node24: { package: `node-${platform()}@24`, program: `node-${platform()}/bin/node`, arguments: [] },
  bun: { package: `@oven/bun-${platform()}@1`, program: `@oven/bun-${platform()}/bin/bun`, arguments: [] },
  deno: {
    package: `@deno/${platform()}-glibc@2`,
    program: `@deno/${platform()}-glibc/deno`,
    arguments: ["run", "-A", "--quiet"],
  },
};

function platform(): string {
  return `${process.platform}-${process.arch}`;
}

/**
 * @param wanted `node` for this process's own, one of the names above (installed from npm if it is not there), or a path
 * of a program that takes a script as its argument.
 * @throws what npm says where an engine cannot be had.
 */
export function javaScriptEngine(wanted: string): JavaScriptEngine {
  if (wanted === "node") return { name: `node ${process.versions.node}`, program: process.execPath, arguments: [] };
  const known = packaged[wanted];
  if (known === undefined) return named("", wanted, []);
  const home = join(folder, wanted);
  const program = join(home, "node_modules", known.program);
  if (!existsSync(program)) {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), '{ "private": true }');
    execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", known.package], {
      cwd: home,
      stdio: "inherit",
    });
  }
  return named(wanted, program, known.arguments);
}

function named(wanted: string, program: string, args: readonly string[]): JavaScriptEngine {
  const version = /\d+(\.\d+)+/.exec(execFileSync(program, ["--version"], { encoding: "utf8" }))?.[0] ?? "";
  return { name: `${wanted.replace(/\d+$/, "") || "engine"} ${version}`, program, arguments: args };
}
