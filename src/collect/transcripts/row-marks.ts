/** Where in a session rows stood, so that a later one can go back to before or behind them. */
import type { Mark } from './session-sink.ts'

/** Rows of which that is kept: a conversation goes back by some turns, not by a hundred thousand rows. */
const most = 100_000

export class RowMarks {
  readonly #marks = new Map<string, Mark>()
  /** In the order in which they were set, which is that of the marks. */
  #order: { readonly id: string; readonly mark: Mark }[] = []

  set(id: string, mark: Mark): void {
    this.#marks.delete(id)
    this.#marks.set(id, mark)
    this.#order.push({ id, mark })
    if (this.#order.length > 2 * most) this.#order = this.#order.slice(-most)
    if (this.#marks.size <= most) return
    for (const oldest of this.#marks.keys()) {
      this.#marks.delete(oldest)
      break
    }
  }

  get(id: string): Mark | undefined {
    return this.#marks.get(id)
  }

  /** Rows behind there are none any more. Only those are looked at, however often a transcript goes back. */
  forget(since: Mark): void {
    for (let last = this.#order.at(-1); last !== undefined && last.mark > since; last = this.#order.at(-1)) {
      this.#order.pop()
      if (this.#marks.get(last.id) === last.mark) this.#marks.delete(last.id)
    }
  }
}
