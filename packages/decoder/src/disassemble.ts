// Lists a function's instructions in the text format, one a line, for people to read. Driven by the table alone.
import {
  denseOpcode,
  featureNames,
  formatHeapType,
  formatValType,
  functionBody,
  type ImmediateKind,
  instructionByOpcode,
  type ModuleNames,
  type ModuleStructure,
  type NameMap,
  refType,
} from "@anywasm/isa";
import { malformed } from "./messages.ts";
import { Reader } from "./reader.ts";
import { readHeapType, readValType, type TypeScope } from "./types.ts";

export interface Line {
  /** Byte offset in the module. */
  readonly offset: number;
  /** Depth of control structure: how far to indent. */
  readonly depth: number;
  readonly text: string;
}

/** The instructions of a defined function of a valid module, the final `end` included. */
export function disassemble(
  bytes: Uint8Array,
  module: ModuleStructure,
  functionIndex: number,
  names: ModuleNames,
): Line[] {
  const body = functionBody(module, functionIndex);
  if (body === undefined) throw new RangeError(`function ${functionIndex} has no body`);
  const reader = new Reader(bytes, body.start, body.end);
  const scope: TypeScope = { features: new Set(featureNames), types: module.types };
  const printer = new ImmediatePrinter(reader, scope, names, functionIndex);
  for (let runs = reader.u32(); runs > 0; runs--) {
    reader.u32();
    readValType(reader, scope);
  }
  const lines: Line[] = [];
  let depth = 1;
  while (!reader.done) {
    const offset = reader.position;
    const first = reader.byte();
    const opcode = first >= 0xfb && first <= 0xfe ? denseOpcode(first, reader.u32()) : first;
    const row = instructionByOpcode[opcode];
    if (row === undefined) throw malformed("unknown opcode", offset);
    const text = [row.name.replace(/ .*/, ""), ...printer.print(row.immediates, row.access?.bytes ?? 0)].join(" ");
    if (closing.has(row.name)) depth--;
    lines.push({ offset, depth: Math.max(depth, 0), text });
    if (opening.has(row.name) || row.immediates === "block_type") depth++;
  }
  return lines;
}

const arms: readonly string[] = ["else", "catch", "catch_all"];
const closing: ReadonlySet<string> = new Set(["end", "delegate", ...arms]);
/** Besides those with a block type. */
const opening: ReadonlySet<string> = new Set(["try_table", ...arms]);

const clauses = ["catch", "catch_ref", "catch_all", "catch_all_ref"] as const;

class ImmediatePrinter {
  private readonly reader: Reader;
  private readonly scope: TypeScope;
  private readonly names: ModuleNames;
  private readonly functionIndex: number;

  constructor(reader: Reader, scope: TypeScope, names: ModuleNames, functionIndex: number) {
    this.reader = reader;
    this.scope = scope;
    this.names = names;
    this.functionIndex = functionIndex;
  }

