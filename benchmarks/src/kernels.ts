// The kernels: small programs that each stress one thing. `run(n)` gives a checksum, so that a wrong answer is no fast one.
import { bigSwitch } from "./big-switch.ts";

export const groups = [
  "64-bit",
  "32-bit",
  "f64",
  "f32",
  "memory",
  "pointers",
  "dispatch",
  "text",
  "recursion",
  "simd",
  "gc",
  "exceptions",
] as const;
type Group = (typeof groups)[number];

export interface Kernel {
  /** Folder and file below `kernels/`, or a name of its own for generated text. Of the last two groups, the text format. */
  readonly name: string;
  readonly group: Group;
  readonly about: string;
  /** A size or a number of iterations: some milliseconds of work on the native engine. */
  readonly argument: number;
  readonly result: number;
  /** Makes the text format, where the module is not compiled from a file of AssemblyScript. */
  readonly text?: () => string;
  /** Belongs to the quick set. */
  readonly quick?: boolean;
}

export const kernels: readonly Kernel[] = [
  {
    name: "integer64/splitmix",
    group: "64-bit",
    about: "splitmix64: multiplications, shifts",
    argument: 3_000_000,
    result: -971_873_673,
    quick: true,
  },
  {
    name: "integer64/siphash",
    group: "64-bit",
    about: "SipHash-2-4: rotations in locals",
    argument: 1800,
    result: 69388041,
  },
  {
    name: "integer64/xxhash64",
    group: "64-bit",
    about: "XXH64: multiplications on four lanes",
    argument: 6000,
    result: -202852828,
    quick: true,
  },
  {
    name: "integer64/keccak",
    group: "64-bit",
    about: "keccak-f[1600], state in memory",
    argument: 3400,
    result: -786989563,
  },
  {
    name: "integer64/ed25519",
    group: "64-bit",
    about: "field arithmetic modulo 2^255-19",
    argument: 9800,
    result: -981998792,
  },
  { name: "integer64/div64", group: "64-bit", about: "division and remainder", argument: 98000, result: -1313246389 },
  { name: "integer32/sha256", group: "32-bit", about: "SHA-256", argument: 42, result: 54332191, quick: true },
  {
    name: "integer32/md5",
    group: "32-bit",
    about: "MD5, rotations by variable counts",
    argument: 130,
    result: -1912392172,
  },
  { name: "integer32/chacha", group: "32-bit", about: "ChaCha20 blocks", argument: 27000, result: -1378134427 },
  {
    name: "text/base64",
    group: "text",
    about: "Base64 there and back",
    argument: 46,
    result: -2109743003,
    quick: true,
  },
  { name: "text/json", group: "text", about: "writes and reads JSON", argument: 28000, result: 253897168 },
  { name: "text/levenshtein", group: "text", about: "edit distances", argument: 300, result: 276589353 },
  { name: "integer64/blake2b", group: "64-bit", about: "BLAKE2b's compression", argument: 8000, result: -2011274918 },
  {
    name: "integer64/montgomery",
    group: "64-bit",
    about: "Montgomery multiplication, carries",
    argument: 14000,
    result: -1603963837,
  },
  {
    name: "integer64/fnv1a",
    group: "64-bit",
    about: "FNV-1a: a chain of multiplications",
    argument: 180,
    result: -1052422468,
  },
  { name: "integer32/crc32", group: "32-bit", about: "CRC-32 by table", argument: 90, result: 1218404426 },
  { name: "integer32/aes", group: "32-bit", about: "AES by tables", argument: 60000, result: 997080779 },
  {
    name: "integer32/matmul",
    group: "32-bit",
    about: "product of integer matrices",
    argument: 168,
    result: -283255761,
  },
  { name: "integer32/collatz", group: "32-bit", about: "unpredictable branches", argument: 26000, result: -732089167 },
  { name: "text/utf8", group: "text", about: "UTF-8 read and written", argument: 60, result: 1569857707 },
  { name: "text/regex", group: "text", about: "a backtracking matcher", argument: 350, result: 353483042 },
  {
    name: "float/gemm",
    group: "f64",
    about: "f64 multiply-add chains, strided loads",
    argument: 176,
    result: 1665168423,
    quick: true,
  },
  { name: "float/gemm32", group: "f32", about: "f32, rounding at each step", argument: 192, result: -758116482 },
  { name: "float/lu", group: "f64", about: "f64 row updates, pivot search", argument: 240, result: 623928174 },
  {
    name: "float/cholesky",
    group: "f64",
    about: "f64 dot products over triangular loops",
    argument: 320,
    result: -1690696600,
  },
  { name: "float/nbody", group: "f64", about: "f64 square roots and divisions", argument: 60000, result: 50104761 },
  {
    name: "float/fft",
    group: "f64",
    about: "f64 butterflies, bit-reversed access",
    argument: 16384,
    result: -390989909,
  },
  { name: "float/mandelbrot", group: "f64", about: "f64 in locals only", argument: 224, result: -877760555 },
  { name: "float/stencil", group: "f64", about: "f64 neighbour loads", argument: 80, result: -1962212415, quick: true },
  { name: "float/stencil32", group: "f32", about: "f32 neighbour loads", argument: 400, result: -294654099 },
  {
    name: "float/floyd",
    group: "f64",
    about: "f64 add and compare in a triple loop",
    argument: 160,
    result: -1979994209,
  },
  { name: "float/spectralnorm", group: "f64", about: "f64 division, conversions", argument: 270, result: 476491587 },
  {
    name: "float/raytrace",
    group: "f32",
    about: "f32, branches, calls with floats",
    argument: 256,
    result: 1049714338,
  },
  {
    name: "memory/quicksort",
    group: "memory",
    about: "loads, stores, unpredictable branches",
    argument: 50000,
    result: 1301479702,
    quick: true,
  },
  {
    name: "memory/heapsort",
    group: "memory",
    about: "computed addresses, dependent compares",
    argument: 60000,
    result: -2124682327,
  },
  {
    name: "memory/sieve",
    group: "memory",
    about: "strided byte stores",
    argument: 1500000,
    result: 1715034449,
    quick: true,
  },
  {
    name: "memory/memcpy",
    group: "memory",
    about: "copies by byte, word and 64 bits",
    argument: 160,
    result: 1193236455,
  },
  {
    name: "memory/histogram",
    group: "memory",
    about: "loaded bytes as addresses",
    argument: 1000000,
    result: 677146386,
  },
  { name: "memory/life", group: "memory", about: "byte neighbours", argument: 150, result: 653371098 },
  {
    name: "memory/lz",
    group: "memory",
    about: "compression: match search, overlapping copies",
    argument: 450000,
    result: 1161601149,
  },
  {
    name: "pointer/tree",
    group: "pointers",
    about: "search tree: dependent loads",
    argument: 16000,
    result: 463813093,
    quick: true,
  },
  {
    name: "pointer/list",
    group: "pointers",
    about: "linked lists: reverse, merge sort",
    argument: 30000,
    result: 191778783,
  },
  {
    name: "pointer/hashmap",
    group: "pointers",
    about: "hash table, 32-bit keys",
    argument: 120000,
    result: -1780785248,
  },
  {
    name: "pointer/hashmap64",
    group: "pointers",
    about: "hash table, 64-bit keys",
    argument: 100000,
    result: -1890374130,
  },
  { name: "pointer/trie", group: "pointers", about: "indexed pointer chains", argument: 25000, result: -2083983839 },
  {
    name: "dispatch/big-switch",
    group: "dispatch",
    about: "an interpreter too large for V8's optimizer",
    argument: 200_000,
    result: 1_322_290_929,
    text: bigSwitch,
    quick: true,
  },
  {
    name: "dispatch/virtual",
    group: "dispatch",
    about: "method tables: call_indirect with many targets",
    argument: 1300,
    result: -450065121,
  },
  {
    name: "dispatch/bytecode",
    group: "dispatch",
    about: "interpreter: call_indirect for each instruction",
    argument: 20000,
    result: 1058200688,
  },
  {
    name: "dispatch/switch",
    group: "dispatch",
    about: "interpreter: br_table, stack in memory",
    argument: 50000,
    result: -1354884696,
    quick: true,
  },
  {
    name: "dispatch/stackmachine",
    group: "dispatch",
    about: "interpreter: br_table, state in locals",
    argument: 3000,
    result: 1383523717,
  },
  { name: "recursion/ackermann", group: "recursion", about: "deep nested recursion", argument: 7, result: 21513905 },
  { name: "recursion/queens", group: "recursion", about: "recursion inside a loop", argument: 12, result: 1315996901 },
  { name: "recursion/tak", group: "recursion", about: "three-parameter calls", argument: 24, result: 77293828 },
  {
    name: "recursion/hanoi",
    group: "recursion",
    about: "recursion with stacks in memory",
    argument: 20,
    result: 169671972,
  },
  {
    name: "memory/blend",
    group: "memory",
    about: "bytes: averages and saturating sums",
    argument: 40,
    result: -532555144,
  },
  // Each of these has a twin of the same name without vectors, which gives the same.
  { name: "simd/gemm32", group: "simd", about: "f32x4", argument: 192, result: -758116482 },
  { name: "simd/stencil", group: "simd", about: "f64x2", argument: 80, result: -1962212415 },
  { name: "simd/chacha", group: "simd", about: "i32x4, lanes moved", argument: 27000, result: -1378134427 },
  { name: "simd/blend", group: "simd", about: "i8x16", argument: 40, result: -532555144 },
  { name: "recursion/fib", group: "recursion", about: "calls only", argument: 27, result: 196418, quick: true },
  { name: "gc/trees", group: "gc", about: "builds and walks trees", argument: 600, result: 125346064 },
  { name: "gc/search", group: "gc", about: "a search tree of mutable nodes", argument: 40000, result: 23198 },
  {
    name: "gc/virtual",
    group: "gc",
    about: "method tables, receivers that are cast",
    argument: 3000,
    result: -698409535,
  },
  { name: "gc/scheduler", group: "gc", about: "tasks and packets, as Richards", argument: 200000, result: -877373245 },
  {
    name: "gc/lists",
    group: "gc",
    about: "lists of anything, small integers among it",
    argument: 1500,
    result: -1628907648,
  },
  { name: "gc/casts", group: "gc", about: "tests and casts of several depths", argument: 1500, result: 1997751376 },
  { name: "gc/bytes", group: "gc", about: "arrays of i8", argument: 40, result: 244610492 },
  { name: "gc/words", group: "gc", about: "arrays of i32: Quicksort", argument: 50000, result: -618926711 },
  { name: "gc/longs", group: "gc", about: "arrays and fields of i64", argument: 1500000, result: -793428167 },
  {
    name: "gc/doubles",
    group: "gc",
    about: "arrays of f64 in arrays: a product of matrices",
    argument: 220,
    result: -814155889,
  },
  { name: "gc/references", group: "gc", about: "arrays of references: a heap", argument: 40000, result: 700813236 },
  {
    name: "exceptions/throw",
    group: "exceptions",
    about: "throws and catches at each turn",
    argument: 20000,
    result: 99605216,
  },
  {
    name: "exceptions/quiet",
    group: "exceptions",
    about: "handlers in a loop that throws nothing",
    argument: 400,
    result: 395887616,
  },
  {
    name: "exceptions/rare",
    group: "exceptions",
    about: "one exception in some calls, through several frames",
    argument: 20000,
    result: -1798740232,
  },
];

/** Whether a kernel's source is in the text format: there is no other language for what it does. */
export function isText({ group, text }: Kernel): boolean {
  return text !== undefined || group === "gc" || group === "exceptions";
}

/** The source of a kernel, relative to the package. */
export function kernelFile(kernel: Kernel): string {
  return `kernels/${kernel.name}.${isText(kernel) ? "wat" : "ts"}`;
}
