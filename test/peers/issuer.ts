/**
 * The OIDC issuer of the stack: discovery, keys and tokens over HTTP, an issuer a kind of job. It vouches for whoever asks,
 * so it must never listen on anything but loopback.
 */
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { providerClaims } from '../../src/embedded/claims.ts'
import { createIssuer } from '../../src/embedded/issuer.ts'
import type { Issuer } from '../../src/embedded/issuer.ts'
import type { Claims } from '../../src/model/provider.ts'
import type { ClaimInputs } from '../../src/providers/sample.ts'
import { issuerKinds } from './fulcio-config.ts'
import type { IssuerKind } from './fulcio-config.ts'

export interface TokenRequest extends ClaimInputs {
  /** Claims in the place of those that the job would have. */
  readonly claims?: Claims
  /** Claims that are left out. */
  readonly without?: readonly string[]
}

export interface IssuerServer {
  readonly issuers: { readonly [kind in IssuerKind]: string }
  readonly close: () => Promise<void>
}

/** `POST <issuer>/token` with ClaimInputs as JSON, or with claims that are added, answers `{"value": "<token>"}`. */
export async function startIssuer(): Promise<IssuerServer> {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuers = new Map<string, Issuer>()
  const server = createServer((request, response) => {
    answer(request, issuers).then(
      (body) => {
        response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' })
        response.end(JSON.stringify(body))
      },
      (thrown: unknown) => response.writeHead(500).end(String(thrown)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://localhost:${(server.address() as AddressInfo).port}`
  const urls = Object.fromEntries(issuerKinds.map((kind) => [kind, `${base}/${kind}`])) as IssuerServer['issuers']
  for (const kind of issuerKinds) {
    issuers.set(kind, await createIssuer({ issuer: urls[kind], key, now: () => new Date() }))
  }
  return {
    issuers: urls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(request: IncomingMessage, issuers: ReadonlyMap<string, Issuer>): Promise<unknown> {
  const [, kind = '', ...rest] = (request.url ?? '').split('/')
  const issuer = issuers.get(kind)
  if (issuer === undefined || !isKind(kind)) return undefined
  switch (`${request.method ?? ''} ${rest.join('/')}`) {
    case 'GET .well-known/openid-configuration':
      return {
        issuer: issuer.issuer,
        jwks_uri: `${issuer.issuer}/keys`,
        authorization_endpoint: `${issuer.issuer}/authorize`,
        token_endpoint: `${issuer.issuer}/token`,
        id_token_signing_alg_values_supported: ['ES256'],
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
      }
    case 'GET keys':
      return issuer.jwks
    case 'POST token': {
      const { claims, ...inputs } = JSON.parse(await text(request)) as TokenRequest
      const written = { ...providerClaims(kind === 'email' ? 'generic' : kind, inputs), ...claims }
      // A claim that is absent is told from one that is null.
      for (const name of inputs.without ?? []) Reflect.deleteProperty(written, name)
      return { value: await issuer.mint(written) }
    }
    default:
      return undefined
  }
}

function isKind(kind: string): kind is IssuerKind {
  return (issuerKinds as readonly string[]).includes(kind)
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
