// Makes random modules of structures, arrays and casts: hierarchies of types with fields of every kind, objects of all of them
// in variables, fields and elements, read and written behind tests and casts, which now and then fail.
import { RandomMaker } from "./random-maker.ts";

const kinds = ["i32", "i8", "i16", "i64", "f32", "f64", "anyref", "$s"] as const;
type Kind = (typeof kinds)[number];

/** What references of a kind are declared as. */
const storage = (kind: Kind): string => (kind === "$s" ? "(ref null $s0)" : kind);
const arrays: readonly Kind[] = ["i8", "i16", "i32", "i64", "f32", "f64", "anyref", "$s"];
const anyLocals = ["$x", "$y", "$z"];
const objectLocals = ["$s", "$t"];

interface StructType {
  readonly fields: readonly Kind[];
  readonly above: number | undefined;
}

export function randomObjectModule(seed: number): string {
  return new Maker(seed).module();
}

class Maker extends RandomMaker {
  private readonly structs: StructType[] = [];
  private canCall = false;

  module(): string {
    for (let i = 0; i < 4 + this.below(6); i++) this.structs.push(this.structType(i));
    const types = this.structs.map(({ fields, above }, i) => {
      const text = fields.map((kind) => `(field (mut ${storage(kind)}))`).join(" ");
      return `(type $s${i} (sub ${above === undefined ? "" : `$s${above}`} (struct ${text})))`;
    });
    const arrayTypes = arrays.map((kind) => `(type ${arrayName(kind)} (array (mut ${storage(kind)})))`);
    const declared = `(local $x anyref) (local $y anyref) (local $z anyref) (local $s (ref null $s0)) (local $t (ref null $s0))
      (local $sum i32) ${[0, 1, 2].map((i) => `(local $n${i} i32)`).join(" ")}`;
    const signature = "(param $this (ref null $s0)) (param $n i32) (result i32)";
    const method = this.statements(4);
    const other = this.statements(3);
    this.canCall = true;
    const main = this.statements(14);
    return `(module
      (rec ${types.join("\n")} ${arrayTypes.join("\n")} (type $method (func ${signature})))
      (elem declare func $method0 $method1)
      (global $kept (mut anyref) (ref.null any))
      (global $object (mut (ref null $s0)) (ref.null $s0))
      (func $method0 (type $method) ${signature} ${declared} (local.set $s (local.get $this)) ${method} (local.get $sum))
      (func $method1 (type $method) ${signature} ${declared} (local.set $t (local.get $this)) ${other} (local.get $sum))
      (func (export "run") (param $n i32) (result i32) (local $this (ref null $s0)) ${declared} ${main} (local.get $sum)))`;
  }

  /** The first has nothing above it, others mostly have. */
  private structType(i: number): StructType {
    const above = i === 0 || this.below(6) === 0 ? undefined : this.below(i);
    const inherited = above === undefined ? [] : (this.structs[above] as StructType).fields;
    const own = Array.from({ length: this.below(4) + (i === 0 ? 1 : 0) }, () => this.pick(kinds));
    return { fields: [...inherited, ...own], above };
  }

  private isBelowFirst(i: number): boolean {
    for (let at: number | undefined = i; at !== undefined; at = this.structs[at]?.above) if (at === 0) return true;
    return false;
  }

  protected statement(): string {
    switch (this.below(this.depth < 2 ? 13 : 10)) {
      case 0:
      case 1:
        return `(local.set ${this.pick(anyLocals)} ${this.any(2)})`;
      case 2:
        return `(local.set ${this.pick(objectLocals)} ${this.object(2)})`;
      case 3:
        return this.below(2) === 0 ? `(global.set $kept ${this.any(1)})` : `(global.set $object ${this.object(1)})`;
      case 4:
      case 5:
      case 6:
        return this.withStruct();
      case 7:
        return this.withArray();
      case 8:
        return this.branch();
      case 9:
        return this.add(this.word(2));
      case 10:
        return this.choice(this.word(1));
      default:
        return this.loop(5);
    }
  }

