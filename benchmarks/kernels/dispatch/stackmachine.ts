// A small machine with an accumulator, three registers and the top of its stack in locals, decoding 32-bit words by
// a switch; it sums Collatz lengths and recursive results for 1..n. Stresses br_table with state carried in locals.
const CODE: usize = memory.data(128 * 4);
const STACK: usize = memory.data(4096);

const enum Op {
  Halt, LoadA, LoadB, LoadC, AToB, AToC, BToA, CToA, AddB, AddC, SubB, MulImmediate, AddImmediate, AndImmediate,
  ShiftRight, XorC, PushA, PopA, PushB, PopB, TopToA, AddTop, Jump, JumpZero, JumpNotZero, JumpLessB, Call, Return,
}

let here: usize = 0;

// Adds a word, the opcode in its low 8 bits and the operand above, and returns its number.
function emit(op: i32, operand: i32 = 0): i32 {
  const number = <i32>((here - CODE) >>> 2);
  store<i32>(here, op | (operand << 8));
  here += 4;
  return number;
}

function position(): i32 {
  return <i32>((here - CODE) >>> 2);
}

function patch(number: i32): void {
  const word = CODE + (<usize>number << 2);
  store<i32>(word, (load<i32>(word) & 255) | (position() << 8));
}

function assemble(n: i32): void {
  here = CODE;
  const start = emit(Op.Jump);

  // tree(a): a < 2 ? 1 : tree(a - 1) + tree(a - 2)
  const tree = emit(Op.LoadB, 2);
  const small = emit(Op.JumpLessB);
  emit(Op.PushA);
  emit(Op.AddImmediate, -1);
  emit(Op.Call, tree);
  emit(Op.AToB);
  emit(Op.PopA);
  emit(Op.PushB);
  emit(Op.AddImmediate, -2);
  emit(Op.Call, tree);
  emit(Op.PopB);
  emit(Op.AddB);
  emit(Op.Return);
  patch(small);
  emit(Op.LoadA, 1);
  emit(Op.Return);

  // Registers: c the sum; the counter on the stack.
  patch(start);
  emit(Op.LoadC, 0);
  emit(Op.LoadA, n);
  const outer = emit(Op.PushA);
  // Collatz, the value in a, adding one to c for each step.
  const collatz = emit(Op.AddImmediate, -1);
  const done = emit(Op.JumpZero);
  emit(Op.AddImmediate, 1);
  emit(Op.PushA);
  emit(Op.LoadA, 1);
  emit(Op.AddC);
  emit(Op.AToC);
  emit(Op.TopToA);
  emit(Op.AndImmediate, 1);
  const even = emit(Op.JumpZero);
  emit(Op.PopA);
  emit(Op.MulImmediate, 3);
  emit(Op.AddImmediate, 1);
  emit(Op.Jump, collatz);
  patch(even);
  emit(Op.PopA);
  emit(Op.ShiftRight, 1);
  emit(Op.Jump, collatz);
  patch(done);
  // b = tree(counter & 7) + counter; c = ((c * 5) ^ b) - b; then the next counter
  emit(Op.TopToA);
  emit(Op.AndImmediate, 7);
  emit(Op.Call, tree);
  emit(Op.AddTop);
  emit(Op.AToB);
  emit(Op.CToA);
  emit(Op.MulImmediate, 5);
  emit(Op.AToC);
  emit(Op.BToA);
  emit(Op.XorC);
  emit(Op.SubB);
  emit(Op.AToC);
  emit(Op.PopA);
  emit(Op.AddImmediate, -1);
  emit(Op.JumpNotZero, outer);
  emit(Op.CToA);
  emit(Op.Halt);
}

function interpret(): i32 {
  let pc = CODE;
  let sp = STACK; // the elements below the top
  let top = 0;
  let a = 0;
  let b = 0;
  let c = 0;
  while (true) {
    const word = load<i32>(pc);
    const operand = word >> 8;
    pc += 4;
    switch (word & 255) {
      case Op.Halt: return a;
      case Op.LoadA: a = operand; break;
      case Op.LoadB: b = operand; break;
      case Op.LoadC: c = operand; break;
      case Op.AToB: b = a; break;
      case Op.AToC: c = a; break;
      case Op.BToA: a = b; break;
      case Op.CToA: a = c; break;
      case Op.AddB: a += b; break;
      case Op.AddC: a += c; break;
      case Op.SubB: a -= b; break;
      case Op.MulImmediate: a *= operand; break;
      case Op.AddImmediate: a += operand; break;
      case Op.AndImmediate: a &= operand; break;
      case Op.ShiftRight: a = <i32>(<u32>a >>> operand); break;
      case Op.XorC: a ^= c; break;
      case Op.PushA: {
        store<i32>(sp, top);
        sp += 4;
        top = a;
        break;
      }
      case Op.PopA: {
        a = top;
        sp -= 4;
        top = load<i32>(sp);
        break;
      }
      case Op.PushB: {
        store<i32>(sp, top);
        sp += 4;
        top = b;
        break;
      }
      case Op.PopB: {
        b = top;
        sp -= 4;
        top = load<i32>(sp);
        break;
      }
      case Op.TopToA: a = top; break;
      case Op.AddTop: a += top; break;
      case Op.Jump: pc = CODE + (<usize>operand << 2); break;
      case Op.JumpZero: {
        if (a == 0) pc = CODE + (<usize>operand << 2);
        break;
      }
      case Op.JumpNotZero: {
        if (a != 0) pc = CODE + (<usize>operand << 2);
        break;
      }
      case Op.JumpLessB: {
        if (a < b) pc = CODE + (<usize>operand << 2);
        break;
      }
      case Op.Call: {
        store<i32>(sp, top);
        sp += 4;
        top = <i32>pc;
        pc = CODE + (<usize>operand << 2);
        break;
      }
      case Op.Return: {
        pc = <usize>top;
        sp -= 4;
        top = load<i32>(sp);
        break;
      }
      default: return -1;
    }
  }
}

export function run(n: i32): i32 {
  assemble(n);
  return interpret();
}
