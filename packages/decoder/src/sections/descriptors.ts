// Checks the clauses by which types of structures describe each other (custom-descriptors proposal, "Custom Descriptor
// Definitions").
import { type DefinedType, type DefinedTypes, isDefinedSubtype, type RecGroup, type SubType } from "@anywasm/isa";
import { invalid } from "../messages.ts";

/** Both types of a pair are structures of one group, name each other, and the one that is described comes first. */
export function checkDescriptors({ start, types }: RecGroup, offset: number): void {
  types.forEach(({ describes, descriptor, composite }, i) => {
    const index = start + i;
    if (describes !== undefined) {
      const described = types[describes - start];
      if (described === undefined) throw invalid("described type is outside rec group", offset);
      if (describes >= index) throw invalid("forward use of described type", offset);
      if (described.descriptor !== index) throw invalid("described type is not described by descriptor", offset);
    }
    if (descriptor !== undefined) {
      const describing = types[descriptor - start];
      if (describing === undefined) throw invalid("descriptor type is outside rec group", offset);
      if (describing.describes !== index) throw invalid("type is not described by its descriptor", offset);
    }
    if (composite.kind === "struct") return;
    if (descriptor !== undefined) throw invalid("descriptor type must be a struct", offset);
    if (describes !== undefined) throw invalid("described type must be a struct", offset);
  });
}

/** Who describes is laid out for it, above and below; who is described need not be, above. */
export function haveMatchingClauses(type: SubType, supertype: SubType): boolean {
  if ((type.describes === undefined) !== (supertype.describes === undefined)) return false;
  return type.descriptor !== undefined || supertype.descriptor === undefined;
}

/** What a type and its supertype name in their clauses must be below each other in the same way. */
export function checkClause(
  what: "described" | "descriptor",
  index: number | undefined,
  above: number | undefined,
  defined: DefinedTypes,
  offset: number,
): void {
  if (index === undefined || above === undefined) return;
  if (!isDefinedSubtype(defined[index] as DefinedType, defined[above] as DefinedType))
    throw invalid(`${what} type ${index} does not match ${what} type ${above}`, offset);
}
