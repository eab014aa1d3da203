/** What a test found out about a client, told to the reporter that writes docs/interop.md. */
import { test } from 'vitest'
import type { ToolName } from './versions.ts'

export interface Finding {
  readonly client: ToolName
  /** Who signs. */
  readonly signer: 'ours' | 'theirs'
  readonly rekor: 1 | 2
  /** What happens to the bundle, if this test passes. */
  readonly outcome: 'accepted' | 'refused' | 'unnoticed'
  /** The changed place, for the two latter. */
  readonly place?: string
}

declare module 'vitest' {
  interface TaskMeta {
    finding?: Finding
  }
}

export function finding(name: string, found: Finding, body: () => Promise<void>): void {
  test(name, async ({ task }) => {
    task.meta.finding = found
    await body()
  })
}
