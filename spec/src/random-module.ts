// Makes random modules that are valid, end, and leave traces of every step: for comparing engines.
//
// Everything goes through order: calls and stores change globals and memory that other operands read. Where the
// specification leaves the bits of a NaN open, they are made canonical before anything can see them.

type Type = "i32" | "i64" | "f32" | "f64";
const types: readonly Type[] = ["i32", "i64", "f32", "f64"];

const integerBinary = [
  "add",
  "sub",
  "mul",
  "div_s",
  "div_u",
  "rem_s",
  "rem_u",
  "and",
  "or",
  "xor",
  "shl",
  "shr_s",
  "shr_u",
  "rotl",
  "rotr",
];
const binary: Readonly<Record<Type, readonly string[]>> = {
  i32: integerBinary,
  i64: integerBinary,
  f32: ["add", "sub", "mul", "div", "min", "max"],
  f64: ["add", "sub", "mul", "div", "min", "max"],
};
const compare: Readonly<Record<Type, readonly string[]>> = {
  i32: ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"],
  i64: ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"],
  f32: ["eq", "ne", "lt", "gt", "le", "ge"],
  f64: ["eq", "ne", "lt", "gt", "le", "ge"],
};
const unary: Readonly<Record<Type, readonly string[]>> = {
  i32: ["clz", "ctz", "popcnt", "extend8_s", "extend16_s"],
  i64: ["clz", "ctz", "popcnt", "extend8_s", "extend16_s", "extend32_s"],
  f32: ["abs", "neg", "ceil", "floor", "trunc", "nearest", "sqrt"],
  f64: ["abs", "neg", "ceil", "floor", "trunc", "nearest", "sqrt"],
};
const loads: Readonly<Record<Type, readonly string[]>> = {
  i32: ["load", "load8_s", "load8_u", "load16_s", "load16_u"],
  i64: ["load", "load8_s", "load8_u", "load16_s", "load16_u", "load32_s", "load32_u"],
  f32: ["load"],
  f64: ["load"],
};
const stores: Readonly<Record<Type, readonly string[]>> = {
  i32: ["store", "store8", "store16"],
  i64: ["store", "store8", "store16", "store32"],
  f32: ["store"],
  f64: ["store"],
};
const conversions: Readonly<Record<Type, readonly (readonly [name: string, from: Type])[]>> = {
  i32: [
    ["wrap_i64", "i64"],
    ["trunc_sat_f32_s", "f32"],
    ["trunc_sat_f64_u", "f64"],
    ["trunc_sat_f32_u", "f32"],
  ],
  i64: [
    ["extend_i32_s", "i32"],
    ["extend_i32_u", "i32"],
    ["trunc_sat_f64_s", "f64"],
    ["trunc_sat_f32_u", "f32"],
  ],
  f32: [
    ["convert_i32_s", "i32"],
    ["convert_i64_u", "i64"],
    ["convert_i64_s", "i64"],
    ["demote_f64", "f64"],
  ],
  f64: [
    ["convert_i32_u", "i32"],
    ["convert_i64_u", "i64"],
    ["convert_i64_s", "i64"],
    ["promote_f32", "f32"],
  ],
};
const constants: Readonly<Record<Type, readonly string[]>> = {
  i32: ["0", "1", "-1", "31", "0x7fffffff", "0x80000000", "65535", "12345"],
  i64: ["0", "1", "-1", "63", "0x7fffffffffffffff", "0x8000000000000000", "0x100000000", "-0x123456789a"],
  f32: ["0", "-0", "1.5", "-3.25", "1e30", "inf", "0x1p-149", "16777217"],
  f64: ["0", "-0", "1.5", "-3.25", "1e300", "-inf", "4294967296.5", "9007199254740993"],
};

/** How exceptions are caught: the same seed gives modules that do the same, but that only legacy ones delegate. */
export type ExceptionForm = "try_table" | "legacy" | "delegating";

