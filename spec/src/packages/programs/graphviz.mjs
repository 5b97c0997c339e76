// Drawings of graphs, in C and C++, by Emscripten with exceptions, SIMD, and atomic instructions on a memory that nobody shares.
import { Graphviz } from "@hpcc-js/wasm-graphviz";

const nodes = Array.from(
  { length: 8 },
  (_, i) =>
    `n${i} [label="<f0> n${i}|<f1> x"]; n${i}:f1 -> n${(i * 7 + 3) % 8}; ${i % 3 ? "" : `n${i} -> a${i % 2} [style=dashed];`}`,
);
const graph = `digraph G { rankdir=LR; node [shape=record]; subgraph cluster_a { label="Ä"; a0; a1 }\n${nodes.join("\n")}\n}`;

export default async function () {
  const graphviz = await Graphviz.load();
  let message;
  try {
    graphviz.dot("digraph { a -> ", "svg");
  } catch (error) {
    ({ message } = error);
  }
  const layouts = ["dot", "neato", "circo", "fdp", "twopi"].map((engine) => graphviz.layout(graph, "plain", engine));
  return [graphviz.version(), graphviz.dot(graph, "svg"), ...layouts, message];
}
