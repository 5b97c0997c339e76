// The functions by which a host enters a module's exports: JavaScript of their own for each, so that engines know which
// function is called and inline it. One source text for all of a module. And those by which guest code leaves for functions
// of the host.
import { externref, type FuncType, f32, f64, i32, i64, isExternType, isRefType, type ValType } from "@anywasm/isa";

/** Whether a function of this type is entered by code of `entriesSource`: others are converted value by value. */
export function hasDirectEntry({ params, results }: FuncType): boolean {
  return results.length <= 1 && [...params, ...results].every((type) => type in conversions);
}

type Conversions = Readonly<Record<ValType, (value: string) => string>>;

/** From a host value `a` to a word, by what the embedding makes of the type. */
const conversions: Conversions = {
  // ToInt32 is what every embedding does to an i32.
  [i32]: (value) => `+${value} | 0`,
  [i64]: (value) => `toInt64(${value})`,
  [f32]: (value) => `toFloat32(${value})`,
  // A number is its own word, whatever the embedding makes of other values; "+" says that they become numbers too.
  [f64]: (value) => `typeof ${value} === "number" ? ${value} : +toFloat64(${value})`,
  [externref]: (value) => value,
};

/** For embeddings that do what JavaScript's operators do. Where two ways to a number meet, V8's Maglev puts it on the heap. */
const coercions: Conversions = { ...conversions, [f64]: (value) => `+${value}` };

/**
 * A function expression that takes `records`, whose `code` is called, the conversions, `early`, which calls code that will
 * be replaced, `high`, and `fail`, which makes what is thrown of what was caught; it gives an array of functions. Arguments are converted in order before anything runs.
 * @param coerces numbers are made of other values by JavaScript's operators.
 */
export function entriesSource(types: readonly FuncType[], coerces: boolean): string {
  const convert = coerces ? coercions : conversions;
  const lines = types.map((_, i) => `  const record${i} = records[${i}];`);
  return `function entries(records, { toInt64, toFloat32, toFloat64, fromInt64, early }, high, fail) {
${lines.join("\n")}
  return [
${types.map((type, i) => entry(type, `record${i}`, convert)).join(",\n")}
  ];
}`;
}

function entry({ params, results }: FuncType, record: string, convert: Conversions): string {
  const names = params.map((_, i) => `a${i}`);
  const converted = params.flatMap((type, i) => {
    const word = `      const x${i} = ${convert[type]?.(`a${i}`)};`;
    return type === i64 ? [word, `      const h${i} = high[0];`] : [word];
  });
  const words = params.flatMap((type, i) => (type === i64 ? [`x${i}`, `h${i}`] : [`x${i}`]));
  const answer = (called: string): string => {
    if (results.length === 0) return `${called};`;
    return `return ${results[0] === i64 ? `fromInt64(${called}, high[0])` : called};`;
  };
  // Engines inline a call that has always had one target, so code that will be replaced is called elsewhere: also a second
  // call of `code` here would keep V8 from that.
  return `    (${names.join(", ")}) => {
${converted.map((line) => `${line}\n`).join("")}      try {
        if (${record}.isFinal) ${answer(`${record}.code(${words.join(", ")})`)}
        else ${answer(`early(${[record, ...words].join(", ")})`)}
      } catch (error) {
        throw fail(error);
      }
    }`;
}

/**
 * A function expression that takes a host function and what converts its result, and gives code for it in the calling convention
 * of guest code. `fail` makes what is thrown of what was caught.
 */
export function hostCallSource({ params }: FuncType): string {
  const words = params.flatMap((type, i) => (type === i64 ? [`a${i}`, `h${i}`] : [`a${i}`]));
  const values = params.map((type, i) => {
    if (type === i64) return `fromInt64(a${i}, h${i})`;
    return isRefType(type) && !isExternType(type) ? `fromReference(a${i})` : `a${i}`;
  });
  return `function host(f, back, { fromInt64, fromReference }, fail) {
  return (${words.join(", ")}) => {
    try {
      return back(f(${values.join(", ")}));
    } catch (error) {
      throw fail(error);
    }
  };
}`;
}