/**
 * The text of a module with `run`, `memory` and the globals `g_i32` to `g_f64`; with exceptions, also the tags `e0` and `e1`.
 * The same seed gives the same text.
 * @param address of the memory and the table
 */
export function randomModule(seed: number, address: "i32" | "i64" = "i32", exceptions?: ExceptionForm): string {
  return new Generator(seed, address, exceptions).module();
}

const payload: readonly Type[] = ["i32", "i64", "f64"];

class Generator {
  private state: number;
  private readonly at: "i32" | "i64";
  private labels = 0;
  /** Names of labels in scope that a branch may leave without values. */
  private readonly open: string[] = [];
  private readonly exceptions: ExceptionForm | undefined;
  /** Labels of the bodies whose exceptions are caught around here, and of handlers. */
  private readonly tries: string[] = [];
  private readonly handlers: string[] = [];
  private exceptionLocals: string[] = [];
  /** Bounds the function: what is tried holds statements, and those hold values. */
  private triesLeft = 0;

  constructor(seed: number, at: "i32" | "i64", exceptions: ExceptionForm | undefined) {
    this.exceptions = exceptions;
    this.state = Math.imul(seed, 0x9e3779b9) | 1;
    this.at = at;
  }

  module(): string {
    const functions = ["run", "f0", "f1", "f2"].map((name, i) => this.func(name, i));
    const tags =
      this.exceptions === undefined
        ? ""
        : `(tag $e0 (export "e0")) (tag $e1 (export "e1") (param ${payload.join(" ")}))`;
    return `(module ${tags} (memory (export "memory") ${this.at} 1 3) (global $fuel (mut i32) (i32.const 300))
      ${types.map((type) => `(global $${type} (export "g_${type}") (mut ${type}) (${type}.const 7))`).join("\n")}
      (type $callee (func (param i32 i64 f32 f64) (result i64)))
      (table ${this.at} 5 funcref) (elem (${this.at}.const 0) $f0 $f1 $f2)
      ${functions.join("\n")})`;
  }

  private func(name: string, rank: number): string {
    const locals = types.map((type) => `(local $${type}1 ${type}) (local $${type}2 ${type})`).join(" ");
    this.exceptionLocals = [];
    this.triesLeft = 6;
    const body = this.statements(rank === 0 ? 8 : 4);
    const result = this.value("i64", 3);
    // Every function burns fuel, so that recursion ends.
    return `(func $${name} (export "${name}") (type $callee) (param $i32 i32) (param $i64 i64) (param $f32 f32) (param $f64 f64) (result i64) ${locals} ${this.exceptionLocals.join(" ")}
      ${this.burn("(return (i64.const 99))")} ${body} ${result})`;
  }

  private burn(otherwise: string): string {
    return `(if (i32.le_s (global.get $fuel) (i32.const 0)) (then ${otherwise}))
      (global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))`;
  }

