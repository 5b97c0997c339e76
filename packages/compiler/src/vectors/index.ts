// A module as stages see it that know of no vectors.
import type { Func } from "@anywasm/ir";
import type { ModuleContext } from "../module-context.ts";
import { hasVectors } from "./places.ts";
import { scalarize } from "./scalarize.ts";

/**
 * The module with words in place of vectors in the IR of its functions. Names of locals follow their variables.
 * @param prepare what is done to a function with vectors before
 */
export function withoutVectors(module: ModuleContext, prepare: (func: Func) => Func = (func) => func): ModuleContext {
  const locals = new Map(module.names.locals);
  return {
    ...module,
    names: { ...module.names, locals },
    build: (index) => {
      const func = module.build(index);
      if (!hasVectors(func)) return func;
      const { func: made, places } = scalarize(prepare(func));
      const names = new Map<number, string>();
      for (const [variable, name] of module.names.locals.get(index) ?? [])
        places[variable]?.forEach((place, i) => {
          names.set(place, i === 0 ? name : `${name}$${i}`);
        });
      locals.set(index, names);
      return made;
    },
  };
}
