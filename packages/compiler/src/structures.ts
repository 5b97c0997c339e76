// The JavaScript of structures: classes, so that engines keep each field in a representation of its own.
//
// Types of one hierarchy share a class where that costs little: code meets objects of a type and of all below it, and engines
// know up to four classes where a property is read; of more they look each object's class up. So a type takes the class
// of a longer one whose first fields are of its own kinds, and leaves the rest as it is.
import { type FieldType, f32, f64, i64, isRefType, type StructType, v128 } from "@anywasm/isa";

/** What the class of a structure depends on. */
export interface StructureType extends StructType {
  /** Of the type of its descriptors, if it has any. */
  readonly descriptor: number | undefined;
}

/** Types whose structures are of one class. */
export interface StructureClass<T extends StructureType = StructureType> {
  readonly types: readonly T[];
  /**
   * A function expression that takes one of the types and gives what gives, for each of them, the function that makes its
   * structures, whose parameters are the words of the fields in order, and the descriptor if there is one.
   */
  readonly source: () => string;
}

/** Properties of its class that a structure may leave alone: as many words of memory. */
const maxSpare = 4;

/** The classes of types, all of one hierarchy. */
export function structureClasses<T extends StructureType>(types: readonly T[]): readonly StructureClass<T>[] {
  const classes: T[][] = [];
  // By the kinds of their first fields: of classes, those that have at most `maxSpare` properties more.
  const byStart = new Map<string, T[]>();
  // The longest come first: whoever is shorter finds them.
  const sorted = [...types].sort((a, b) => b.fields.length - a.fields.length);
  for (const type of sorted) {
    const key = kindsOf(type);
    let members = byStart.get(key);
    if (members === undefined) {
      members = [];
      classes.push(members);
      for (const start of startsOf(type, key)) byStart.set(start, members);
    }
    members.push(type);
  }
  return classes.map((members) => ({ types: members, source: () => classSource(members) }));
}

/** How engines keep a field: numbers as small integers while they are, fractions in a box, references as they are. */
type FieldKind = "integer" | "long" | "float" | "vector" | "reference";

const letters: Readonly<Record<FieldKind, string>> = {
  integer: "i",
  long: "l",
  float: "f",
  vector: "v",
  reference: "r",
};

function kindOf({ storage }: FieldType): FieldKind {
  if (typeof storage === "string") return "integer";
  if (isRefType(storage)) return "reference";
  if (storage === i64) return "long";
  if (storage === v128) return "vector";
  return storage === f32 || storage === f64 ? "float" : "integer";
}

function kindsOf({ fields, descriptor }: StructureType): string {
  return (descriptor === undefined ? "" : "\\") + fields.map((field) => letters[kindOf(field)]).join("");
}

/** What types may begin with whose structures are of this type's class. */
function startsOf({ fields }: StructureType, key: string): readonly string[] {
  const starts = [key];
  let spare = 0;
  for (let gone = 1; gone <= fields.length; gone++) {
    const field = fields[fields.length - gone] as FieldType;
    spare += propertiesOf(field, 0).length;
    // A float is in a box even if nobody reads it.
    if (spare > maxSpare || kindOf(field) === "float") break;
    starts.push(key.slice(0, -gone));
  }
  return starts;
}

/** @param types the first has all fields that there are. */
function classSource(types: readonly StructureType[]): string {
  const [longest] = types as readonly [StructureType];
  const hasDescriptor = longest.descriptor !== undefined;
  const withDescriptor = (words: readonly string[]): readonly string[] =>
    hasDescriptor ? [...words, "descriptor"] : words;
  const names = longest.fields.flatMap(propertiesOf);
  const properties = ["type", ...withDescriptor(names)];
  const first = longest.fields.flatMap((field) => propertiesOf(field, 0).map(() => firstWords[kindOf(field)]));
  // A function for each number of fields, shared by the types that have so many.
  const makers = [...new Set(types.map(({ fields }) => fields.length))].map((length) => {
    const words = longest.fields.slice(0, length).flatMap(propertiesOf);
    const spare = longest.fields.slice(length).flatMap((field) => propertiesOf(field, 0).map(() => zeroOf(field)));
    const values = ["type", ...withDescriptor([...words, ...spare])];
    const made = `new Structure(${values.join(", ")})`;
    return `    ${length}: (type) => (${withDescriptor(words).join(", ")}) => ${made},`;
  });
  return `function structures(first) {
  class Structure {
    constructor(${properties.join(", ")}) {
${properties.map((property) => `      this.${property} = ${property};`).join("\n")}
    }
  }
  new Structure(${["first", ...first, ...(hasDescriptor ? ["null"] : [])].join(", ")});
  const makers = {
${makers.join("\n")}
  };
  return (type) => makers[type.fields.length](type);
}`;
}

/** The names of a field's words, in order. */
export function propertiesOf({ storage }: FieldType, i: number): readonly string[] {
  const names = [`f${i}`, `h${i}`, `i${i}`, `j${i}`];
  return storage === v128 ? names : names.slice(0, storage === i64 ? 2 : 1);
}

/** Of the first structure, by which engines choose representations: a number that is none of theirs for integers. */
const firstWords: Readonly<Record<FieldKind, string>> = {
  integer: "0",
  long: "0",
  vector: "0",
  float: "0.5",
  reference: "null",
};

function zeroOf(field: FieldType): string {
  return kindOf(field) === "reference" ? "null" : "0";
}
