// A stack machine with 43 opcodes in one dense switch, its code and operand stack in memory; it runs a loop n times.
// Stresses br_table in a hot loop with many merging paths and memory traffic for every operand.
const CODE: usize = memory.data(1024);
const STACK: usize = memory.data(1024);
const LOCALS: usize = memory.data(16 * 4);
const MEMORY: usize = memory.data(256 * 4);

const enum Op {
  Halt, Push, PushByte, Get, Set, Tee, Dup, Drop, Swap, Over,
  Add, Sub, Mul, DivU, RemU, And, Or, Xor, Shl, Shr, ShrU, Rotl,
  Neg, Not, Inc, Dec, Clz, Popcnt, Eq, Ne, Lt, Le, Gt, Ge, LtU, EqZ,
  Jump, JumpZero, JumpNonZero, Call, Return, Fetch, Store,
}

let here: usize = 0;

function op(code: i32): void {
  store<u8>(here, code);
  here++;
}

function opByte(code: i32, operand: i32): void {
  op(code);
  store<u8>(here, operand);
  here++;
}

function opWord(code: i32, operand: i32): void {
  op(code);
  store<i32>(here, operand);
  here += 4;
}

// A jump or call; returns the place of its target, to be patched when the target is not known yet.
function opJump(code: i32, target: usize): usize {
  op(code);
  store<u16>(here, <i32>(target - CODE));
  here += 2;
  return here - 2;
}

function patch(place: usize): void {
  store<u16>(place, <i32>(here - CODE));
}

// Locals: 0 counter, 1 random state, 2 hash, 3 and 4 temporaries.
function assemble(n: i32): void {
  here = CODE;
  const start = opJump(Op.Jump, CODE);

  // A routine that replaces the top of the stack by a mixed value of it.
  const mix = here;
  op(Op.Dup);
  opByte(Op.PushByte, 15);
  op(Op.ShrU);
  op(Op.Xor);
  opWord(Op.Push, 739982445);
  op(Op.Mul);
  op(Op.Dup);
  opByte(Op.PushByte, 12);
  op(Op.Shr);
  op(Op.Over);
  op(Op.Clz);
  op(Op.Add);
  op(Op.Xor);
  op(Op.Return);

  patch(start);
  opWord(Op.Push, n);
  opByte(Op.Set, 0);
  opWord(Op.Push, 305419896);
  opByte(Op.Set, 1);
  opByte(Op.PushByte, 0);
  opByte(Op.Set, 2);

  const loop = here;
  // state = state * 1664525 + 1013904223; t = state >>> 8
  opByte(Op.Get, 1);
  opWord(Op.Push, 1664525);
  op(Op.Mul);
  opWord(Op.Push, 1013904223);
  op(Op.Add);
  opByte(Op.Tee, 1);
  opByte(Op.PushByte, 8);
  op(Op.ShrU);
  opByte(Op.Set, 3);
  // if (t % 3 == 0) hash = hash + mix(t); else hash = rotl(hash, 5) ^ ~(t / 7)
  opByte(Op.Get, 3);
  opByte(Op.PushByte, 3);
  op(Op.RemU);
  const otherwise = opJump(Op.JumpNonZero, CODE);
  opByte(Op.Get, 2);
  opByte(Op.Get, 3);
  opJump(Op.Call, mix);
  op(Op.Add);
  opByte(Op.Set, 2);
  const after = opJump(Op.Jump, CODE);
  patch(otherwise);
  opByte(Op.Get, 2);
  opByte(Op.PushByte, 5);
  op(Op.Rotl);
  opByte(Op.Get, 3);
  opByte(Op.PushByte, 7);
  op(Op.DivU);
  op(Op.Not);
  op(Op.Xor);
  opByte(Op.Set, 2);
  patch(after);
  // memory[t & 255] = (memory[t & 255] | 1) + popcnt(hash)
  opByte(Op.Get, 3);
  opByte(Op.PushByte, 255);
  op(Op.And);
  op(Op.Dup);
  op(Op.Fetch);
  opByte(Op.PushByte, 1);
  op(Op.Or);
  opByte(Op.Get, 2);
  op(Op.Popcnt);
  op(Op.Add);
  op(Op.Store);
  // hash = hash * 3 + comparisons of (t << 9) with hash, summed
  opByte(Op.Get, 2);
  opByte(Op.Get, 3);
  opByte(Op.PushByte, 9);
  op(Op.Shl);
  opByte(Op.Tee, 4);
  op(Op.Lt);
  opByte(Op.Get, 2);
  opByte(Op.Get, 4);
  op(Op.LtU);
  op(Op.Add);
  opByte(Op.Get, 2);
  opByte(Op.Get, 4);
  op(Op.Ge);
  op(Op.Inc);
  op(Op.Mul);
  opByte(Op.Get, 2);
  opByte(Op.Get, 1);
  op(Op.Gt);
  opByte(Op.Get, 4);
  opByte(Op.Get, 1);
  op(Op.Le);
  op(Op.Ne);
  op(Op.Sub);
  op(Op.Neg);
  opByte(Op.Get, 2);
  op(Op.Dup);
  op(Op.Dup);
  op(Op.Add);
  op(Op.Add);
  op(Op.Swap);
  op(Op.Sub);
  opByte(Op.Set, 2);
  // if ((t & 15) == 9) drop something, else nothing
  opByte(Op.Get, 3);
  opByte(Op.PushByte, 15);
  op(Op.And);
  opByte(Op.PushByte, 9);
  op(Op.Eq);
  const skip = opJump(Op.JumpZero, CODE);
  opByte(Op.Get, 2);
  opByte(Op.Get, 3);
  op(Op.EqZ);
  op(Op.Drop);
  op(Op.Inc);
  opByte(Op.Set, 2);
  patch(skip);
  // while (--counter != 0)
  opByte(Op.Get, 0);
  op(Op.Dec);
  opByte(Op.Tee, 0);
  opJump(Op.JumpNonZero, loop);
  opByte(Op.Get, 2);
  op(Op.Halt);
}

