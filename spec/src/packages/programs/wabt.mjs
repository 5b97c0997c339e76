// WebAssembly tools in C++, by Emscripten with exceptions made of JavaScript ones.
import loadWabt from "wabt";

export default async function () {
  const wabt = await loadWabt();
  const module = wabt.parseWat(
    "a.wat",
    '(module (memory 1) (func (export "f") (param i64 f32) (result f64) f64.const 0x1.8p-3))',
  );
  module.generateNames();
  module.applyNames();
  const { buffer } = module.toBinary({ write_debug_names: true });
  const text = wabt.readWasm(buffer, { readDebugNames: true }).toText({ foldExprs: true });
  let error;
  try {
    wabt.parseWat("b.wat", "(module (func i32.add))").validate();
  } catch (caught) {
    error = caught.message;
  }
  return { bytes: Buffer.from(buffer).toString("hex"), text, error };
}
