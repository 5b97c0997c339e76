// Array buffers: moving, detaching and resizing them with whatever the engine has for it.
// Newer than ES2020, so all of it is looked for.

interface Transferable {
  /** ES2024. */
  transfer?(byteLength: number): ArrayBuffer;
}

interface Resizable {
  readonly resizable?: boolean;
  /** ES2024. */
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
export function moved(buffer: ArrayBuffer, byteLength: number): ArrayBuffer {
  const transferable = buffer as unknown as Transferable;
  if (transferable.transfer !== undefined) return transferable.transfer(byteLength);
  if (byteLength === buffer.byteLength) return detached(buffer) ?? copyOf(new Uint8Array(buffer), byteLength);
  const copy = copyOf(new Uint8Array(buffer), byteLength);
  detached(buffer);
  return copy;
}

/** Detaches a buffer; its contents, in a buffer of their own. */
function detached(buffer: ArrayBuffer): ArrayBuffer | undefined {
  const { structuredClone } = globalThis as unknown as Host;
  return structuredClone?.(buffer, { transfer: [buffer] });
}

/** A new buffer that begins with `bytes`, cut or filled with zeros to `byteLength`. @throws RangeError without room. */
export function copyOf(bytes: Uint8Array, byteLength: number): ArrayBuffer {
  const buffer = new ArrayBuffer(byteLength);
  new Uint8Array(buffer).set(byteLength < bytes.length ? bytes.subarray(0, byteLength) : bytes);
  return buffer;
}

export function isResizable(buffer: ArrayBuffer): boolean {
  return (buffer as unknown as Resizable).resizable === true;
}

/** @throws RangeError for a length that is too great. */
export function resize(buffer: ArrayBuffer, byteLength: number): void {
  (buffer as unknown as Resizable).resize(byteLength);
}

/** `undefined` where the engine has no such buffers. @throws RangeError without room. */
export function createResizable(byteLength: number, maxByteLength: number): ArrayBuffer | undefined {
  const Buffer = ArrayBuffer as unknown as new (
    byteLength: number,
    options: { readonly maxByteLength: number },
  ) => ArrayBuffer;
  const buffer = new Buffer(byteLength, { maxByteLength });
  return isResizable(buffer) ? buffer : undefined;
}
