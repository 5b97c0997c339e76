// Makes random modules that compute with vectors: locals of every use in loops and branches, memory, calls and globals.
// Where the specification leaves the bits of a NaN open, they are made canonical before anything can see them.
import { RandomMaker } from "./random-maker.ts";

const integers = ["i8x16", "i16x8", "i32x4", "i64x2"] as const;
const floats = ["f32x4", "f64x2"] as const;
const locals = ["$a", "$b", "$c", "$d", "$p"];
const canonical: Readonly<Record<string, string>> = {
  f32x4: "i32x4 0x7fc00000 0x7fc00000 0x7fc00000 0x7fc00000",
  f64x2: "i64x2 0x7ff8000000000000 0x7ff8000000000000",
};
const smallBinary = "add sub eq lt_u ge_s min_s max_u avgr_u add_sat_s sub_sat_u".split(" ");
const binary: Readonly<Record<string, readonly string[]>> = {
  i8x16: [...smallBinary, "swizzle", "narrow_i16x8_s"],
  i16x8: [...smallBinary, "mul", "q15mulr_sat_s", "extmul_low_i8x16_s", "narrow_i32x4_u"],
  i32x4: "add sub mul eq lt_u ge_s min_s max_u dot_i16x8_s extmul_high_i16x8_u".split(" "),
  i64x2: "add sub mul eq lt_s ge_s extmul_low_i32x4_s".split(" "),
};
const unary: Readonly<Record<string, readonly string[]>> = {
  i8x16: ["abs", "neg", "popcnt"],
  i16x8: ["abs", "neg", "extend_low_i8x16_s", "extadd_pairwise_i8x16_u"],
  i32x4: ["abs", "neg", "extend_high_i16x8_u", "trunc_sat_f32x4_s", "trunc_sat_f64x2_u_zero"],
  i64x2: ["abs", "neg", "extend_high_i32x4_u"],
};

export function randomVectorModule(seed: number): string {
  return new Maker(seed).module();
}

class Maker extends RandomMaker {
  private canCall = false;

  module(): string {
    const declared =
      "(local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $t v128) (local $n0 i32) (local $n1 i32)";
    const callee = this.statements(4);
    const result = this.vector(3);
    this.canCall = true;
    const main = this.statements(12);
    return `(module (memory (export "memory") 1) (global $g (mut v128) (v128.const i32x4 1 2 3 4))
      (func $callee (param $p v128) (param $s i32) (result v128) ${declared} ${callee} ${result})
      (func (export "run") (param $s i32) (local $p v128) ${declared} ${main}
        ${locals.map((local, i) => `(v128.store offset=${i * 16} (i32.const 0) (local.get ${local}))`).join(" ")}))`;
  }

  protected statement(): string {
    switch (this.below(this.depth < 2 ? 9 : 6)) {
      case 0:
      case 1:
      case 2:
        return `(local.set ${this.pick(locals)} ${this.vector(3)})`;
      case 3:
        return `(v128.store offset=${128 + this.below(64)} ${this.address()} ${this.vector(3)})`;
      case 4:
        return this.storeLane();
      case 5:
        return `(global.set $g ${this.vector(2)})`;
      case 6:
        return this.choice(this.word());
      default:
        return this.loop(4);
    }
  }

  private storeLane(): string {
    const offset = `offset=${128 + this.below(64)}`;
    const place = `${offset} ${this.address()}`;
    switch (this.below(4)) {
      case 0:
        return `(f32.store ${place} (f32x4.extract_lane ${this.below(4)} ${this.vector(2)}))`;
      case 1:
        return `(i64.store ${place} (i64x2.extract_lane ${this.below(2)} ${this.vector(2)}))`;
      case 2:
        return `(v128.store16_lane ${offset} ${this.below(8)} ${this.address()} ${this.vector(2)})`;
      default:
        return `(i32.store ${place} ${this.word()})`;
    }
  }

  private address(): string {
    return `(i32.and ${this.word()} (i32.const 255))`;
  }

