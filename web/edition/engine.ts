// The engine from the page's side: a worker that is started when first asked, ended when a query takes too long or nobody
// waits for it any more, and then started again from what came before.

/** What the engine cannot be had for, in the order in which it is found out. */
type Reason = "old" | "stick" | "too_large" | "missing" | "damaged" | "unreachable" | "unable";

/** There is no engine; carries why, and which file it is about. */
export class NoEngine extends Error {
  reason;
  about;

  constructor(reason: Reason, about: Record<string, unknown> = {}) {
    super(reason);
    this.reason = reason;
    this.about = about;
  }
}

export class Engine {
  worker: Worker | undefined;
  /** What came over the network, for the next worker. */
  kept: EngineContent | undefined;
  /** What it is made from, once that was asked for. */
  files: Promise<EngineFiles> | undefined;
  /** Has who waits for the worker told that it ended. */
  ended: ((error: Error) => void) | undefined;
  /** One query after the other: the end of the last one. */
  last: Promise<unknown> = Promise.resolve();

  address;
  progress;

  /** @param address of what the engine is made from */
  constructor(address: string, progress: (bytes: number, of: number) => void) {
    this.address = address;
    this.progress = progress;
  }

  /**
   * Returns the answer to a query, or how the service would refuse it; raises NoEngine, or what `signal` was aborted for.
   * @param asked `reads` has the query only read
   */
  ask(asked: { query: string; mediaTypes: string[]; reads?: boolean }, signal: AbortSignal | null | undefined) {
    const turn = this.last.then(() => this.run(asked, signal));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  async run(
    asked: { query: string; mediaTypes: string[]; reads?: boolean },
    signal: AbortSignal | null | undefined,
  ): Promise<EngineAnswer> {
    signal?.throwIfAborted();
    const left = () => this.end();
    signal?.addEventListener("abort", left);
    try {
      const { seconds } = await this.opened();
      signal?.throwIfAborted();
      const limit = setTimeout(() => this.end(new TooLong()), seconds * 1000);
      try {
        const { answer } = await this.order({ ask: asked });
        if (answer.broken) this.end();
        return answer;
      } finally {
        clearTimeout(limit);
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof TooLong) return { status: 504, detail: "" };
      throw error;
    } finally {
      signal?.removeEventListener("abort", left);
    }
  }

  /** Has a worker with the release in it; returns what it was made from. */
  async opened() {
    const told = await this.told();
    if (this.worker) return told;
    const { base } = this;
    try {
      this.worker = new Worker(new URL(told.worker, base), { type: "module" });
    } catch {
      throw new NoEngine("old");
    }
    try {
      const { opened } = await this.order({ open: { told, base, kept: this.kept } });
      this.kept = opened;
    } catch (error) {
      this.end();
      throw error;
    }
    return told;
  }

  /** The address that those of its files are relative to. */
  get base() {
    return new URL(this.address, window.location.href).href;
  }

  /** Returns of which files the edition has its engine and what else is prepared; raises NoEngine where that is not told. */
  async description() {
    this.files ??= filesAt(this.address);
    try {
      return await this.files;
    } catch (error) {
      this.files = undefined;
      throw error;
    }
  }

  /** Returns of which files the engine is made; raises NoEngine where this browser or this release has none. */
  async told() {
    if (window.location.protocol === "file:") throw new NoEngine("stick");
    if (!("WebAssembly" in window && "Worker" in window)) throw new NoEngine("old");
    const told = await this.description();
    if (told.too_large) throw new NoEngine("too_large", told.too_large);
    return told;
  }

  /** Gives the worker an order; returns what it reports in the end. */
  order(order: WorkerOrder): Promise<{ answer: EngineAnswer; opened: EngineContent }> {
    const worker = this.worker as Worker;
    return new Promise((resolve, reject) => {
      this.ended = reject;
      worker.onerror = () => reject(new NoEngine("missing", { file: "engine.js" }));
      worker.onmessage = ({ data }) => {
        const report: WorkerReport = data;
        if ("progress" in report) this.progress(report.progress.bytes, report.progress.of);
        else if ("failed" in report) reject(new NoEngine(report.failed.reason, report.failed));
        else resolve(report as any);
      };
      worker.postMessage(order);
    });
  }

  /**
   * Ends the worker with what it does: the next query starts another one.
   * @param error what who waits for it is told
   */
  end(error: Error = new Error("ended")) {
    this.worker?.terminate();
    this.worker = undefined;
    this.ended?.(error);
  }
}

/** A query took longer than it may. */
class TooLong extends Error {}

async function filesAt(address: string): Promise<EngineFiles> {
  const answer = await fetch(address).catch(() => null);
  const file = address.replace(/.*\//, "");
  if (!answer) throw new NoEngine("unreachable", { file });
  if (!answer.ok) throw new NoEngine("missing", { file });
  return answer.json().catch(() => {
    throw new NoEngine("damaged", { file });
  });
}
