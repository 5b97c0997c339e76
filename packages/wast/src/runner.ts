// Runs the commands of a script against an engine and says of each what came of it. Nothing is skipped: a command that
// needs what the engine lacks is counted as unsupported, and so is everything that depends on it.
import {
  AssembleError,
  type Assembler,
  type Embedding,
  EmbeddingFailure,
  type FailureKind,
  type SharedExports,
} from "./embedding.ts";
import { type Action, type Command, type ModuleSource, parseScript } from "./script.ts";
import { fromByteString, toByteString } from "./sexpr.ts";
import { formatValue, matches, type Value } from "./values.ts";

export interface Outcome {
  readonly line: number;
  readonly command: Command["kind"];
  readonly result: "passed" | "failed" | "unsupported";
  /** Why it failed, or the feature it needs. */
  readonly reason: string;
}

/** Something depends on a module that could not be supported. */
class Unsupported extends Error {}

class Mismatch extends Error {}

/** A thread that runs commands of its own, in an agent of its own. */
export interface Thread {
  /** Waits for its end. */
  join(): readonly Outcome[];
}

/** What a thread is given. It can be posted to another agent, which hands it to `runThread`. */
export interface ThreadTask {
  readonly commands: readonly Command[];
  /** By the names of instances. */
  readonly shared: Readonly<Record<string, SharedExports>>;
}

export type StartThread = (task: ThreadTask) => Thread;

/**
 * @param startThread without it, commands that start threads are unsupported.
 * @throws ScriptSyntaxError for a file that is no script.
 */
export function runScript<D, I>(
  bytes: Uint8Array,
  embedding: Embedding<D, I>,
  assembler: Assembler,
  startThread?: StartThread,
): Outcome[] {
  return new ScriptRunner(embedding, assembler, startThread).runAll(parseScript(bytes));
}

/** Runs a thread's commands, in the agent that is the thread. */
export function runThread<D, I>(task: ThreadTask, embedding: Embedding<D, I>, startThread?: StartThread): Outcome[] {
  const runner = new ScriptRunner(embedding, undefined, startThread);
  for (const [name, shared] of Object.entries(task.shared)) runner.receive(name, shared);
  return runner.runAll(task.commands);
}