  print(kind: ImmediateKind, naturalBytes: number): readonly string[] {
    const { reader } = this;
    const index = (): string => String(reader.u32());
    switch (kind) {
      case "none":
        return [];
      case "zero":
        reader.byte();
        return [];
      case "block_type":
        return this.blockType();
      case "labels": {
        const labels: string[] = [];
        for (let count = reader.u32(); count >= 0; count--) labels.push(index());
        return labels;
      }
      case "function":
        return [this.name(this.names.functions, reader.u32())];
      case "local":
        return [this.name(this.names.locals.get(this.functionIndex), reader.u32())];
      case "indirect": {
        const type = index();
        const table = index();
        return table === "0" ? [`(type ${type})`] : [table, `(type ${type})`];
      }
      case "memarg":
        return this.memArg(naturalBytes);
      case "memory":
        return [index()].filter((text) => text !== "0");
      case "catches": {
        const printed = [...this.blockType()];
        for (let count = reader.u32(); count > 0; count--) {
          const kind = reader.byte();
          printed.push(`(${[clauses[kind], ...(kind < 2 ? [index()] : []), index()].join(" ")})`);
        }
        return printed;
      }
      case "type":
      case "label":
      case "tag":
      case "global":
      case "table":
      case "data":
      case "elem":
        return [index()];
      case "memory_memory":
      case "data_memory":
      case "elem_table":
      case "table_table":
        return [index(), index()];
      case "value_types": {
        const types: string[] = [];
        for (let count = reader.u32(); count > 0; count--)
          types.push(`(result ${formatValType(readValType(reader, this.scope))})`);
        return types;
      }
      case "heap_type":
        return [formatHeapType(readHeapType(reader, this.scope))];
      case "type_field":
      case "type_count":
      case "type_type":
      case "type_data":
      case "type_elem":
        return [index(), index()];
      case "cast":
        return this.cast();
      case "i32":
        return [String(reader.s32())];
      case "i64": {
        const lo = reader.s64();
        return [String((BigInt(reader.hi) << 32n) | BigInt(lo >>> 0))];
      }
      case "memarg_lane":
        return [...this.memArg(naturalBytes), String(reader.byte())];
      case "v128": {
        const words = [reader.word(), reader.word(), reader.word(), reader.word()];
        return ["i32x4", ...words.map((word) => `0x${(word >>> 0).toString(16).padStart(8, "0")}`)];
      }
      case "lane":
        return [String(reader.byte())];
      case "lanes":
        return Array.from({ length: 16 }, () => String(reader.byte()));
      case "f32":
        return [this.float(4)];
      case "f64":
        return [this.float(8)];
    }
  }

  private blockType(): readonly string[] {
    const { reader } = this;
    const offset = reader.position;
    if (reader.bytes[offset] === 0x40) {
      reader.position++;
      return [];
    }
    const code = reader.s33();
    if (code >= 0) return [`(type ${code})`];
    reader.position = offset;
    return [`(result ${formatValType(readValType(reader, this.scope))})`];
  }

  /** A label, and the types before and after a cast, whose nullability is in flags. */
  private cast(): readonly string[] {
    const { reader, scope } = this;
    const flags = reader.byte();
    const label = String(reader.u32());
    const from = refType(readHeapType(reader, scope), (flags & 1) !== 0);
    const to = refType(readHeapType(reader, scope), (flags & 2) !== 0);
    return [label, formatValType(from), formatValType(to)];
  }

  private memArg(naturalBytes: number): readonly string[] {
    const { reader } = this;
    const flags = reader.u32();
    const memory = flags >= 64 ? [String(reader.u32())] : [];
    const align = 2 ** (flags & 63);
    const offset = this.unsigned64();
    return [
      ...memory,
      ...(offset === 0n ? [] : [`offset=${offset}`]),
      ...(align === naturalBytes ? [] : [`align=${align}`]),
    ];
  }

  private unsigned64(): bigint {
    const lo = this.reader.u64();
    return (BigInt(this.reader.hi) << 32n) | BigInt(lo);
  }

  private float(bytes: 4 | 8): string {
    const { reader } = this;
    const view = new DataView(reader.bytes.buffer, reader.bytes.byteOffset + reader.position, bytes);
    reader.position += bytes;
    const value = bytes === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
    if (value === value) return Object.is(value, -0) ? "-0" : String(value).replace("Infinity", "inf");
    const payload =
      bytes === 4 ? BigInt(view.getUint32(0, true) & 0x7fffff) : view.getBigUint64(0, true) & 0xfffffffffffffn;
    return `${view.getInt8(bytes - 1) < 0 ? "-" : ""}nan:0x${payload.toString(16)}`;
  }

  private name(names: NameMap | undefined, index: number): string {
    const name = names?.get(index);
    // The text format writes other characters as strings; a listing shows the index instead.
    return name !== undefined && /^[\w!#$%&'*+\-./:<=>?@\\^`|~]+$/.test(name) ? `$${name}` : String(index);
  }
}
