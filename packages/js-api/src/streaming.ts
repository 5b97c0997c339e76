// What compileStreaming and instantiateStreaming read (WebAssembly Web API, §3 "Streaming Module Compilation").
import { bytesOf, describe, isObject } from "./webidl.ts";

/** The part of Fetch's Response that is used. */
interface ResponseLike {
  readonly ok: boolean;
  readonly status: number;
  readonly type: string;
  readonly bodyUsed: boolean;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** @throws TypeError unless `source` is, or resolves to, an unread successful response of type application/wasm. */
export async function bytesOfResponse(source: unknown, context: string): Promise<Uint8Array> {
  const response: unknown = await source;
  if (!isResponse(response))
    throw new TypeError(`${context}: argument 0 must be a Response, or a promise of one, got ${describe(response)}`);
  if (response.type === "opaque") throw new TypeError(`${context}: the response is opaque; fetch it with CORS`);
  if (!response.ok) throw new TypeError(`${context}: the response has status ${response.status}`);
  const type = response.headers.get("Content-Type");
  if (type === null || type.replace(/^[\t ]+|[\t ]+$/g, "").toLowerCase() !== "application/wasm")
    throw new TypeError(
      `${context}: the response has the MIME type ${describe(type)}, it must be "application/wasm"; ` +
        "or compile its arrayBuffer()",
    );
  if (response.bodyUsed) throw new TypeError(`${context}: the response's body has been read already`);
  // A buffer that nobody else has: no copy is needed.
  return bytesOf(await response.arrayBuffer()) as Uint8Array;
}

/** Fetch's own class where there is one; polyfills of it have the same members. */
function isResponse(value: unknown): value is ResponseLike {
  const { Response } = globalThis as { readonly Response?: new () => object };
  if (Response !== undefined && value instanceof Response) return true;
  return isObject(value) && Object.prototype.toString.call(value) === "[object Response]" && "arrayBuffer" in value;
}
