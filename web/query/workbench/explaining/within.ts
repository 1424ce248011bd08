// Questions that an explanation asks of the service, all within one time.
import { Unanswered, answerTo } from "../asking.ts";

/** How long an explanation may ask, in milliseconds. */
export const BUDGET = 10_000;

/** The time is used up. */
export class Spent extends Error {}

export class Within {
  told;
  signal;
  until;

  /** @param told addresses */
  constructor(
    told: { endpoint: string; check: string },
    { budget = BUDGET, signal }: { budget?: number; signal?: AbortSignal } = {},
  ) {
    this.told = told;
    this.signal = signal;
    this.until = performance.now() + budget;
  }

  /** Returns the whole answer of a query; throws Spent when the time is over, Unanswered where it is refused. */
  async ask(query: string): Promise<Result> {
    const left = this.until - performance.now();
    if (left <= 0) throw new Spent();
    const late = AbortSignal.timeout(Math.ceil(left));
    const signals = [late, this.signal].filter(Boolean);
    const [over, ends] = [new AbortController(), () => over.abort()];
    for (const signal of signals) signal.addEventListener("abort", ends, { once: true });
    if (this.signal?.aborted) ends();
    try {
      return JSON.parse((await answerTo(query, this.told, over.signal)).text);
    } catch (error) {
      if (late.aborted && !this.signal?.aborted) throw new Spent();
      throw error;
    } finally {
      for (const signal of signals) signal.removeEventListener("abort", ends);
    }
  }

  /** Tells whether an ASK holds, null where the service refuses it. */
  async holds(query: string) {
    return (await this.unlessRefused(query))?.boolean ?? null;
  }

  /** Returns the rows of a SELECT, none where the service refuses it. */
  async rows(query: string) {
    return (await this.unlessRefused(query))?.results.bindings ?? [];
  }

  /** Returns the number that a SELECT of one ?n finds, null where the service refuses it. */
  async count(query: string) {
    const [row] = await this.rows(query);
    return row?.n ? Number(row.n.value) : null;
  }

  async unlessRefused(query: string) {
    try {
      return await this.ask(query);
    } catch (error) {
      if (error instanceof Unanswered) return null;
      throw error;
    }
  }
}
