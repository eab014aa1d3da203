/**
 * OpenAI's Compliance API: `GET /v1/compliance/workspaces/{workspace_id}/logs` lists files of events (`CODEX_LOG`), and each is fetched
 * whole. Of what stands in one event no document is public, and there is no question about one session: so none is asked.
 */
import { wholeAddress } from './members.ts'
import type { PortalRow } from './row.ts'

export const openaiCompliance: PortalRow = {
  id: 'openai-compliance',
  known: 'documented',
  form: 'https://api.chatgpt.com',
  address: wholeAddress,
  headers: (token) => ({ accept: 'application/json', authorization: `Bearer ${token}` }),
  question: () => ({ cannot: 'its logs are files of all sessions, and what stands in them is not published' }),
  unknownAt: [],
  read: () => undefined,
}
