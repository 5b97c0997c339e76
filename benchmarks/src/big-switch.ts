// A bytecode interpreter in one function with 256 opcodes: what SQLite's, QuickJS's and CPython's main loops are to an
// engine. As JavaScript it is larger than V8 optimizes (61,440 bytes of bytecode).

const opcodes = 256;
const registers = 8;
const programLength = 64;

/** Registers are locals; an instruction is a byte. `run` executes `$n` instructions of a program of `programLength`. */
export function bigSwitch(): string {
  const blocks = Array.from({ length: opcodes }, (_, opcode) => `(block $op${opcode}`).reverse();
  const targets = Array.from({ length: opcodes }, (_, opcode) => `$op${opcode}`);
  const cases = Array.from({ length: opcodes }, (_, opcode) => `) ${body(opcode)} (br $next)`);
  const locals = Array.from({ length: registers }, (_, i) => `(local $r${i} i32)`);
  return `(module (memory 1)
    (data (i32.const 0) "${program()}")
    (func (export "run") (param $n i32) (result i32) (local $pc i32) ${locals.join(" ")}
      (block $done
        (loop $next
          (br_if $done (i32.eqz (local.get $n)))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (local.set $pc (i32.and (i32.add (local.get $pc) (i32.const 1)) (i32.const ${programLength - 1})))
          ${blocks.join(" ")}
            (br_table ${targets.join(" ")} (i32.load8_u (local.get $pc)))
          ${cases.join("\n")}))
      ${Array.from({ length: registers }, (_, i) => `(local.get $r${i})`).reduce((sum, each) => `(i32.xor ${sum} ${each})`)}))`;
}

/** Some arithmetic between registers and memory, different for each opcode. */
function body(opcode: number): string {
  const register = (step: number): string => `$r${(opcode * 7 + step * 3) % registers}`;
  const address = (step: number): string =>
    `(i32.add (i32.const 1024) (i32.and (local.get ${register(step)}) (i32.const 4092)))`;
  const lines: string[] = [];
  for (let step = 0; step < 6; step++) {
    lines.push(
      `(local.set ${register(step)} (i32.add (i32.mul (local.get ${register(step + 1)}) (i32.const ${opcode * 2 + 3}))
         (i32.rotl (i32.add (local.get ${register(step + 2)}) (i32.const ${opcode + 1})) (i32.const ${(opcode + step) % 31}))))`,
      `(i32.store offset=${step * 4} ${address(step)} (local.get ${register(step)}))`,
      `(local.set ${register(step + 1)} (i32.xor (local.get ${register(step + 1)})
         (i32.load offset=${(opcode % 16) * 4} ${address(step + 3)})))`,
    );
  }
  return lines.join(" ");
}

/** A fixed program that uses a quarter of the opcodes. */
function program(): string {
  return Array.from(
    { length: programLength },
    (_, i) => `\\${((i * 37 + 11) % opcodes).toString(16).padStart(2, "0")}`,
  ).join("");
}
