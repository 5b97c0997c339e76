// Our WebAssembly object against the engine's own, property by property. Every difference is listed here with its
// reason; one that is not listed fails the test, and so does a listed one that is gone.
import { WebAssembly as ours } from "anywasm/js-api";
import { expect, test } from "vitest";
import { differences, type Implementation, propertiesOf } from "./properties.ts";

interface Explained {
  readonly lines: RegExp;
  readonly why: string;
}

const explained: readonly Explained[] = [
  {
    lines: /^- [\w.]+\.(arguments|caller): \{\} null$/,
    why: "Older V8 makes the API's constructors and exported functions sloppy functions. ECMAScript gives built-in functions no such properties.",
  },
  {
    lines: /^[-+] WebAssembly\.Exception\.length: /,
    why: "Older V8 says 1; Web IDL, and current V8, say 2: the payload is required.",
  },
  {
    lines: /^\+ WebAssembly\.Exception\.prototype\.stack/,
    why: "The specification's attribute; older V8 has an own property of exceptions with traceStack instead.",
  },
  {
    lines: /^\+ WebAssembly\.JSTag/,
    why: "In the specification; older V8 lacks it.",
  },
  {
    lines: /^\+ WebAssembly\.Memory\.prototype\.to(FixedLength|Resizable)Buffer/,
    why: "In the specification; older V8 lacks it.",
  },
  {
    lines: /^\+ WebAssembly\.(Module|Memory)\[Symbol\.hasInstance\]/,
    why: 'A module or shared memory that comes from another agent is one before it has been used: see docs/js-api.md, "Sending modules and shared memories".',
  },
  {
    lines: /^\+ thrown CompileError\.(cause|code): /,
    why: "Our errors say more: a stable code, and as the cause an error with the place in the module.",
  },
  {
    lines: /^- WebAssembly\.(Suspending|SuspendError|promising)/,
    why: "JavaScript Promise Integration is a proposal of its own, which Anywasm will offer as asynchronous host functions.",
  },
  {
    lines: /^[-+] WebAssembly\.Module(\.prototype)?\.\[\[Prototype\]\]/,
    why: "AbstractModuleSource belongs to source phase imports, which need the engine's module loader.",
  },
];

const native = globalThis.WebAssembly;
// Ours has the type that TypeScript's library gives the engine's own.
const implementation: Implementation = ours;
const found = differences(propertiesOf(native), propertiesOf(implementation));

test("every difference from the engine's own object is explained", () => {
  const unexplained = found.filter((line) => !explained.some(({ lines }) => lines.test(line)));
  expect(unexplained).toEqual([]);
});

test("the comparison sees what it should", () => {
  const lines = propertiesOf(native);
  expect(lines.length).toBeGreaterThan(400);
  expect(lines).toContain("WebAssembly.Memory.prototype.grow.length: {configurable} 1");
  expect(lines).toContain("instance.exports: [object Object] (frozen, not extensible)");
  expect(differences(lines, [...lines.slice(1), "new"]).length).toBe(2);
});

test.each(explained.filter(({ lines }) => !dependsOnEngine(lines)))("still differs: $lines", ({ lines }) => {
  expect(found.some((line) => lines.test(line))).toBe(true);
});

/** Whether newer or older engines do not differ there. */
function dependsOnEngine(lines: RegExp): boolean {
  return !/hasInstance|thrown/.test(lines.source);
}
