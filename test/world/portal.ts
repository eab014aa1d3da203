/** Portals on loopback: what each kind answers about one session, in the form that its documents give. */
import type { PortalAdapter } from '../../src/model/portal-adapters.ts'

export const portalToken = 'invented-portal-token-0123456789'
/** What some portals send unasked, and nobody keeps. */
export const unasked = 'a prompt that nobody keeps'

export interface PortalSample {
  /** Path of the address that is named. */
  readonly path: string
  readonly tool: string
  readonly id: string
  /** Its header with the token. */
  readonly header: readonly [name: string, value: string]
  /** Path of the question, without its query. */
  readonly question: string
  /** An answer about that session, of Ann, between ten and eleven o'clock on 2026-01-10. */
  readonly answer: (id: string) => unknown
  /** The same answer about nothing. */
  readonly none: unknown
}

export const session = (id: string, more: object = {}): object => ({
  ...{ tool: 'claude-code', id, user: { email: 'Ann@example.com' }, models: ['claude-opus-4-6'] },
  repositories: ['https://github.com/acme/widget'],
  ...{ startedAt: '2026-01-10T10:00:00Z', endedAt: '2026-01-10T11:00:00Z' },
  ...more,
})

const bearer = ['authorization', `Bearer ${portalToken}`] as const
const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e'
const gateway = '/client/v4/accounts/0123456789abcdef0123456789abcdef/ai-gateway/gateways/main'

export const portalSamples: { readonly [adapter in Exclude<PortalAdapter, 'openai-compliance'>]: PortalSample } = {
  contract: {
    ...{ path: '', tool: 'claude-code', id: uuid, header: bearer, question: `/v1/sessions/claude-code/${uuid}` },
    answer: (id) => ({ session: session(id) }),
    none: undefined,
  },
  litellm: {
    ...{ path: '', tool: 'claude-code', id: uuid, header: bearer, question: '/spend/logs/session/ui' },
    answer: (id) => ({
      data: [
        litellmRow(id, '2026-01-10T10:00:00+00:00', '2026-01-10T10:00:09.5+00:00'),
        litellmRow(id, '2026-01-10 10:59:00', '2026-01-10 11:00:00'),
      ],
      ...{ total: 2, page: 1, page_size: 100, total_pages: 1 },
    }),
    none: { data: [], total: 0, page: 1, page_size: 100, total_pages: 0 },
  },
  'github-audit-log': {
    ...{
      path: '/api/v3/orgs/acme',
      tool: 'copilot',
      id: uuid,
      header: bearer,
      question: '/api/v3/orgs/acme/audit-log',
    },
    answer: (id) => [
      auditEvent(id, '2026-01-10T10:00:00Z'),
      auditEvent('ffffffff-d9cb-469f-a165-70867728950e', '2026-01-10T10:30:00Z'),
      auditEvent(id, '2026-01-10T11:00:00Z'),
    ],
    none: [],
  },
  'anthropic-compliance': {
    ...{ path: '', tool: 'claude-code', id: 'clls_eyJ2IjoxfQ', header: ['x-api-key', portalToken] },
    question: '/v1/compliance/apps/sessions/local/clls_eyJ2IjoxfQ',
    answer: (id) => ({
      ...{ type: 'compliance_local_session', id, product_surface: 'claude_code', truncated: false },
      ...{ created_at: '2026-01-10T10:00:00.000001Z', updated_at: '2026-01-10T11:00:00Z' },
      ...{ user: { id: 'user_01', email_address: 'ann@example.com' }, organization_uuid: uuid, workspace_id: null },
    }),
    none: undefined,
  },
  coder: {
    ...{ path: '', tool: 'claude-code', id: uuid, header: ['coder-session-token', portalToken] },
    question: '/api/v2/aibridge/sessions',
    answer: (id) => ({
      count: 1,
      sessions: [
        {
          ...{ id, client: 'Claude Code', initiator: { id: uuid, username: 'ann', name: 'Ann' }, models: [] },
          ...{ started_at: '2026-01-10T10:00:00Z', ended_at: '2026-01-10T11:00:00Z', last_prompt: unasked },
        },
      ],
    }),
    none: { count: 0, sessions: [] },
  },
  'cloudflare-ai-gateway': {
    ...{ path: gateway, tool: 'claude-code', id: uuid, header: bearer, question: `${gateway}/logs` },
    answer: (id) => ({
      success: true,
      result: ['2026-01-10 10:00:00', '2026-01-10T11:00:00Z'].map((at) => ({
        ...{ id: '01J', created_at: at, model: 'claude-opus-4-6' },
        // The client writes it: anybody may say that they are Ann.
        metadata: JSON.stringify({ session_id: id, user: 'ann@example.com', repository: 'acme/widget' }),
      })),
      result_info: { page: 1, per_page: 50, count: 2, total_count: 2 },
    }),
    none: { success: true, result: [], result_info: { total_count: 0 } },
  },
}

function litellmRow(id: string, startTime: string, endTime: string): object {
  return {
    ...{ request_id: 'r', session_id: id, user: 'ann@example.com', end_user: unasked, startTime, endTime },
    ...{ model: 'claude-opus-4-6', messages: unasked, response: unasked, metadata: {} },
  }
}

function auditEvent(id: string, at: string): object {
  return {
    ...{ '@timestamp': Date.parse(at), action: 'pull_request.create', actor: 'Copilot', actor_is_agent: true },
    ...{ agent_session_id: id, user: 'ann', repo: 'acme/widget', org: 'acme' },
  }
}