  private word(): string {
    switch (this.below(5)) {
      case 0:
        return `(i32.const ${this.below(1000) - 500})`;
      case 1:
        return "(local.get $s)";
      case 2:
        return `(${this.pick(integers)}.bitmask ${this.vector(1)})`;
      case 3:
        return `(i8x16.extract_lane_s ${this.below(16)} ${this.vector(1)})`;
      default:
        return `(${this.pick(integers)}.all_true ${this.vector(1)})`;
    }
  }

  private vector(depth: number): string {
    if (depth === 0 || this.below(8) === 0) return this.leaf();
    const inner = (): string => this.vector(depth - 1);
    const lanes = this.pick(integers);
    switch (this.below(14)) {
      case 0:
      case 1:
        return `(${lanes}.${this.pick(binary[lanes] ?? [])} ${inner()} ${inner()})`;
      case 2:
        return `(${lanes}.${this.pick(unary[lanes] ?? [])} ${inner()})`;
      case 3:
        return `(${lanes}.${this.pick(["shl", "shr_s", "shr_u"])} ${inner()} ${this.word()})`;
      case 4:
        return `(v128.bitselect ${inner()} ${inner()} ${inner()})`;
      case 5:
        return `(v128.${this.pick(["and", "andnot", "or", "xor"])} ${inner()} ${inner()})`;
      case 6:
        return this.shuffle(inner);
      case 7:
        return `(select ${inner()} ${inner()} ${this.word()})`;
      case 8:
        return `(f32x4.replace_lane ${this.below(4)} ${inner()} (f32x4.extract_lane ${this.below(4)} ${inner()}))`;
      case 9: {
        const float = this.pick(floats);
        return `(${float}.${this.pick(["eq", "lt", "ge", "pmin", "pmax"])} ${inner()} ${inner()})`;
      }
      case 10:
        return `(${this.pick(floats)}.${this.pick(["abs", "neg"])} ${inner()})`;
      default: {
        const float = this.pick(floats);
        const value = this.float(float, depth);
        return `(v128.bitselect (local.tee $t ${value}) (v128.const ${canonical[float]}) (${float}.eq (local.get $t) (local.get $t)))`;
      }
    }
  }

  /** Arithmetic, whose NaNs may have any bits. */
  private float(lanes: (typeof floats)[number], depth: number): string {
    if (depth === 0) return this.leaf();
    const inner = (): string => this.float(lanes, depth - 1);
    switch (this.below(5)) {
      case 0:
      case 1:
        return `(${lanes}.${this.pick(["add", "sub", "mul", "div", "min", "max"])} ${inner()} ${inner()})`;
      case 2:
        return `(${lanes}.${this.pick(["sqrt", "floor", "nearest"])} ${inner()})`;
      case 3:
        return lanes === "f32x4"
          ? `(f32x4.convert_i32x4_s ${this.leaf()})`
          : `(f64x2.promote_low_f32x4 ${this.leaf()})`;
      default:
        return `(${lanes}.mul ${this.leaf()} ${inner()})`;
    }
  }

  private shuffle(inner: () => string): string {
    const bytes = this.pick([1, 4, 8]);
    const lanes = Array.from({ length: 16 / bytes }, () => this.below(32 / bytes));
    const all = lanes.flatMap((lane) => Array.from({ length: bytes }, (_, i) => lane * bytes + i));
    return `(i8x16.shuffle ${all.join(" ")} ${inner()} ${inner()})`;
  }

  private leaf(): string {
    switch (this.below(this.canCall ? 9 : 8)) {
      case 0:
        return `(v128.const i32x4 ${[0, 0, 0, 0].map(() => this.below(0xffffffff)).join(" ")})`;
      case 1:
        return `(v128.const f32x4 ${[0, 0, 0, 0].map(() => this.pick(["1.5", "-2", "0.1", "inf", "nan", "1e10"])).join(" ")})`;
      case 2:
        return `(${this.pick(["v128.load", "v128.load8x8_s", "v128.load32_splat", "v128.load64_zero"])} offset=128 (i32.and (local.get $s) (i32.const 127)))`;
      case 3:
        return "(global.get $g)";
      case 8:
        return `(call $callee (local.get ${this.pick(locals)}) (local.get $s))`;
      default:
        return `(local.get ${this.pick(locals)})`;
    }
  }
}
