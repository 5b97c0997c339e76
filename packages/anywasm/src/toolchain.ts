// The whole toolchain.
import {
  type BufferSource,
  isBufferSource,
  type Source,
  type Strategy,
  type StreamSource,
  type Toolchain,
} from "@anywasm/engine";
import { loadModuleOptimizer, optimizeModule } from "./binaryen.ts";
import { compilation } from "./compilation.ts";
import { loadTextParser, parseText } from "./text.ts";

export const toolchain: Toolchain = { ...compilation, parseText, optimizeModule, load };

async function load(source: Source, strategy: Strategy): Promise<BufferSource> {
  if (strategy === "binaryen") await loadModuleOptimizer();
  if (typeof source === "string") return (await loadTextParser())(source);
  if (isBufferSource(source)) return source;
  return readAll("body" in source ? (source.body as StreamSource) : source);
}

async function readAll(source: StreamSource): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  if (Symbol.asyncIterator in source) for await (const chunk of source) chunks.push(chunk);
  else {
    const reader = source.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read())
      if (part.value) chunks.push(part.value);
  }
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.length;
  }
  return bytes;
}
