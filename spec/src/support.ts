// Support for tests: modules from text, and generated code held against its list of names.

import {
  createBaselineCompiler,
  createOptimizingCompiler,
  type FunctionCompiler,
  type ModuleContext,
} from "@anywasm/compiler";
import { buildFunction, type DecodedModule, readFunction, readNames } from "@anywasm/decoder";
import { type Node, parse } from "acorn";
import { Engine, type Extern, Instance, loadTextParser, Module, Store } from "anywasm";

export async function moduleFromText(text: string, engine = new Engine()): Promise<Module> {
  await loadTextParser();
  return new Module(engine, text);
}

/** Instantiates text with imports by `module.name`. */
export async function instantiateText(
  text: string,
  imports: (store: Store<undefined>) => Readonly<Record<string, Extern>> = () => ({}),
): Promise<Instance> {
  const engine = new Engine();
  const store = new Store(engine, undefined);
  const given = imports(store);
  return Instance.create(store, await moduleFromText(text, engine), (module, name) => given[`${module}.${name}`]);
}

/** Names that a function's source uses without declaring them. @throws SyntaxError for text that is no JavaScript. */
export function freeNames(source: string): ReadonlySet<string> {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value)) visitNode(value);
  };
  const visitNode = (node: Node): void => {
    const fields = node as unknown as Readonly<Record<string, unknown>>;
    switch (node.type) {
      case "Identifier":
        used.add(fields["name"] as string);
        return;
      case "FunctionExpression":
      case "FunctionDeclaration":
      case "VariableDeclarator": {
        const names = [fields["id"], ...((fields["params"] as unknown[] | undefined) ?? [])];
        for (const name of names) if (isNode(name)) declared.add((name as unknown as { name: string }).name);
        visit(fields["body"] ?? fields["init"]);
        return;
      }
      case "CatchClause":
        declared.add((fields["param"] as { readonly name: string }).name);
        visit(fields["body"]);
        return;
      case "MemberExpression":
        visit(fields["object"]);
        if (fields["computed"] === true) visit(fields["property"]);
        return;
      case "LabeledStatement":
        visit(fields["body"]);
        return;
      case "BreakStatement":
      case "ContinueStatement":
        return;
      default:
        Object.values(fields).forEach(visit);
    }
  };
  visit(parse(`"use strict"; (${source});`, { ecmaVersion: 2020 }));
  for (const name of declared) used.delete(name);
  return used;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

/** Both compilers, as the engine makes them for a module; functions are split, and 64-bit integers BigInts, wherever they can be. */
export function compilersOf(bytes: Uint8Array, module: DecodedModule): readonly FunctionCompiler[] {
  const context: ModuleContext = {
    structure: module,
    names: readNames(bytes, module),
    build: (index) => buildFunction(module, index),
    read: (index, open) => readFunction(module, index, open),
    int64: "bigint",
    splitAbove: 500,
    countsCalls: true,
  };
  return [createBaselineCompiler(context), createOptimizingCompiler(context)];
}
