// Whether TypeScript finds every entry point's types as Node.js and bundlers find its code, in packages as they are
// published. Run by `pnpm attw`, after `pnpm build`.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "anywasm-packages-"));
let failures = 0;
try {
  for (const name of readdirSync(join(root, "packages"))) {
    const packageFolder = join(root, "packages", name);
    const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { exports?: object };
    // Commands have no types.
    if (manifest.exports === undefined) continue;
    execFileSync("npx", ["-y", "pnpm@12", "pack", "--pack-destination", folder], { cwd: packageFolder, stdio: "pipe" });
    const tarball = readdirSync(folder)[0] as string;
    // Packages are ES modules only; the classic script is no module and has no types.
    const args = [join(folder, tarball), "--profile", "esm-only", "--exclude-entrypoints", "./script"];
    const { status, stdout, stderr } = spawnSync(join(root, "node_modules/.bin/attw"), args, { encoding: "utf8" });
    rmSync(join(folder, tarball));
    process.stdout.write(`${name}: ${status === 0 ? "types are found" : `FAILED\n${stdout}${stderr}`}\n`);
    if (status !== 0) failures++;
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (failures > 0) process.exit(1);