function describe(error: unknown): string {
  if (error instanceof EmbeddingFailure) return `${error.kind}: ${error.message}`;
  if (error instanceof Mismatch || error instanceof AssembleError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The command with its text assembled, where that can be. */
function assembled(command: Command, assembler: Assembler | undefined): Command {
  if (assembler === undefined) return command;
  if (command.kind === "thread")
    return { ...command, commands: command.commands.map((each) => assembled(each, assembler)) };
  if (!("source" in command) || !("text" in command.source)) return command;
  try {
    const bytes = assembler.assemble(fromByteString(command.source.text));
    return { ...command, source: { form: "binary", bytes: toByteString(bytes) } };
  } catch (error) {
    if (error instanceof AssembleError) return { ...command, source: { form: "refused", reason: error.message } };
    throw error;
  }
}

type Slot<I> = { readonly instance: I } | { readonly unsupported: string };

class ScriptRunner<D, I> {
  private readonly embedding: Embedding<D, I>;
  /** Threads have none: they are given binaries. */
  private readonly assembler: Assembler | undefined;
  private readonly instances = new Map<string, Slot<I>>();
  private readonly definitions = new Map<string, D | Unsupported>();
  private latest: Slot<I> | undefined;
  private latestDefinition: D | Unsupported | undefined;
  /** Names registered for modules that are not there; what imports them cannot be supported either. */
  private readonly missing = new Map<string, string>();
  private readonly startThread: StartThread | undefined;
  /** Those that have not been waited for. */
  private readonly threads = new Map<string, Thread>();

  constructor(embedding: Embedding<D, I>, assembler: Assembler | undefined, startThread: StartThread | undefined) {
    this.embedding = embedding;
    this.assembler = assembler;
    this.startThread = startThread;
  }

  receive(name: string, shared: SharedExports): void {
    this.instances.set(name, { instance: this.embedding.receive(shared) });
  }

  /** Outcomes of a thread's commands stand where it is waited for, or at the end. */
  runAll(commands: readonly Command[]): Outcome[] {
    const outcomes = commands.flatMap((command) => {
      const { line, kind } = command;
      const outcome = (result: Outcome["result"], reason: string): Outcome => ({ line, command: kind, result, reason });
      try {
        return [outcome("passed", ""), ...(this.run(command) ?? [])];
      } catch (error) {
        return [
          error instanceof Unsupported ? outcome("unsupported", error.message) : outcome("failed", describe(error)),
        ];
      }
    });
    for (const thread of this.threads.values()) outcomes.push(...thread.join());
    return outcomes;
  }

  /** @returns outcomes of commands that have run elsewhere. */
  private run(command: Command): readonly Outcome[] | undefined {
    if (command.kind === "wait") return this.wait(command.thread);
    this.runHere(command);
    return undefined;
  }

  private runHere(command: Exclude<Command, { kind: "wait" }>): void {
    switch (command.kind) {
      case "module":
        return this.settle(command.name, () => this.embedding.instantiate(this.define(command.source)));
      case "module_definition":
        return this.defineNamed(command.name, command.source);
      case "module_instance":
        return this.settle(command.name, () => this.embedding.instantiate(this.definition(command.definition)));
      case "register":
        return this.register(command.as, command.module);
      case "action":
        this.act(command.action);
        return;
      case "assert_return": {
        const actual = this.act(command.action);
        const { expected } = command;
        if (actual.length !== expected.length || !actual.every((value, i) => matches(value, expected[i] as Value)))
          throw new Mismatch(
            `expected ${expected.map(formatValue).join(" ")}, got ${actual.map(formatValue).join(" ")}`,
          );
        return;
      }
      case "assert_trap":
        return this.expectFailure(["trap"], command.message, () => this.act(command.action));
      case "assert_exhaustion":
        return this.expectFailure(["exhaustion"], command.message, () => this.act(command.action));
      case "assert_exception":
        return this.expectFailure(["exception"], "", () => this.act(command.action));
      case "assert_uninstantiable":
        return this.expectFailure(["trap", "exhaustion"], command.message, () =>
          this.embedding.instantiate(this.define(command.source)),
        );
      case "assert_unlinkable":
        return this.expectFailure(["unlinkable"], command.message, () =>
          this.embedding.instantiate(this.define(command.source)),
        );
      case "assert_malformed":
        return this.expectRejection(command.source);
      case "assert_invalid":
        return this.expectRejection(command.source);
      case "assert_malformed_custom":
        return this.expectCustomRejection("malformed", command.source, command.message);
      case "assert_invalid_custom":
        return this.expectCustomRejection("invalid", command.source, command.message);
      case "thread":
        return this.start(command.name, command.shared, command.commands);
      case "unsupported":
        throw new Unsupported(`command ${command.what}`);
    }
  }

  private start(name: string, sharedNames: readonly string[], commands: readonly Command[]): void {
    if (this.threads.has(name)) throw new Mismatch(`the thread ${name} is still running`);
    if (this.startThread === undefined) throw new Unsupported("threads of the host");
    const shared = sharedNames.map((each) => {
      const slot = this.slot(each);
      if ("unsupported" in slot) throw new Unsupported(slot.unsupported);
      return [each, this.embedding.share(slot.instance)] as const;
    });
    const task = {
      commands: commands.map((each) => assembled(each, this.assembler)),
      shared: Object.fromEntries(shared),
    };
    this.threads.set(name, this.startThread(task));
  }

  private wait(name: string): readonly Outcome[] {
    const thread = this.threads.get(name);
    if (thread === undefined) {
      if (this.startThread === undefined) throw new Unsupported("threads of the host");
      throw new Mismatch(`no thread ${name}`);
    }
    this.threads.delete(name);
    return thread.join();
  }

  private assemble(source: ModuleSource): Uint8Array {
    if (source.form === "refused") throw new AssembleError(source.reason);
    if (source.form === "binary") return fromByteString(source.bytes);
    if (this.assembler === undefined) throw new Error("text in a thread, which has no assembler");
    return this.assembler.assemble(fromByteString(source.text));
  }

  private define(source: ModuleSource): D {
    try {
      return this.embedding.define(this.assemble(source));
    } catch (error) {
      throw asUnsupported(error);
    }
  }

  /** Runs `make` and remembers what it gives, or that it could not be supported. */
  private settle(name: string | undefined, make: () => I): void {
    let slot: Slot<I>;
    let failure: unknown;
    try {
      slot = { instance: this.supported(make) };
    } catch (error) {
      failure = error;
      slot = { unsupported: error instanceof Unsupported ? error.message : "a module that failed" };
    }
    this.latest = slot;
    if (name !== undefined) this.instances.set(name, slot);
    if (failure !== undefined) throw failure;
  }

  /** A link failure for want of a module that could not be supported is no failure of the linker. */
  private supported<T>(make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (error instanceof EmbeddingFailure && error.kind === "unlinkable") {
        for (const [name, reason] of this.missing)
          if (error.message.includes(JSON.stringify(name))) throw new Unsupported(reason);
      }
      throw error;
    }
  }

  private defineNamed(name: string | undefined, source: ModuleSource): void {
    let definition: D | Unsupported;
    try {
      definition = this.define(source);
    } catch (error) {
      definition = error instanceof Unsupported ? error : new Unsupported("a module that failed");
      this.remember(name, definition);
      throw error;
    }
    this.remember(name, definition);
  }

  private remember(name: string | undefined, definition: D | Unsupported): void {
    this.latestDefinition = definition;
    if (name !== undefined) this.definitions.set(name, definition);
  }

  private definition(name: string | undefined): D {
    const found = name === undefined ? this.latestDefinition : this.definitions.get(name);
    if (found === undefined) throw new Mismatch(`no module definition ${name ?? ""}`);
    if (found instanceof Unsupported) throw found;
    return found;
  }

  private slot(name: string | undefined): Slot<I> {
    const slot = name === undefined ? this.latest : this.instances.get(name);
    if (slot === undefined) throw new Mismatch(`no module ${name ?? ""}`);
    return slot;
  }

  private register(as: string, name: string | undefined): void {
    const slot = this.slot(name);
    if ("unsupported" in slot) {
      this.missing.set(as, slot.unsupported);
      throw new Unsupported(slot.unsupported);
    }
    this.missing.delete(as);
    this.embedding.register(as, slot.instance);
  }

  private act({ kind, module, field, args }: Action): readonly Value[] {
    const slot = this.slot(module);
    if ("unsupported" in slot) throw new Unsupported(slot.unsupported);
    return kind === "get"
      ? [this.embedding.get(slot.instance, field)]
      : this.embedding.invoke(slot.instance, field, args);
  }

  private expectFailure(kinds: readonly FailureKind[], message: string, run: () => unknown): void {
    try {
      this.supported(run);
    } catch (error) {
      if (!(error instanceof EmbeddingFailure) || !kinds.includes(error.kind)) throw error;
      // As the reference interpreter does: one message may be a shorter form of the other.
      if (!error.message.startsWith(message) && !message.startsWith(error.message))
        throw new Mismatch(`expected "${message}", got "${error.message}"`);
      return;
    }
    throw new Mismatch(`expected ${kinds[0]} "${message}", but nothing failed`);
  }

  /** The text may be refused by the assembler, the binary by the engine; which of the two reasons is theirs to say. */
  private expectRejection(source: ModuleSource): void {
    try {
      this.define(source);
    } catch (error) {
      if (error instanceof AssembleError) return;
      if (error instanceof EmbeddingFailure && (error.kind === "malformed" || error.kind === "invalid")) return;
      throw error;
    }
    throw new Mismatch("expected the module to be refused");
  }

  /** Annotations are the assembler's to refuse; what it makes custom sections of is told by whoever checks those. */
  private expectCustomRejection(kind: "malformed" | "invalid", source: ModuleSource, message: string): void {
    let definition: D;
    try {
      definition = this.define(source);
    } catch (error) {
      if (error instanceof AssembleError && kind === "malformed") return;
      throw error;
    }
    const { checkCustomSections } = this.embedding;
    if (checkCustomSections === undefined) throw new Unsupported("a check of custom sections");
    this.expectFailure([kind], message, () => checkCustomSections(definition));
  }
}

function asUnsupported(error: unknown): unknown {
  return error instanceof EmbeddingFailure && error.kind === "unsupported"
    ? new Unsupported(error.feature ?? error.message)
    : error;
}
