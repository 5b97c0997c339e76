// Threads of scripts (`thread`, `wait`) as threads of Node: each has an agent, an engine and a store of its own, and what the
// script shares. They run at the same time, so scripts see what agents can see of each other, in no order but the one that
// their instructions make.
import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from "node:worker_threads";
import type { Outcome, StartThread, ThreadTask } from "@anywasm/wast";

/** What a thread's worker is given. */
export interface ThreadData {
  readonly task: ThreadTask;
  /** Takes the outcomes. */
  readonly port: MessagePort;
  /** One Int32, which becomes 1 after the outcomes have been sent. */
  readonly done: SharedArrayBuffer;
}

/** A thread that takes longer waits for what never comes. */
const timeoutMs = 10_000;

/** @param start makes a worker that gives what it was given to `answer`; it is to have the port of its own. */
export function threadsOf(start: (data: ThreadData, transferList: MessagePort[]) => Worker): StartThread {
  return (task) => {
    const done = new SharedArrayBuffer(4);
    const { port1, port2 } = new MessageChannel();
    const worker = start({ task, port: port2, done }, [port2]);
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

/** Runs a thread's commands and tells the outcomes, in its worker. */
export function answer({ task, port, done }: ThreadData, run: (task: ThreadTask) => readonly Outcome[]): void {
  port.postMessage(run(task));
  const flag = new Int32Array(done);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}
