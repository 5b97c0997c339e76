// A register machine whose instructions hold the table index of their handler; it runs n rounds of a small program.
// Stresses one call_indirect for every instruction, with registers and code in memory.
const CODE: usize = memory.data(64 * 16); // handler, three operands
const REGISTERS: usize = memory.data(16 * 4);
const MEMORY: usize = memory.data(256 * 4);

let here: usize = 0;

@inline
function get(pc: usize, operand: usize): i32 {
  return load<i32>(REGISTERS + (<usize>load<i32>(pc + (operand << 2)) << 2));
}

@inline
function set(pc: usize, value: i32): usize {
  store<i32>(REGISTERS + (<usize>load<i32>(pc, 4) << 2), value);
  return pc + 16;
}

@inline
function target(pc: usize): usize {
  return CODE + (<usize>load<i32>(pc, 4) << 4);
}

// Handlers: each takes the address of its instruction and returns that of the next.
function opHalt(pc: usize): usize {
  return 0;
}

function opConst(pc: usize): usize {
  return set(pc, load<i32>(pc, 8));
}

function opMove(pc: usize): usize {
  return set(pc, get(pc, 2));
}

function opAdd(pc: usize): usize {
  return set(pc, get(pc, 2) + get(pc, 3));
}

function opAddImmediate(pc: usize): usize {
  return set(pc, get(pc, 2) + load<i32>(pc, 12));
}

function opSub(pc: usize): usize {
  return set(pc, get(pc, 2) - get(pc, 3));
}

function opMul(pc: usize): usize {
  return set(pc, get(pc, 2) * get(pc, 3));
}

function opRemainder(pc: usize): usize {
  return set(pc, <i32>(<u32>get(pc, 2) % <u32>get(pc, 3)));
}

function opAndImmediate(pc: usize): usize {
  return set(pc, get(pc, 2) & load<i32>(pc, 12));
}

function opXor(pc: usize): usize {
  return set(pc, get(pc, 2) ^ get(pc, 3));
}

function opShiftRight(pc: usize): usize {
  return set(pc, <i32>(<u32>get(pc, 2) >>> load<i32>(pc, 12)));
}

function opRotate(pc: usize): usize {
  return set(pc, rotl<i32>(get(pc, 2), load<i32>(pc, 12)));
}

function opLoad(pc: usize): usize {
  return set(pc, load<i32>(MEMORY + (<usize>(get(pc, 2) & 255) << 2)));
}

function opStore(pc: usize): usize {
  store<i32>(MEMORY + (<usize>(get(pc, 2) & 255) << 2), get(pc, 3));
  return pc + 16;
}

function opJump(pc: usize): usize {
  return target(pc);
}

function opJumpLess(pc: usize): usize {
  return get(pc, 2) < get(pc, 3) ? target(pc) : pc + 16;
}

function opJumpZero(pc: usize): usize {
  return get(pc, 2) == 0 ? target(pc) : pc + 16;
}

// Adds an instruction and returns its number.
function emit(handler: i32, a: i32, b: i32, c: i32): i32 {
  const number = <i32>((here - CODE) >>> 4);
  store<i32>(here, handler);
  store<i32>(here, a, 4);
  store<i32>(here, b, 8);
  store<i32>(here, c, 12);
  here += 16;
  return number;
}

function patch(number: i32): void {
  store<i32>(CODE + (<usize>number << 4), <i32>((here - CODE) >>> 4), 4);
}

// r0 round, r1 rounds, r2 random state, r3 hash, r4 and r5 the operands of a gcd, r6 and r7 temporaries.
function assemble(n: i32): void {
  here = CODE;
  emit(opConst.index, 0, 0, 0);
  emit(opConst.index, 1, n, 0);
  emit(opConst.index, 2, 4711, 0);
  emit(opConst.index, 3, 0, 0);
  emit(opConst.index, 8, 1664525, 0);
  const round = emit(opMul.index, 2, 2, 8);
  emit(opAddImmediate.index, 2, 2, 1013904223);
  emit(opShiftRight.index, 4, 2, 8);
  emit(opAndImmediate.index, 4, 4, 4095);
  emit(opShiftRight.index, 5, 2, 20);
  const gcd = emit(opJumpZero.index, 0, 5, 0);
  emit(opRemainder.index, 6, 4, 5);
  emit(opMove.index, 4, 5, 0);
  emit(opMove.index, 5, 6, 0);
  emit(opJump.index, gcd, 0, 0);
  patch(gcd);
  emit(opRotate.index, 3, 3, 5);
  emit(opXor.index, 3, 3, 4);
  emit(opLoad.index, 7, 2, 0);
  emit(opAdd.index, 7, 7, 3);
  emit(opStore.index, 0, 2, 7);
  emit(opSub.index, 3, 7, 0);
  emit(opAddImmediate.index, 0, 0, 1);
  emit(opJumpLess.index, round, 0, 1);
  emit(opHalt.index, 0, 0, 0);
}

export function run(n: i32): i32 {
  for (let i: usize = 0; i < 16; i++) store<i32>(REGISTERS + (i << 2), 0);
  for (let i: usize = 0; i < 256; i++) store<i32>(MEMORY + (i << 2), 0);
  assemble(n);
  let pc = CODE;
  while (pc != 0) pc = call_indirect<usize>(load<i32>(pc), pc);
  let hash = load<i32>(REGISTERS, 12);
  for (let i: usize = 0; i < 256; i++) hash = hash * 31 + load<i32>(MEMORY + (i << 2));
  return hash;
}
