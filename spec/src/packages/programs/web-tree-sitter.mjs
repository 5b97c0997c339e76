// A parser in C, by Emscripten with dynamic linking: the grammar is a side module.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Language, Parser, Query } from "web-tree-sitter";

export default async function () {
  await Parser.init();
  const grammar = dirname(createRequire(import.meta.url).resolve("tree-sitter-javascript/package.json"));
  const language = await Language.load(join(grammar, "tree-sitter-javascript.wasm"));
  const parser = new Parser();
  parser.setLanguage(language);
  const source =
    "export async function f(a = 1, ...b) { await `x`; return { ...b, [a]: class {} }; }\nlet broken = (1 +;";
  const tree = parser.parse(source);
  const query = new Query(language, "(function_declaration name: (identifier) @name) (identifier) @id");
  const captures = query.captures(tree.rootNode).map(({ name, node }) => `${name}:${node.text}`);
  const edited = source.replace("f(a", "g(a");
  tree.edit({
    startIndex: 22,
    oldEndIndex: 23,
    newEndIndex: 23,
    startPosition: { row: 0, column: 22 },
    oldEndPosition: { row: 0, column: 23 },
    newEndPosition: { row: 0, column: 23 },
  });
  const again = parser.parse(edited, tree);
  return {
    tree: tree.rootNode.toString(),
    captures,
    hasError: tree.rootNode.hasError,
    again: again.rootNode.text === edited,
  };
}
