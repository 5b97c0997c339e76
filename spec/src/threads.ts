// Threads of scripts, which run on what their scripts do.
import { Worker } from "node:worker_threads";
import { type ThreadData as CommonData, threadsOf as threadsIn } from "@anywasm/cli/threads";
import type { StartThread } from "@anywasm/wast";
import type { Tier } from "./embeddings.ts";

/** What the thread's own file is given. */
export interface ThreadData extends CommonData {
  readonly file: string;
  readonly tier: Tier;
  /** Its own JavaScript, for threads that it starts. */
  readonly source: string;
}

/** @param source gives the JavaScript of a thread: see thread-source.ts. */
export function threadsOf(file: string, tier: Tier, source: () => string): StartThread {
  return threadsIn((data, transferList) => {
    const text = source();
    const workerData: ThreadData = { ...data, file, tier, source: text };
    return new Worker(text, { eval: true, execArgv: [], workerData, transferList });
  });
}
