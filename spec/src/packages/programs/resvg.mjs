// A renderer of SVG in Rust, by wasm-bindgen.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";

export default async function () {
  await initWasm(readFileSync(createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm")));
  const shapes = Array.from(
    { length: 40 },
    (_, i) =>
      `<circle cx="${(i * 37) % 200}" cy="${(i * 53) % 150}" r="${5 + (i % 9)}" fill="hsl(${i * 9} 80% 50% / 0.6)"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="150">
    <defs><linearGradient id="g"><stop stop-color="navy"/><stop offset="1" stop-color="gold"/></linearGradient></defs>
    <rect width="200" height="150" fill="url(#g)"/>${shapes.join("")}
    <path d="M10 140 C 60 10, 140 10, 190 140 Z" fill="none" stroke="white" stroke-width="3" stroke-dasharray="6 3"/>
  </svg>`;
  const image = new Resvg(svg, { fitTo: { mode: "width", value: 400 } }).render();
  const { width, height, pixels } = image;
  const hash = createHash("sha256").update(pixels).digest("hex").slice(0, 16);
  let error;
  try {
    new Resvg("<svg");
  } catch (caught) {
    error = String(caught);
  }
  return { width, height, hash, error };
}
