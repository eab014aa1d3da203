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
import type { ClaimInputs } from '../../src/providers/sample.ts'
import type { IssuerKind } from './fulcio-config.ts'

export interface IssuerServer {
  readonly issuers: { readonly [kind in IssuerKind]: string }
  readonly close: () => Promise<void>
}

const providers = { github: 'github', gitlab: 'gitlab', email: 'generic' } as const

/** `POST <issuer>/token` with ClaimInputs as JSON answers `{"value": "<token>"}`. */
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
  for (const kind of Object.keys(providers)) {
    issuers.set(kind, await createIssuer({ issuer: `${base}/${kind}`, key, now: () => new Date() }))
  }
  return {
    issuers: { github: `${base}/github`, gitlab: `${base}/gitlab`, email: `${base}/email` },
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
      const inputs = JSON.parse(await text(request)) as ClaimInputs
      return { value: await issuer.mint(providerClaims(providers[kind], inputs)) }
    }
    default:
      return undefined
  }
}

function isKind(kind: string): kind is IssuerKind {
  return Object.hasOwn(providers, kind)
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
