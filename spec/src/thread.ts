// Runs the commands of a script's thread: the file of a worker that suite.ts starts.
import { workerData } from "node:worker_threads";
import { answer } from "@anywasm/cli/threads";
import { runThread } from "@anywasm/wast";
import { embeddingFor } from "./embeddings.ts";
import { type ThreadData, threadsOf } from "./threads.ts";

const data = workerData as ThreadData;
const { file, tier, source } = data;
answer(data, (task) =>
  runThread(
    task,
    embeddingFor(file, tier),
    threadsOf(file, tier, () => source),
  ),
);