  private add(word: string): string {
    return `(local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) ${word}))`;
  }

  /** Reads and writes fields of a variable's object, mostly where it is known to be one of that type. */
  private withStruct(): string {
    const i = this.below(this.structs.length);
    const variable = this.pick(this.isBelowFirst(i) ? [...anyLocals, ...objectLocals] : anyLocals);
    const cast = `(ref.cast (ref $s${i}) (local.get ${variable}))`;
    const uses = Array.from({ length: 1 + this.below(3) }, () => this.fieldUse(i, cast)).join(" ");
    if (this.below(40) === 0) return uses;
    const nullable = this.below(4) === 0 ? " null" : "";
    const test = `(ref.test (ref${nullable} $s${i}) (local.get ${variable}))`;
    const guard = nullable === "" ? test : `(i32.and ${test} (i32.eqz (ref.is_null (local.get ${variable}))))`;
    return `(if ${guard} (then ${uses}) (else ${this.add("(i32.const 7)")}))`;
  }

  private fieldUse(i: number, cast: string): string {
    const { fields } = this.structs[i] as StructType;
    if (fields.length === 0) return `(drop ${cast})`;
    const field = this.below(fields.length);
    const kind = fields[field] as Kind;
    if (this.below(2) === 0) return `(struct.set $s${i} ${field} ${cast} ${this.value(kind, 1)})`;
    return this.add(this.hashOf(kind, (sign) => `(struct.get${sign} $s${i} ${field} ${cast})`));
  }

  private withArray(): string {
    const kind = this.pick(arrays);
    const name = arrayName(kind);
    const variable = this.pick(anyLocals);
    const cast = `(ref.cast (ref ${name}) (local.get ${variable}))`;
    const index = `(i32.rem_u ${this.word(1)} (i32.add (array.len ${cast}) (i32.const ${this.below(30) === 0 ? 1 : 0})))`;
    const uses = [
      this.add(`(array.len ${cast})`),
      this.add(this.hashOf(kind, (sign) => `(array.get${sign} ${name} ${cast} ${index})`)),
      `(array.set ${name} ${cast} ${index} ${this.value(kind, 1)})`,
      `(array.fill ${name} ${cast} (i32.const 0) ${this.value(kind, 1)} (i32.shr_u (array.len ${cast}) (i32.const 1)))`,
      `(array.copy ${name} ${name} ${cast} (i32.const 1) ${cast} (i32.const 0) (i32.sub (array.len ${cast}) (i32.const 1)))`,
    ];
    return `(if (ref.test (ref ${name}) (local.get ${variable})) (then ${this.pick(uses)}))`;
  }

  private branch(): string {
    const i = this.below(this.structs.length);
    const from = `(local.get ${this.pick(anyLocals)})`;
    const on =
      this.below(2) === 0
        ? `(block $is (result (ref $s${i})) (drop (br_on_cast $is anyref (ref $s${i}) ${from})) (br $out))`
        : `(block $is (result (ref $s${i})) (drop (block $not (result anyref) (br $is (br_on_cast_fail $not anyref (ref $s${i}) ${from})))) (br $out))`;
    return `(block $out (local.set ${this.pick(anyLocals)} ${on}) ${this.add(`(i32.const ${this.below(99)})`)})`;
  }

  /** A number that tells values apart. */
  private hashOf(kind: Kind, get: (sign: string) => string): string {
    switch (kind) {
      case "i8":
      case "i16":
        return get(this.pick(["_s", "_u"]));
      case "i32":
        return get("");
      case "i64":
        return `(i32.wrap_i64 (i64.xor ${get("")} (i64.shr_u ${get("")} (i64.const 32))))`;
      case "f32":
        return `(i32.reinterpret_f32 ${get("")})`;
      case "f64":
        return `(i32.wrap_i64 (i64.rotl (i64.reinterpret_f64 ${get("")}) (i64.const 21)))`;
      default:
        return this.whatIs(get(""));
    }
  }

