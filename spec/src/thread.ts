// Runs the commands of a script's thread: the file of a worker that threads.ts starts.
import { workerData } from "node:worker_threads";
import { runThread } from "@anywasm/wast";
import { embeddingFor } from "./embeddings.ts";
import { type ThreadData, threadsOf } from "./threads.ts";

const { task, file, tier, source, port, done } = workerData as ThreadData;
port.postMessage(
  runThread(
    task,
    embeddingFor(file, tier),
    threadsOf(file, tier, () => source),
  ),
);
const flag = new Int32Array(done);
Atomics.store(flag, 0, 1);
Atomics.notify(flag, 0);
