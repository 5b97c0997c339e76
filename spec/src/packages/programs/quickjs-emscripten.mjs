// A JavaScript engine in C, by Emscripten: evaluation, host functions called back, interruption, memory limits.
import { getQuickJS, shouldInterruptAfterDeadline } from "quickjs-emscripten";

/** Calls, property accesses, sorting with a comparison, strings. */
export async function busy() {
  const QuickJS = await getQuickJS();
  const vm = QuickJS.newContext();
  return () =>
    vm
      .unwrapResult(
        vm.evalCode(`{
          function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
          let sum = fib(20), text = "";
          const list = [];
          for (let i = 0; i < 10000; i++) list.push({ key: (i * 7919) % 1009 });
          list.sort((a, b) => a.key - b.key);
          for (let i = 0; i < 10000; i++) sum = (sum + list[i].key * i) | 0;
          for (let i = 0; i < 1000; i++) text += String.fromCharCode(65 + i % 26);
          sum + text.length;
        }`),
      )
      .consume(vm.dump);
}

export default async function () {
  const QuickJS = await getQuickJS();
  const vm = QuickJS.newContext();
  const log = [];
  vm.newFunction("log", (...args) => {
    log.push(args.map((arg) => vm.dump(arg)));
  }).consume((f) => vm.setProp(vm.global, "log", f));
  const value = (code) => {
    const result = vm.evalCode(code);
    return result.error ? { error: result.error.consume(vm.dump).message } : result.value.consume(vm.dump);
  };
  const values = [
    value("log(1, 'two', [3]); class A { #x = 6; get x() { return this.#x * 7; } } new A().x"),
    value("let s = 0; for (let i = 0; i < 200000; i++) s = (s * 31 + i) | 0; s"),
    value("String(2n ** 128n) + 'ä€😀'.normalize('NFD').length"),
    value("[...'a1b22c333'.matchAll(/[a-z](\\d+)/g)].map((m) => m[1])"),
    value("null.property"),
    value("JSON.stringify({ d: new Date(0).toISOString(), n: 0.1 + 0.2, z: -0 })"),
  ];
  vm.runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + 50));
  values.push(value("for (;;);"));
  vm.dispose();
  return { log, values };
}
