// Instantiation (core spec, §4.7.2): links, allocates, initialises, starts.
import type { Module } from "@anywasm/engine";
import { allocate, createInstanceRecord, type InstanceRecord, initialise } from "./allocate.ts";
import { translateException } from "./backtrace.ts";
import { makeEntries } from "./entry.ts";
import type { Instance } from "./instance.ts";
import { type ImportResolver, linkImports } from "./link.ts";
import type { Code, FuncRecord } from "./records.ts";
import type { Store } from "./store.ts";

// biome-ignore lint/suspicious/noExplicitAny: a store of any data
type AnyStore = Store<any>;

/**
 * @param allocated is called before anything of the guest runs.
 * @param caller what host functions that were linked to this instance are told of it.
 * @throws LinkError, UsageError where the host has no memory, or what the embedding makes of a Trap.
 */
export function instantiate(
  store: AnyStore,
  module: Module,
  resolve: ImportResolver,
  allocated?: (record: InstanceRecord) => void,
  caller: () => Instance | undefined = () => undefined,
): InstanceRecord {
  const record = createInstanceRecord(module);
  linkImports(store, record, resolve, caller);
  allocate(record);
  prepareEntries(record);
  allocated?.(record);
  try {
    initialise(record);
    const { start } = module.structure;
    if (start !== undefined) (record.functions[start] as FuncRecord).code();
  } catch (error) {
    throw translateException(store, error);
  }
  return record;
}

/** Exported functions get entries when the host first takes one of them. */
function prepareEntries({ module, functions }: InstanceRecord): void {
  const indices = module.directExports;
  let made: readonly Code[] | undefined;
  indices.forEach((index, i) => {
    const record = functions[index] as FuncRecord;
    record.entry ??= (store) => {
      made ??= makeEntries(
        store,
        module,
        indices.map((each) => functions[each] as FuncRecord),
      );
      return made[i] as Code;
    };
  });
}