  private next(bound: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) | 0;
    return (this.state >>> 8) % bound;
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.next(list.length)] as T;
  }

  private local(type: Type): string {
    return `$${type}${this.pick(["", "1", "2"])}`;
  }

  private value(type: Type, depth: number): string {
    if (depth <= 0) return this.leaf(type);
    if (this.exceptions !== undefined && this.triesLeft > 0 && this.next(6) === 0) return this.tried(type, depth);
    const inner = (of: Type): string => this.value(of, depth - 1);
    // What traps on many operands is rare, so that most modules come to their end.
    if (this.next(60) === 0 && type === "i32") return `(i32.trunc_f64_s ${inner("f64")})`;
    switch (this.next(16)) {
      case 0:
      case 1:
        return this.leaf(type);
      case 2:
      case 3:
      case 4:
        return this.binary(type, depth);
      case 5:
        return `(${type}.${this.pick(unary[type])} ${inner(type)})`;
      case 6: {
        const [name, from] = this.pick(conversions[type]);
        return `(${type}.${name} ${inner(from)})`;
      }
      case 7:
      case 8:
        return `(${type}.${this.pick(loads[type])} ${this.memArg()} ${this.address(depth)})`;
      case 9:
        return `(select ${inner(type)} ${inner(type)} ${inner("i32")})`;
      case 10:
        return `(local.tee ${this.local(type)} ${inner(type)})`;
      case 11:
        return `(if (result ${type}) ${inner("i32")} (then ${this.statements(1)} ${inner(type)}) (else ${inner(type)}))`;
      case 12: {
        const label = `$l${this.labels++}`;
        return `(block ${label} (result ${type}) ${inner(type)} ${inner("i32")} br_if ${label} ${this.statements(1)} drop ${inner(type)})`;
      }
      case 13:
        return this.call(type, depth);
      case 14: {
        if (type !== "i32") return this.leaf(type);
        const of = this.pick(types);
        return `(i32.${"eqz"} (${of}.${this.pick(compare[of])} ${inner(of)} ${inner(of)}))`;
      }
      default:
        if (type === "i32")
          return this.asWord(this.next(8) === 0 ? `(memory.grow (${this.at}.const 1))` : "(memory.size)");
        if (type === "i64") return `(i64.reinterpret_f64 ${this.canonical("f64", inner("f64"))})`;
        return `(${type}.copysign ${inner(type)} ${this.canonical(type, inner(type))})`;
    }
  }

  private binary(type: Type, depth: number): string {
    const name = this.pick(binary[type]);
    const [a, b] = [this.value(type, depth - 1), this.value(type, depth - 1)];
    const divides = /^(div|rem)_/.test(name) && this.next(10) !== 0;
    return `(${type}.${name} ${a} ${divides ? `(${type}.or ${b} (${type}.const 2))` : b})`;
  }

  private leaf(type: Type): string {
    switch (this.next(3)) {
      case 0:
        return `(${type}.const ${this.pick(constants[type])})`;
      case 1:
        return `(global.get $${type})`;
      default:
        return `(local.get ${this.local(type)})`;
    }
  }

  private call(type: Type, depth: number): string {
    const args = types.map((each) => this.value(each, depth - 2)).join(" ");
    const result =
      this.next(3) === 0
        ? `(call_indirect (type $callee) ${args} (${this.at}.and ${this.value(this.at, depth - 2)} (${this.at}.const ${this.pick([1, 3, 7])})))`
        : `(call $${this.pick(["f0", "f1", "f2"])} ${args})`;
    if (type === "i64") return result;
    return type === "i32" ? `(i32.wrap_i64 ${result})` : `(${type}.convert_i64_s ${result})`;
  }

  private memArg(): string {
    return this.pick(["", "", "offset=1", "offset=8", "offset=65000", this.next(8) === 0 ? "offset=65528" : ""]);
  }

  /** Mostly inside the first page, sometimes over its edge. */
  private address(depth: number): string {
    const { at } = this;
    return `(${at}.and ${this.value(at, depth - 2)} (${at}.const ${this.pick(["0xff", "0xff", "0x1ff", "0xff8", this.next(6) === 0 ? "-1" : "0xfe"])}))`;
  }

  private asWord(size: string): string {
    return this.at === "i32" ? size : `(i32.wrap_i64 ${size})`;
  }

  private canonical(type: "f32" | "f64", value: string): string {
    const name = `$${type}1`;
    return `(select (${type}.const nan) (local.tee ${name} ${value}) (${type}.ne (local.get ${name}) (local.get ${name})))`;
  }

  private statements(count: number): string {
    return Array.from({ length: 1 + this.next(count) }, () => this.statement()).join("\n");
  }

  private statement(): string {
    const type = this.pick(types);
    if (this.exceptions !== undefined && this.next(6) === 0) return this.throwing();
    const value = this.value(type, 3);
    switch (this.next(9)) {
      case 0:
      case 1:
        return `(local.set ${this.local(type)} ${value})`;
      case 2:
        return `(global.set $${type} ${value})`;
      case 3:
      case 4: {
        const stored = type === "f32" || type === "f64" ? this.canonical(type, value) : value;
        return `(${type}.${this.pick(stores[type])} ${this.memArg()} ${this.address(3)} ${stored})`;
      }
      case 5:
        return `(drop ${value})`;
      case 6:
        return this.table();
      case 7:
        return this.loop();
      default:
        return this.open.length === 0 ? "(nop)" : `(br_if ${this.pick(this.open)} ${this.value("i32", 2)})`;
    }
  }

  private loop(): string {
    const [exit, again] = [`$l${this.labels++}`, `$l${this.labels++}`];
    this.open.push(exit);
    const body = this.statements(2);
    this.open.pop();
    return `(block ${exit} (loop ${again} ${this.burn(`(br ${exit})`)} ${body} (br_if ${again} ${this.value("i32", 2)})))`;
  }

  private throwing(): string {
    const handler = this.handlers.length === 0 || this.next(2) === 0 ? undefined : this.pick(this.handlers);
    const values = payload.map((type) => this.value(type, 1));
    const condition = `(i32.eqz (i32.and ${this.value("i32", 2)} (i32.const ${this.pick([0, 1, 3])})))`;
    const thrown = this.next(3) === 0 ? "(throw $e0)" : `(throw $e1 ${values.join(" ")})`;
    const again = this.exceptions === "try_table" ? `(throw_ref (local.get ${handler}))` : `rethrow ${handler}`;
    return `(if ${condition} (then ${handler === undefined ? thrown : again}))`;
  }

  /** A value, or what one of the handlers gives. */
  private tried(type: Type, depth: number): string {
    const label = `$t${this.labels++}`;
    this.triesLeft--;
    const delegates = this.exceptions === "delegating" && this.tries.length > 0 && this.next(3) === 0;
    const target = delegates ? this.pick(this.tries) : "";
    this.tries.push(label);
    const body = `${this.statements(2)} ${this.value(type, depth - 1)}`;
    this.tries.pop();
    if (delegates) return `(block (result ${type}) try ${label} (result ${type}) ${body} delegate ${target})`;
    const catchesAll = this.next(2) === 0;
    this.handlers.push(label);
    const [first, second, third] = [0, 1, 2].map(() => `${this.statements(2)} ${this.value(type, depth - 1)}`);
    this.handlers.pop();
    const taken = [...payload].reverse().map((each) => `local.set ${this.local(each)}`);
    if (this.exceptions !== "try_table")
      return `(block (result ${type}) try ${label} (result ${type}) ${body} catch $e1 ${taken.join(" ")} ${first}
        catch $e0 ${second} ${catchesAll ? `catch_all ${third}` : ""} end)`;
    this.exceptionLocals.push(`(local ${label} exnref)`);
    const [out, one, zero, all] = ["out", "one", "zero", "all"].map((name) => `${label}_${name}`);
    const clauses = `(catch_ref $e1 ${one}) (catch_ref $e0 ${zero}) ${catchesAll ? `(catch_all_ref ${all})` : ""}`;
    return `(block ${out} (result ${type})
      (block ${all} (result exnref) (block ${zero} (result exnref) (block ${one} (result ${payload.join(" ")} exnref)
        (br ${out} (try_table (result ${type}) ${clauses} ${body})))
        local.set ${label} ${taken.join(" ")} ${first} br ${out})
        local.set ${label} ${second} br ${out})
      local.set ${label} ${third})`;
  }

  private table(): string {
    const labels = Array.from({ length: 2 + this.next(3) }, () => `$l${this.labels++}`);
    let code = `(br_table ${labels.join(" ")} ${this.pick(labels)} (i32.and ${this.value("i32", 2)} (i32.const 7)))`;
    for (const label of labels) code = `(block ${label} ${code}) (global.set $i32 ${this.value("i32", 1)})`;
    return code;
  }
}
