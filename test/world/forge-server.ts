/** A forge on loopback that answers as its documents say, with invented data. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { accountAt } from '../../src/collect/context/agent-accounts.ts'
import { forgeAddress } from '../../src/collect/forge/api-address.ts'
import { openAsking } from '../../src/collect/forge/asking.ts'
import type { ForgeContext } from '../../src/collect/forge/context-row.ts'
import { knownTools } from '../../src/collect/sessions/tools.ts'
import { worldOf } from '../../src/platform/world.ts'
import type { World } from '../../src/platform/world.ts'
import { loopback } from './loopback-server.ts'

export const forgeToken = 'invented-token-0123456789'

/** Path behind the address of the API, without its query → what it answers: a body, or how it does. */
export type Answers = Readonly<Record<string, unknown>>
export type AnswerItself = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => void

export interface AskedServer {
  readonly origin: string
  readonly api: string
  /** Paths with their queries, and the authorization that came with them. */
  readonly asked: readonly { readonly path: string; readonly authorization: string | undefined }[]
}

/** `base` is the path of its API: `/api/v3`. What it has no answer for it does not know. */
export async function forgeServer(base: string, answers: Answers): Promise<AskedServer> {
  const asked: { path: string; authorization: string | undefined }[] = []
  const origin = await loopback((request, response) => {
    answerAs(base, answers, request, response)
    asked.push({ path: (request.url ?? '').slice(base.length), authorization: request.headers.authorization })
  })
  return { origin, api: `${origin}${base}`, asked }
}

/** For a server that answers other questions, too. */
export function answerAs(base: string, answers: Answers, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', 'http://localhost')
  const answer = answers[url.pathname.slice(base.length)]
  if (typeof answer === 'function') (answer as AnswerItself)(request, response, url.searchParams)
  else if (answer === undefined) response.writeHead(404).end('{"message":"Not Found"}')
  else response.end(JSON.stringify(answer))
}

/** The same for one whole question after another, each within its time. */
export function contextAt(api: string, repository: string, world: Partial<World> = {}): ForgeContext {
  const address = forgeAddress(`https://git.example/${repository}`, api)
  const asking = openAsking({ api: address.api, headers: address.row.headers }, forgeToken, worldOf(world))
  const account = accountAt('git.example', knownTools)
  const context = address.row.context({ asking, repository: address.repository, account })
  const { deployments } = context
  return {
    request: (number) => asking.during(() => context.request(number)),
    reviews: (number) => asking.during(() => context.reviews(number)),
    checks: (commit) => asking.during(() => context.checks(commit)),
    branchRules: (branch) => asking.during(() => context.branchRules(branch)),
    deployments: deployments === undefined ? undefined : (commit) => asking.during(() => deployments(commit)),
  }
}
