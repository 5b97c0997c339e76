// Threads of scripts (`thread`, `wait`) as threads of Node: each has an agent, an engine and a store of its own, and what the
// script shares. They run at the same time, so scripts see what agents can see of each other, in no order but the one that
// their instructions make.
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { Outcome, StartThread, ThreadTask } from "@anywasm/wast";
import type { Tier } from "./embeddings.ts";

/** What the thread's own file is given. */
export interface ThreadData {
  readonly task: ThreadTask;
  readonly file: string;
  readonly tier: Tier;
  /** Its own JavaScript, for threads that it starts. */
  readonly source: string;
  /** Takes the outcomes. */
  readonly port: MessagePort;
  /** One Int32, which becomes 1 after the outcomes have been sent. */
  readonly done: SharedArrayBuffer;
}

/** A thread that takes longer waits for what never comes. */
const timeoutMs = 10_000;

/** @param source gives the JavaScript of a thread: see thread-source.ts. */
export function threadsOf(file: string, tier: Tier, source: () => string): StartThread {
  return (task) => {
    const text = source();
    const done = new SharedArrayBuffer(4);
    const { port1, port2 } = new MessageChannel();
    const workerData: ThreadData = { task, file, tier, source: text, port: port2, done };
    const worker = new Worker(text, { eval: true, execArgv: [], workerData, transferList: [port2] });
    worker.unref();
    return {
      join: () => {
        // Scripts are run without turns of the event loop.
        Atomics.wait(new Int32Array(done), 0, 0, timeoutMs);
        const received = receiveMessageOnPort(port1) as { readonly message: readonly Outcome[] } | undefined;
        port1.close();
        void worker.terminate();
        if (received === undefined) throw new Error(`the thread has not ended within ${timeoutMs} ms`);
        return received.message;
      },
    };
  };
}
