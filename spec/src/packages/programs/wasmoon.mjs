// Lua in C, by Emscripten with functions added to its table at run time.
import { LuaFactory } from "wasmoon";

/** Calls, tables, sorting with a comparison, strings. */
export async function busy() {
  const lua = await new LuaFactory().createEngine();
  return () =>
    lua.doStringSync(`
      local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
      local sum, list, parts = fib(20), {}, {}
      for i = 1, 5000 do list[i] = { key = (i * 7919) % 1009 } end
      table.sort(list, function(a, b) return a.key < b.key end)
      for i = 1, 5000 do sum = (sum + list[i].key * i) % 1000000007 end
      for i = 1, 1000 do parts[i] = string.char(65 + i % 26) end
      return sum + #table.concat(parts)`);
}

export default async function () {
  const lua = await new LuaFactory().createEngine();
  const log = [];
  lua.global.set("record", (...args) => {
    log.push(args);
    return args.length;
  });
  lua.global.set("settings", { depth: 3, names: ["a", "b"] });
  const values = [
    await lua.doString(
      "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(18)",
    ),
    await lua.doString('return record("x", 1.5, settings.depth, settings.names[2])'),
    await lua.doString('return string.format("%5.2f|%q|%x", 3.14159, "a\\nb", 255)'),
    await lua.doString(
      "local t = {} for i = 1, 500 do t[i] = (i * 7919) % 503 end table.sort(t) return t[1] .. t[250] .. t[500]",
    ),
    await lua.doString("return math.maxinteger // 3, 7 // -2, 2^0.5"),
  ];
  let error;
  try {
    await lua.doString("local t = nil; return t.field");
  } catch (caught) {
    error = caught.message;
  }
  lua.global.close();
  return { log, values, error };
}
