// The Tag and Exception interfaces (JS API, §5.7, §5.9).
import { wordsBefore } from "@anywasm/isa";
import { ExceptionRecord, fromWords, TagRecord, wordsOfValues } from "@anywasm/runtime/embed";
import type { Realm } from "./realm.ts";
import { toValueType } from "./types.ts";
import { asInterface, describe, Slot, toDictionary, toSequence, toUnsignedLong } from "./webidl.ts";

export function createTag(realm: Realm) {
  class Tag {
    constructor(descriptor: unknown) {
      const context = "WebAssembly.Tag()";
      const dictionary = toDictionary(descriptor, context, "the descriptor");
      const params = toSequence(dictionary["parameters"], context, "property 'parameters'").map((name, i) =>
        toValueType(name, context, `parameter ${i}`),
      );
      const type = realm.engine.canonicalType({ kind: "func", params, results: [] });
      realm.tags.set(this, new TagRecord(type));
    }
  }
  realm.tags.prototype = Tag.prototype;
  return asInterface(Tag, "Tag", 1);
}

/** JS API, "JSTag": the tag of JavaScript's own exceptions. */
export function createJSTag(realm: Realm): object {
  return realm.tags.objectOf(realm.store.jsTag);
}

export function createException(realm: Realm) {
  const { exceptions, store } = realm;
  const stacks = new Slot<string>("WebAssembly.Exception");
  const tagOf = (value: unknown, context: string): TagRecord => realm.tags.require(value, context, "argument 0");

  class Exception {
    constructor(tagArgument: unknown, payloadArgument: unknown, options: unknown) {
      const context = "WebAssembly.Exception()";
      const tag = tagOf(tagArgument, context);
      const values = toSequence(payloadArgument, context, "argument 1");
      if (tag === store.jsTag)
        throw new TypeError(`${context}: argument 0 must not be WebAssembly.JSTag; throw the JavaScript value itself`);
      const { params } = tag.type;
      if (values.length !== params.length)
        throw new TypeError(`${context}: the tag takes ${params.length} values, got ${values.length}`);
      const isWithStack = options !== undefined && options !== null && isTraced(options, context);
      const words = wordsOfValues(params, values, store.embedding);
      exceptions.set(this, new ExceptionRecord(tag, words));
      if (isWithStack) stacks.set(this, String(new Error("WebAssembly.Exception").stack));
    }

    getArg(tagArgument: unknown, index: unknown): unknown {
      const context = "WebAssembly.Exception.getArg()";
      const { tag, words } = exceptions.receiver(this, "getArg()");
      const asked = tagOf(tagArgument, context);
      const position = toUnsignedLong(index, context, "argument 1");
      if (asked !== tag) throw new TypeError(`${context}: the exception has another tag; ask \`is\` first`);
      const { params } = tag.type;
      const type = params[position];
      if (type === undefined)
        throw new RangeError(`${context}: value ${position} of an exception with ${params.length}`);
      const first = 1 + wordsBefore(params, position);
      return fromWords(type, words[first], words[first + 1], store.embedding);
    }

    is(tagArgument: unknown): boolean {
      const { tag } = exceptions.receiver(this, "is()");
      return tagOf(tagArgument, "WebAssembly.Exception.is()") === tag;
    }

    get stack(): string | undefined {
      exceptions.receiver(this, "stack");
      return stacks.find(this);
    }
  }
  exceptions.prototype = Exception.prototype;
  return asInterface(Exception, "Exception", 2);
}

function isTraced(options: unknown, context: string): boolean {
  return Boolean(toDictionary(options, context, `argument 2 (${describe(options)})`)["traceStack"]);
}
