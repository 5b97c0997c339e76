// What Web IDL asks of interfaces and arguments (https://webidl.spec.whatwg.org). Knows nothing of WebAssembly.

/** The hidden state of an interface's objects: it decides what is one, whatever its prototype says. */
export class Slot<T> {
  /** As in messages: `WebAssembly.Memory`. */
  private readonly name: string;
  private readonly values = new WeakMap<object, T>();
  /** The interface's; there must be one before objects are made. */
  prototype: object | undefined = undefined;

  constructor(name: string) {
    this.name = name;
  }

  set(object: object, value: T): void {
    this.values.set(object, value);
  }

  /** The state of `value`, if it is an object of the interface. */
  find(value: unknown): T | undefined {
    return isObject(value) ? this.values.get(value) : undefined;
  }

  /** @throws TypeError, saying what `role` in `context` must be, for anything else. */
  require(value: unknown, context: string, role: string): T {
    const found = this.find(value);
    if (found === undefined) throw new TypeError(`${context}: ${role} must be a ${this.name}, got ${describe(value)}`);
    return found;
  }

  /** What `this` is in the interface's `member`. @throws TypeError for anything else. */
  receiver(value: unknown, member: string): T {
    return this.require(value, `${this.name}.${member}`, "receiver");
  }
}

/** As `Slot`, where the state has one object that stands for it, made when it is first asked for. */
export class IdentitySlot<T extends object> extends Slot<T> {
  private readonly objects = new WeakMap<T, object>();

  override set(object: object, value: T): void {
    super.set(object, value);
    this.objects.set(value, object);
  }

  hasObject(value: T): boolean {
    return this.objects.has(value);
  }

  objectOf(value: T): object {
    const known = this.objects.get(value);
    if (known !== undefined) return known;
    if (this.prototype === undefined) throw new Error("an object of an interface that has no prototype yet");
    const object = Object.create(this.prototype) as object;
    this.set(object, value);
    return object;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: any class
type AnyClass = abstract new (...args: any[]) => object;

/**
 * Gives a class the properties of an interface: enumerable operations and attributes, a fixed `length`, its name
 * whatever a minifier made of it, and its tag.
 */
export function asInterface<C extends AnyClass>(constructor: C, name: string, length: number): C {
  makeEnumerable(constructor, ["length", "name", "prototype"]);
  makeEnumerable(constructor.prototype as object, ["constructor"]);
  Object.defineProperty(constructor, "name", { value: name, configurable: true });
  Object.defineProperty(constructor, "length", { value: length, configurable: true });
  tag(constructor.prototype as object, `WebAssembly.${name}`);
  return constructor;
}

function makeEnumerable(object: object, except: readonly string[]): void {
  for (const key of Object.getOwnPropertyNames(object))
    if (!except.includes(key)) Object.defineProperty(object, key, { enumerable: true });
}

/** What `Object.prototype.toString` calls the object. */
export function tag(object: object, value: string): void {
  Object.defineProperty(object, Symbol.toStringTag, { value, configurable: true });
}

export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** An argument that is a dictionary. @throws TypeError */
export function toDictionary(value: unknown, context: string, role: string): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw new TypeError(`${context}: ${role} must be an object, got ${describe(value)}`);
  return value as Readonly<Record<string, unknown>>;
}

/** `[EnforceRange] unsigned long`. @throws TypeError for anything but a number from 0 to 2^32 - 1. */
export function toUnsignedLong(value: unknown, context: string, role: string): number {
  const number = Number.isInteger(value) ? (value as number) : Math.trunc(toNumber(value, context, role));
  if (!(number >= 0 && number <= 0xffffffff))
    throw new TypeError(`${context}: ${role} must be an integer from 0 to 4294967295, got ${describe(value)}`);
  return number + 0;
}

/** As many bits as no engine's bigints have: `BigInt.asIntN` is then ECMAScript's ToBigInt and nothing else. */
const allBits = 2 ** 30;

/** A bigint from 0 to 2^64 - 1. @throws TypeError for anything else. */
export function toUnsignedLongLong(value: unknown, context: string, role: string): bigint {
  if (typeof value === "number" || typeof value === "symbol" || value === undefined || value === null)
    throw new TypeError(`${context}: ${role} must be a bigint, got ${describe(value)}`);
  const integer = BigInt.asIntN(allBits, value as bigint);
  if (integer < 0n || integer !== BigInt.asUintN(64, integer))
    throw new TypeError(`${context}: ${role} must be an integer from 0 to 2^64 - 1, got ${describe(value)}`);
  return integer;
}

function toNumber(value: unknown, context: string, role: string): number {
  if (typeof value === "bigint" || typeof value === "symbol")
    throw new TypeError(`${context}: ${role} must be a number, got ${describe(value)}`);
  return Number(value);
}

/** A value in a message; never runs code of the value's. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
    case "number":
    case "boolean":
    case "undefined":
      return String(value);
    case "bigint":
      return `${value}n`;
    case "function":
      return "a function";
    case "symbol":
      return "a symbol";
    default:
      return value === null ? "null" : "an object";
  }
}

/** The list in an iterable. @throws TypeError for anything else. */
export function toSequence(value: unknown, context: string, role: string): unknown[] {
  if (isObject(value)) {
    const iterator: unknown = (value as { readonly [Symbol.iterator]?: unknown })[Symbol.iterator];
    if (typeof iterator === "function") return Array.from({ [Symbol.iterator]: () => iterator.call(value) });
  }
  throw new TypeError(`${context}: ${role} must be iterable, got ${describe(value)}`);
}

interface BufferConstructor {
  readonly prototype: object;
}

const { SharedArrayBuffer: SharedBuffer } = globalThis as { readonly SharedArrayBuffer?: BufferConstructor };
const [ownLength, sharedLength] = [ArrayBuffer, SharedBuffer].map(
  (buffer) => buffer && Object.getOwnPropertyDescriptor(buffer.prototype, "byteLength")?.get,
);

/** Whether a value is such a buffer, also of another realm (a frame, a vm context): the getter's brand check throws if not. */
function isBuffer(value: unknown, length: (() => unknown) | undefined): boolean {
  try {
    length?.call(value);
    return length !== undefined;
  } catch {
    return false;
  }
}

export function isSharedBuffer(value: unknown): value is SharedArrayBuffer {
  return isBuffer(value, sharedLength);
}

/** The bytes of a buffer or view of one, also of another realm's. `undefined` for anything else. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return isBuffer(value, ownLength) || isBuffer(value, sharedLength) ? new Uint8Array(value as ArrayBuffer) : undefined;
}