  private whatIs(reference: string): string {
    const i = this.below(this.structs.length);
    return this.pick([
      `(ref.is_null ${reference})`,
      `(ref.test (ref i31) ${reference})`,
      `(ref.test (ref array) ${reference})`,
      `(ref.test (ref null struct) ${reference})`,
      `(ref.test (ref $s${i}) ${reference})`,
    ]);
  }

  private value(kind: Kind, depth: number): string {
    switch (kind) {
      case "i64":
        return `(i64.mul (i64.extend_i32_s ${this.word(depth)}) (i64.const 0x${(this.below(0x7fffffff) + 1).toString(16)}7))`;
      case "f32":
        return `(f32.convert_i32_s ${this.word(depth)})`;
      case "f64":
        return `(f64.div (f64.convert_i32_s ${this.word(depth)}) (f64.const 3))`;
      case "anyref":
        return this.any(depth);
      case "$s":
        return this.object(depth);
      default:
        return this.word(depth);
    }
  }

  private word(depth: number): string {
    if (depth === 0) return this.pick(["(local.get $n)", "(local.get $sum)", `(i32.const ${this.below(400) - 150})`]);
    switch (this.below(this.canCall ? 8 : 6)) {
      case 0:
        return `(i32.add ${this.word(depth - 1)} ${this.word(depth - 1)})`;
      case 1:
        return `(i32.xor ${this.word(depth - 1)} (i32.const 0x55aa1))`;
      case 2:
        return this.whatIs(`(local.get ${this.pick(anyLocals)})`);
      case 3:
        return `(ref.eq (local.get ${this.pick(objectLocals)}) (local.get ${this.pick(objectLocals)}))`;
      case 6:
        return `(call $method0 (local.get ${this.pick(objectLocals)}) ${this.word(depth - 1)})`;
      case 7:
        return `(call_ref $method (local.get ${this.pick(objectLocals)}) ${this.word(depth - 1)} (select (result (ref $method)) (ref.func $method0) (ref.func $method1) ${this.word(depth - 1)}))`;
      default:
        return this.word(0);
    }
  }

  private any(depth: number): string {
    if (depth === 0) return `(local.get ${this.pick([...anyLocals, ...objectLocals])})`;
    switch (this.below(8)) {
      case 0:
        return `(ref.i31 ${this.word(1)})`;
      case 1:
        return this.pick(["(global.get $kept)", "(global.get $object)", "(ref.null none)"]);
      case 2:
      case 3:
        return this.array(depth - 1);
      case 4:
        return this.any(0);
      default:
        return this.struct(this.below(this.structs.length), depth - 1);
    }
  }

  private array(depth: number): string {
    const kind = this.pick(arrays);
    const name = arrayName(kind);
    const length = `(i32.const ${1 + this.below(9)})`;
    switch (this.below(3)) {
      case 0:
        return `(array.new_default ${name} ${length})`;
      case 1:
        return `(array.new ${name} ${this.value(kind, depth)} ${length})`;
      default:
        return `(array.new_fixed ${name} 3 ${[0, 1, 2].map(() => this.value(kind, depth)).join(" ")})`;
    }
  }

  private struct(i: number, depth: number): string {
    const { fields } = this.structs[i] as StructType;
    if (this.below(5) === 0) return `(struct.new_default $s${i})`;
    return `(struct.new $s${i} ${fields.map((kind) => this.value(kind, depth)).join(" ")})`;
  }

  /** Of the first type, or of one below it. */
  private object(depth: number): string {
    if (depth === 0 || this.below(4) === 0)
      return this.pick([`(local.get ${this.pick(objectLocals)})`, "(global.get $object)", "(ref.null $s0)"]);
    const below = this.structs.map((_, i) => i).filter((i) => this.isBelowFirst(i));
    return this.struct(this.pick(below), depth - 1);
  }
}

function arrayName(kind: Kind): string {
  return `$a_${kind.replace("$", "")}`;
}
