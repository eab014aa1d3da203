/** What a gateway says that saw the first worker. */
import { receiptClaims, signedJws } from '../world/receipt.ts'
import type { ReceiptKey } from '../world/receipt.ts'
import type { ServedLink } from './forge.ts'
import { sessionsOfStory, times } from './repository.ts'

export function signedReceipt(key: ReceiptKey, without: ServedLink | undefined): string {
  return signedJws(
    key,
    receiptClaims((it) => {
      it['iat'] = Date.parse(times.receipted) / 1_000
      it.session = {
        ...{ id: sessionsOfStory.first, tool: 'codex', parent: sessionsOfStory.planner },
        // Five minutes may lie between two clocks.
        started_at: without === 'receipt-time' ? times.deployed : times.first,
        ...{ ended_at: times.receipted, requests: 7 },
        models: [{ id: 'gpt-5.4', provider: 'openai', requests: 7 }],
      }
    }),
  )
}
