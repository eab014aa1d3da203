/** Which service answers where: the paths of Fulcio, Rekor v1 and v2, the timestamp authority, OIDC and TUF side by side. */
import { parseJson } from '../model/json.ts'
import type { Json } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import type { CertificateAuthority } from './authority.ts'
import { claimInputNames } from '../providers/sample.ts'
import type { ClaimInputs } from '../providers/sample.ts'
import { claimKinds, providerClaims } from './claims.ts'
import type { Issuer } from './issuer.ts'
import { Refusal } from './refusal.ts'
import { entryPath } from './rekor-v1.ts'
import type { RekorV1 } from './rekor-v1.ts'
import type { RekorV2 } from './rekor-v2.ts'
import { jsonAnswer } from './server.ts'
import type { Answer, Request, Route } from './server.ts'
import type { TimestampAuthority } from './timestamp.ts'

export interface Services {
  readonly issuer: Issuer
  readonly authority: CertificateAuthority
  readonly rekorV1: RekorV1
  readonly rekorV2: RekorV2
  readonly timestamp: TimestampAuthority
  /** Files of the TUF repository by path. */
  readonly tuf: ReadonlyMap<string, Buffer>
}

/** Everything but the token endpoint; `url` is where the server listens. */
export function serviceRoutes(services: Services, url: string): Route[] {
  const { issuer, authority, rekorV1, rekorV2, timestamp, tuf } = services
  const smallRequest = limits.tokenBytes + limits.keyBytes
  return [
    { method: 'GET', path: '/healthz', answer: () => text('ok\n') },

    { method: 'GET', path: '/.well-known/openid-configuration', answer: () => jsonAnswer(discovery(issuer, url)) },
    { method: 'GET', path: '/.well-known/jwks', answer: () => jsonAnswer(issuer.jwks) },

    {
      method: 'POST',
      path: '/api/v2/signingCert',
      maxBytes: smallRequest,
      answer: async ({ body, bearer }) =>
        jsonAnswer(await authority.signingCertificate(jsonOf(body, smallRequest), bearer)),
    },
    {
      method: 'GET',
      path: '/api/v2/trustBundle',
      answer: () => jsonAnswer({ chains: [{ certificates: authority.chain }] }),
    },
    { method: 'GET', path: '/api/v1/rootCert', answer: () => pem(authority.chain.join('')) },

    {
      method: 'POST',
      path: '/api/v1/log/entries',
      maxBytes: limits.bundleBytes,
      answer: ({ body }) => createdEntry(rekorV1.createEntry(jsonOf(body, limits.bundleBytes))),
    },
    { method: 'GET', path: '/api/v1/log/entries/*', answer: ({ rest }) => jsonAnswer(rekorV1.entry(rest)) },
    { method: 'GET', path: '/api/v1/log', answer: () => jsonAnswer(rekorV1.logInfo()) },
    { method: 'GET', path: '/api/v1/log/publicKey', answer: () => pem(rekorV1.publicKey) },

    {
      method: 'POST',
      path: '/api/v2/log/entries',
      maxBytes: smallRequest,
      answer: ({ body }) => jsonAnswer(rekorV2.createEntry(jsonOf(body, smallRequest)), 201),
    },
    { method: 'GET', path: '/api/v2/checkpoint', answer: () => text(rekorV2.checkpoint()) },

    {
      method: 'POST',
      path: '/api/v1/timestamp',
      maxBytes: smallRequest,
      answer: (request) => timestampReply(timestamp, request),
    },
    { method: 'GET', path: '/api/v1/timestamp/certchain', answer: () => pem(timestamp.chain) },

    { method: 'GET', path: '/tuf/*', answer: ({ rest }) => tufFile(tuf, rest) },
  ]
}

/**
 * `GET /token/<provider>?…`, in GitHub's shape: `ACTIONS_ID_TOKEN_REQUEST_URL` may be this with a query, clients append
 * `&audience=`. It hands any identity to anybody who can reach the port, so it stands open only where that is asked for.
 */
export function tokenRoute(issuer: Issuer): Route {
  return {
    method: 'GET',
    path: '/token/*',
    answer: async ({ rest, url }) => {
      if (!claimKinds.includes(rest)) throw new Refusal(404, `known providers are ${claimKinds.join(', ')}`)
      const { audience, 'api-version': _version, ...inputs } = tokenParameters(url.searchParams)
      const value = await issuer.mint(providerClaims(rest, inputs), audience === undefined ? {} : { audience })
      return jsonAnswer({ value })
    },
  }
}

const tokenParameterNames = [...claimInputNames, 'audience', 'api-version'] as const

/** A parameter that is misspelt would silently mint a token for something else. Refuses with 400. */
function tokenParameters(query: URLSearchParams): ClaimInputs & { audience?: string; 'api-version'?: string } {
  const known: readonly string[] = tokenParameterNames
  const names = [...query.keys()]
  const odd = names.find((name, at) => !known.includes(name) || names.indexOf(name) !== at)
  if (odd !== undefined) throw new Refusal(400, `each parameter once; known ones are ${known.join(', ')}`)
  for (const [name, { fits, text }] of Object.entries(tokenValues)) {
    const value = query.get(name)
    if (value !== null && !fits.test(value)) throw new Refusal(400, `${name} is ${text}`)
  }
  return Object.fromEntries(query)
}

/** What no issuer would write into a claim makes a token of which nothing can be learned. */
const tokenValues: { readonly [name in keyof ClaimInputs]?: { readonly fits: RegExp; readonly text: string } } = {
  repository: { fits: /^(?:https?:\/\/)?[\w.-]+(?:\/[\w.-]+)+$/, text: 'owner/name, or a URL' },
  ref: { fits: /^refs\/[^\s~^:?*[\\]+$/, text: 'a whole ref, as refs/heads/main' },
  sha: { fits: /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, text: 'a whole commit id' },
  workflow: { fits: /./, text: 'a name' },
  visibility: { fits: /^(?:public|private|internal)$/, text: 'public, private or internal' },
  runAttempt: { fits: /^[1-9][0-9]{0,8}$/, text: 'a number from 1 on' },
}

function discovery(issuer: Issuer, url: string): Json {
  return {
    issuer: issuer.issuer,
    jwks_uri: `${url}/.well-known/jwks`,
    id_token_signing_alg_values_supported: ['ES256'],
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
  }
}

/** Go clients look the entry up in the answer by the ETag. */
function createdEntry({ uuid, body }: ReturnType<RekorV1['createEntry']>): Answer {
  return { ...jsonAnswer(body, 201), headers: { etag: uuid, location: entryPath(uuid) } }
}

function timestampReply(timestamp: TimestampAuthority, { contentType, body }: Request): Answer {
  const reply = contentType.startsWith('application/json')
    ? timestamp.answerJson(jsonOf(body, limits.keyBytes))
    : timestamp.answer(body)
  return { status: 201, contentType: 'application/timestamp-reply', body: reply }
}

function tufFile(tuf: ReadonlyMap<string, Buffer>, path: string): Answer {
  const body = tuf.get(path)
  if (body === undefined) throw new Refusal(404, 'there is no such file in the repository')
  return { status: 200, contentType: 'application/json', body }
}

function jsonOf(body: Buffer, maxBytes: number): Json {
  return parseJson(body, 'the request', maxBytes)
}

function text(body: string): Answer {
  return { status: 200, contentType: 'text/plain; charset=utf-8', body }
}

function pem(body: string): Answer {
  return { status: 200, contentType: 'application/pem-certificate-chain', body }
}
