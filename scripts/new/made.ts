/** What `npm run new` makes of a kind: files with their texts, and rows in files that are there. */
export interface Made {
  readonly files: { readonly [path: string]: string }
  readonly rows: readonly AddedRow[]
  /** Commands that make it whole, and what then runs green. */
  readonly now: string
}

/** What is added to a file: before the last, or behind the first, place of a text. */
export interface AddedRow {
  readonly path: string
  readonly text: string
  readonly before?: string
  readonly behind?: RegExp
}

/** `made-up` → `madeUp`, as a constant is called. */
export function camelOf(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
