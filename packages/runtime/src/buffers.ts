// Array buffers: moving, detaching and resizing them with whatever the engine has for it.
// Newer than ES2020, so all of it is looked for.

interface TransferableBuffer extends ArrayBuffer {
  /** ES2024. */
  transfer?(byteLength: number): ArrayBuffer;
}

/** ES2024. */
export interface ResizableBuffer extends ArrayBuffer {
  resize(byteLength: number): void;
}

interface Host {
  /** HTML, "structured cloning"; Node.js too. */
  readonly structuredClone?: <T>(value: T, options: { readonly transfer: readonly unknown[] }) => T;
}

/**
 * The buffer's contents, cut or filled with zeros to `byteLength`, in a new buffer. Detaches the old one, unless the
 * engine has no way to do that.
 * @throws RangeError without room; the old buffer is as it was then.
 */
export function moved(buffer: TransferableBuffer, byteLength: number): ArrayBuffer {
  if (buffer.transfer !== undefined) return buffer.transfer(byteLength);
  if (byteLength === buffer.byteLength) return detached(buffer) ?? copyOf(new Uint8Array(buffer), byteLength);
  const copy = copyOf(new Uint8Array(buffer), byteLength);
  detached(buffer);
  return copy;
}

/** Detaches a buffer; its contents, in a buffer of their own. */
function detached(buffer: ArrayBuffer): ArrayBuffer | undefined {
  const { structuredClone } = globalThis as Host;
  return structuredClone?.(buffer, { transfer: [buffer] });
}

/** A new buffer that begins with `bytes`, cut or filled with zeros to `byteLength`. @throws RangeError without room. */
export function copyOf(bytes: Uint8Array, byteLength: number): ArrayBuffer {
  const buffer = new ArrayBuffer(byteLength);
  new Uint8Array(buffer).set(byteLength < bytes.length ? bytes.subarray(0, byteLength) : bytes);
  return buffer;
}

export function isResizable(buffer: ArrayBuffer): buffer is ResizableBuffer {
  return (buffer as { readonly resizable?: boolean }).resizable === true;
}

/** `undefined` where the engine has no such buffers. @throws RangeError without room. */
export function createResizable(byteLength: number, maxByteLength: number): ResizableBuffer | undefined {
  const buffer = new (
    ArrayBuffer as unknown as new (
      byteLength: number,
      options: { readonly maxByteLength: number },
    ) => ArrayBuffer
  )(byteLength, { maxByteLength });
  return isResizable(buffer) ? buffer : undefined;
}
