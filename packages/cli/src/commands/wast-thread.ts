// Runs the commands of a script's thread: the file of a worker that `anywasm wast` starts.
import { workerData } from "node:worker_threads";
import { runThread } from "@anywasm/wast";
import { answer, type ThreadData } from "../threads.ts";
import { startThread, wastEmbedding } from "./wast.ts";

answer(workerData as ThreadData, (task) => runThread(task, wastEmbedding(), startThread));
