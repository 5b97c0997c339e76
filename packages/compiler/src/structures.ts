// The JavaScript of a structure's type: a class of its own, so that engines keep each field in a representation of its own.
import { type FieldType, f32, f64, i64, isRefType, type StructType, v128 } from "@anywasm/isa";

/**
 * A function expression that takes a type and gives the function that makes structures of that type, whose parameters are
 * the words of the fields in order, and the descriptor if there is one.
 */
export function structureSource({ fields }: StructType, hasDescriptor: boolean): string {
  const ofFields = fields.flatMap(propertiesOf);
  const words = hasDescriptor ? [...ofFields, "descriptor"] : ofFields;
  const first = [...fields.flatMap(firstWords), ...(hasDescriptor ? ["null"] : [])];
  const parameters = words.join(", ");
  const assignments = words.map((word) => `\n      this.${word} = ${word};`).join("");
  return `function structure(type) {
  class Structure {
    constructor(${parameters}) {
      this.type = type;${assignments}
    }
  }
  const make = (${parameters}) => new Structure(${parameters});
  make(${first.join(", ")});
  return make;
}`;
}

/** The names of a field's words, in order. */
export function propertiesOf({ storage }: FieldType, i: number): readonly string[] {
  const names = [`f${i}`, `h${i}`, `i${i}`, `j${i}`];
  return storage === v128 ? names : names.slice(0, storage === i64 ? 2 : 1);
}

/** Of the first structure, by which engines choose representations: a number that is none of theirs for integers. */
function firstWords({ storage }: FieldType): readonly string[] {
  if (storage === i64) return ["0", "0"];
  if (storage === v128) return ["0", "0", "0", "0"];
  if (storage === f32 || storage === f64) return ["0.5"];
  return [typeof storage !== "string" && isRefType(storage) ? "null" : "0"];
}
