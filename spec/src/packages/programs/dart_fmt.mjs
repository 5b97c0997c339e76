// A formatter in Dart, by dart2wasm: structures and arrays of the garbage collector, strings of JavaScript, exceptions.
import { format } from "@wasm-fmt/dart_fmt";

const declaration = `import 'dart:async';class A<T extends num> extends B with C implements D{final int x;String? y;
  A(this.x,{this.y,required int z}):super(z);Future<List<T>> f(int a)async{for(var i=0;i<10;i++){if(i>a){yield_(i);}else
  await g((q)=>q*2);}return switch(a){1=>[],2||3 when x>1=>[...h],_=>throw E('\\u{1F600}')};}}`;
const functions = Array.from(
  { length: 6 },
  (_, i) => `int g${i}(int a,{String name='ü${i}'})=>a<${i}?foo(a,b,${"c".repeat(24)},${"d".repeat(24)}):x..y()..z=1;`,
);

export default function () {
  const once = format([declaration, ...functions].join("\n"), "a.dart");
  let message;
  try {
    format("class {", "b.dart");
  } catch (error) {
    message = String(error.message ?? error).split("\n");
  }
  return [
    once,
    format(once, "a.dart", { line_width: 50, line_ending: "crlf" }),
    format(once, "a.dart") === once,
    message,
  ];
}
