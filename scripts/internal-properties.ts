// Names of properties that only the compiler's own packages use, so that they can be shorter in files that need nothing else.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type AnyNode, type Node, parse } from "acorn";
import { transformSync } from "esbuild";

const root = resolve(import.meta.dirname, "..");
const inner = ["isa", "ir", "decoder", "compiler"];
const outer = ["engine", "runtime", "js-api", "anywasm"];

/**
 * Properties that objects of the inner packages have, without those that anything else could mean by the same name: an outer
 * package, JavaScript's own objects, or a string (all words in strings count, since a name could be put together or be part of
 * generated code).
 */
export function internalProperties(): readonly string[] {
  const known = builtInProperties();
  for (const each of outer) for (const file of sourcesOf(each)) visit(file, (name) => known.add(name), known);
  const found = new Set<string>();
  for (const each of inner) for (const file of sourcesOf(each)) visit(file, (name) => found.add(name), known);
  return [...found].filter((name) => name.length > 2 && !known.has(name)).sort();
}

/** The JavaScript of a package's files, parsed. Types have no properties at run time. */
function sourcesOf(name: string): readonly Node[] {
  const folder = join(root, "packages", name, "src");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.ts$/.test(path) && !/\.(test|test-support)\.ts$/.test(path))
    .map((path) => transformSync(readFileSync(join(folder, path), "utf8"), { loader: "ts" }).code)
    .map((code) => parse(code, { ecmaVersion: "latest", sourceType: "module" }));
}

/** Tells the properties that code declares or reads, and adds the words of its strings to `words`. */
function visit(node: Node, property: (name: string) => void, words: Set<string>): void {
  const addWords = (text: string): void => {
    for (const [word] of text.matchAll(/\w+/g)) words.add(word);
  };
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (typeof value !== "object" || value === null || !("type" in value)) return;
    const each = value as AnyNode;
    if (each.type === "Literal" && typeof each.value === "string") addWords(each.value);
    if (each.type === "TemplateElement") addWords(each.value.raw);
    if (each.type === "MemberExpression" && !each.computed && each.property.type === "Identifier")
      property(each.property.name);
    const isMember = each.type === "Property" || each.type === "MethodDefinition" || each.type === "PropertyDefinition";
    if (isMember && !each.computed && each.key.type === "Identifier") property(each.key.name);
    Object.values(each).forEach(walk);
  };
  walk(node);
}

function builtInProperties(): Set<string> {
  const names = new Set<string>();
  const add = (value: unknown): void => {
    for (let object = value; object !== null && object !== undefined; object = Object.getPrototypeOf(object))
      for (const name of Object.getOwnPropertyNames(object)) names.add(name);
  };
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    names.add(name);
    const value: unknown = Reflect.get(globalThis, name);
    if (typeof value !== "function" && typeof value !== "object") continue;
    add(value);
    if (typeof value === "function") add(value.prototype);
  }
  add([].values());
  add(Object.getPrototypeOf(async function* () {}).prototype);
  // Of descriptors, of what iterators give, and of matches, which no prototype has.
  for (const name of ["value", "done", "writable", "enumerable", "configurable", "index", "input", "groups", "raw"])
    names.add(name);
  return names;
}
