// The Tag and Exception interfaces (JS API, §5.7, §5.9).
import { externref, type FuncType, type ValType } from "@anywasm/isa";
import { Global } from "@anywasm/runtime";
import { TagRecord, valTypeOf } from "@anywasm/runtime/embed";
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
      realm.tags.set(this, new TagRecord(tagType(realm, params)));
    }
  }
  realm.tags.prototype = Tag.prototype;
  return asInterface(Tag, "Tag", 1);
}

function tagType(realm: Realm, params: readonly ValType[]): FuncType {
  return realm.engine.canonicalType({ kind: "func", params, results: [] });
}

/** JS API, "JSTag": the tag of JavaScript's own exceptions. */
export function createJSTag(realm: Realm): object {
  return realm.tags.objectOf(new TagRecord(tagType(realm, [externref])));
}

interface ExceptionState {
  readonly tag: TagRecord;
  readonly payload: readonly unknown[];
  readonly stack: string | undefined;
}

export function createException(realm: Realm, jsTag: object) {
  const states = new Slot<ExceptionState>("WebAssembly.Exception");
  const tagOf = (value: unknown, context: string): TagRecord => realm.tags.require(value, context, "argument 0");

  class Exception {
    constructor(tagArgument: unknown, payloadArgument: unknown, options: unknown) {
      const context = "WebAssembly.Exception()";
      const tag = tagOf(tagArgument, context);
      const values = toSequence(payloadArgument, context, "argument 1");
      if (tag === realm.tags.find(jsTag))
        throw new TypeError(`${context}: argument 0 must not be WebAssembly.JSTag; throw the JavaScript value itself`);
      const { params } = tag.type;
      if (values.length !== params.length)
        throw new TypeError(`${context}: the tag takes ${params.length} values, got ${values.length}`);
      const hasStack = options !== undefined && options !== null && isTraced(options, context);
      states.set(this, {
        tag,
        payload: params.map((type, i) => converted(realm, type, values[i])),
        stack: hasStack ? String(new Error("WebAssembly.Exception").stack) : undefined,
      });
    }

    getArg(tagArgument: unknown, index: unknown): unknown {
      const context = "WebAssembly.Exception.getArg()";
      const { tag, payload } = states.receiver(this, "getArg()");
      const asked = tagOf(tagArgument, context);
      const position = toUnsignedLong(index, context, "argument 1");
      if (asked !== tag) throw new TypeError(`${context}: the exception has another tag; ask \`is\` first`);
      if (position >= payload.length)
        throw new RangeError(`${context}: value ${position} of an exception with ${payload.length}`);
      return payload[position];
    }

    is(tagArgument: unknown): boolean {
      const { tag } = states.receiver(this, "is()");
      return tagOf(tagArgument, "WebAssembly.Exception.is()") === tag;
    }

    get stack(): string | undefined {
      return states.receiver(this, "stack").stack;
    }
  }
  return asInterface(Exception, "Exception", 2);
}

function isTraced(options: unknown, context: string): boolean {
  return Boolean(toDictionary(options, context, `argument 2 (${describe(options)})`)["traceStack"]);
}

/** ToJSValue(ToWebAssemblyValue(value)): what handlers and `getArg` see. */
function converted(realm: Realm, type: ValType, value: unknown): unknown {
  return Global.create(realm.store, valTypeOf(type), value).value;
}