@inline
function local(pc: usize): usize {
  return LOCALS + (<usize>load<u8>(pc) << 2);
}

// The stack grows upwards; sp is the address of its top element.
function interpret(): i32 {
  let pc = CODE;
  let sp = STACK;
  while (true) {
    const code = <i32>load<u8>(pc);
    pc++;
    switch (code) {
      case Op.Halt: return load<i32>(sp);
      case Op.Push: {
        sp += 4;
        store<i32>(sp, load<i32>(pc));
        pc += 4;
        break;
      }
      case Op.PushByte: {
        sp += 4;
        store<i32>(sp, <i32>load<u8>(pc));
        pc++;
        break;
      }
      case Op.Get: {
        sp += 4;
        store<i32>(sp, load<i32>(local(pc)));
        pc++;
        break;
      }
      case Op.Set: {
        store<i32>(local(pc), load<i32>(sp));
        sp -= 4;
        pc++;
        break;
      }
      case Op.Tee: {
        store<i32>(local(pc), load<i32>(sp));
        pc++;
        break;
      }
      case Op.Dup: {
        sp += 4;
        store<i32>(sp, load<i32>(sp - 4));
        break;
      }
      case Op.Drop: {
        sp -= 4;
        break;
      }
      case Op.Swap: {
        const t = load<i32>(sp);
        store<i32>(sp, load<i32>(sp - 4));
        store<i32>(sp - 4, t);
        break;
      }
      case Op.Over: {
        sp += 4;
        store<i32>(sp, load<i32>(sp - 8));
        break;
      }
      case Op.Add: {
        sp -= 4;
        store<i32>(sp, load<i32>(sp) + load<i32>(sp, 4));
        break;
      }
      case Op.Sub: {
        sp -= 4;
        store<i32>(sp, load<i32>(sp) - load<i32>(sp, 4));
        break;
      }
      case Op.Mul: {
        sp -= 4;
        store<i32>(sp, load<i32>(sp) * load<i32>(sp, 4));
        break;
      }
      case Op.DivU: {
        sp -= 4;
        store<u32>(sp, load<u32>(sp) / load<u32>(sp, 4));
        break;
      }
      case Op.RemU: {
        sp -= 4;
        store<u32>(sp, load<u32>(sp) % load<u32>(sp, 4));
        break;
      }
      case Op.And: {
        sp -= 4;
        store<i32>(sp, load<i32>(sp) & load<i32>(sp, 4));
        break;
      }
      case Op.Or: {
        sp -= 4;
        store<i32>(sp, load<i32>(sp) | load<i32>(sp, 4));
        break;
      }
      case Op.Xor: {
        sp -= 4;
        store<i32>(sp, load<i32>(sp) ^ load<i32>(sp, 4));
        break;
      }
      case Op.Shl: {
        sp -= 4;
        store<i32>(sp, load<i32>(sp) << load<i32>(sp, 4));
        break;
      }
      case Op.Shr: {
        sp -= 4;
        store<i32>(sp, load<i32>(sp) >> load<i32>(sp, 4));
        break;
      }
      case Op.ShrU: {
        sp -= 4;
        store<u32>(sp, load<u32>(sp) >>> load<u32>(sp, 4));
        break;
      }
      case Op.Rotl: {
        sp -= 4;
        store<i32>(sp, rotl<i32>(load<i32>(sp), load<i32>(sp, 4)));
        break;
      }
      case Op.Neg: {
        store<i32>(sp, -load<i32>(sp));
        break;
      }
      case Op.Not: {
        store<i32>(sp, ~load<i32>(sp));
        break;
      }
      case Op.Inc: {
        store<i32>(sp, load<i32>(sp) + 1);
        break;
      }
      case Op.Dec: {
        store<i32>(sp, load<i32>(sp) - 1);
        break;
      }
      case Op.Clz: {
        store<i32>(sp, clz<i32>(load<i32>(sp)));
        break;
      }
      case Op.Popcnt: {
        store<i32>(sp, popcnt<i32>(load<i32>(sp)));
        break;
      }
      case Op.Eq: {
        sp -= 4;
        store<i32>(sp, <i32>(load<i32>(sp) == load<i32>(sp, 4)));
        break;
      }
      case Op.Ne: {
        sp -= 4;
        store<i32>(sp, <i32>(load<i32>(sp) != load<i32>(sp, 4)));
        break;
      }
      case Op.Lt: {
        sp -= 4;
        store<i32>(sp, <i32>(load<i32>(sp) < load<i32>(sp, 4)));
        break;
      }
      case Op.Le: {
        sp -= 4;
        store<i32>(sp, <i32>(load<i32>(sp) <= load<i32>(sp, 4)));
        break;
      }
      case Op.Gt: {
        sp -= 4;
        store<i32>(sp, <i32>(load<i32>(sp) > load<i32>(sp, 4)));
        break;
      }
      case Op.Ge: {
        sp -= 4;
        store<i32>(sp, <i32>(load<i32>(sp) >= load<i32>(sp, 4)));
        break;
      }
      case Op.LtU: {
        sp -= 4;
        store<i32>(sp, <i32>(load<u32>(sp) < load<u32>(sp, 4)));
        break;
      }
      case Op.EqZ: {
        store<i32>(sp, <i32>(load<i32>(sp) == 0));
        break;
      }
      case Op.Jump: {
        pc = CODE + <usize>load<u16>(pc);
        break;
      }
      case Op.JumpZero: {
        pc = load<i32>(sp) == 0 ? CODE + <usize>load<u16>(pc) : pc + 2;
        sp -= 4;
        break;
      }
      case Op.JumpNonZero: {
        pc = load<i32>(sp) != 0 ? CODE + <usize>load<u16>(pc) : pc + 2;
        sp -= 4;
        break;
      }
      case Op.Call: {
        // The return address goes below the argument.
        sp += 4;
        store<i32>(sp, load<i32>(sp - 4));
        store<usize>(sp - 4, pc + 2);
        pc = CODE + <usize>load<u16>(pc);
        break;
      }
      case Op.Return: {
        sp -= 4;
        pc = load<usize>(sp);
        store<i32>(sp, load<i32>(sp, 4));
        break;
      }
      case Op.Fetch: {
        store<i32>(sp, load<i32>(MEMORY + (<usize>(load<i32>(sp) & 255) << 2)));
        break;
      }
      case Op.Store: {
        store<i32>(MEMORY + (<usize>(load<i32>(sp - 4) & 255) << 2), load<i32>(sp));
        sp -= 8;
        break;
      }
      default: return -1;
    }
  }
}

export function run(n: i32): i32 {
  for (let i: usize = 0; i < 16; i++) store<i32>(LOCALS + (i << 2), 0);
  for (let i: usize = 0; i < 256; i++) store<i32>(MEMORY + (i << 2), 0);
  assemble(n);
  let hash = interpret();
  for (let i: usize = 0; i < 256; i++) hash = hash * 31 + load<i32>(MEMORY + (i << 2));
  return hash;
}
