/**
 * Each row of the table of providers against the real authority, with the templates of its public instance: what we foretell of a
 * token is what its certificate says, to the letter, and what we refuse it refuses.
 */
import { X509Certificate, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { decodeJwt } from 'jose'
import { describe, expect, inject, test } from 'vitest'
import { extensionTable } from '../../src/model/identity.ts'
import type { Claims } from '../../src/model/provider.ts'
import { worldOf } from '../../src/platform/world.ts'
import { tokenIdentity } from '../../src/providers/token-identity.ts'
import { readTokenFacts, requestCertificate } from '../../src/sigstore/sign/fulcio.ts'
import { openRetryBudget } from '../../src/platform/retry-budget.ts'
import { fulcioExtensions } from './certificates.ts'
import type { IssuerKind } from './fulcio-config.ts'
import type { TokenRequest } from './issuer.ts'
import { buildkiteJob, circleJob, gitHubJob, gitLabJob, makeProject } from './project.ts'
import { failedCodes } from './verdicts.ts'

const stack = inject('stack')
const project = makeProject(stack)
const { caUrls } = JSON.parse(readFileSync(stack.signingConfig[2], 'utf8')) as { caUrls: { url: string }[] }
const [{ url: authority } = { url: '' }] = caUrls

const circle = (name: string): string => `oidc.circleci.com/${name}`
const called = 'org/flows/.github/workflows/build.yml'

/** Kind of job, what is odd about its token, and that token. */
const certified: readonly (readonly [IssuerKind, string, TokenRequest])[] = [
  ['github', 'a tag', { ref: 'refs/tags/v1.2.3', sha: 'c'.repeat(40) }],
  ['github', 'an environment', { environment: 'production' }],
  ['github', 'a workflow that another called', { workflow: `${called}@refs/tags/v1`, callerWorkflow: 'release.yml' }],
  ['github', 'a workflow called at a commit', { workflow: `${called}@${'d'.repeat(40)}` }],
  ['github', 'its own server', { claims: { url: 'https://acme.ghe.com' } }],
  ['github', 'an environment that is null', { claims: { environment: null } }],
  ['github', 'ids that are numbers', { claims: { repository_id: 1234567, run_id: 999999, run_attempt: 2 } }],
  ['github', 'an id that is a boolean', { claims: { repository_id: true } }],
  ['gitlab', 'a branch', { ref: 'refs/heads/topic/x' }],
  ['gitlab', 'a tag', { ref: 'refs/tags/v1.2.3', environment: 'production' }],
  ['gitlab', 'a merge request', { event: 'merge_request_event', visibility: 'internal', runner: 'self-hosted' }],
  ['gitlab', 'ids that are numbers', { claims: { project_id: 20, namespace_id: 12345678, job_id: 8000000001 } }],
  ['buildkite', 'a branch', {}],
  ['buildkite', 'a machine of theirs', { runner: 'buildkite-hosted', event: 'schedule' }],
  ['buildkite', 'a long number', { claims: { build_number: 1234567 } }],
  ['circleci', 'a branch', {}],
  ['circleci', 'a tag', { ref: 'refs/tags/v1.2.3' }],
  ['circleci', 'a rerun with ssh', { claims: { [circle('ssh-rerun')]: true } }],
  ['circleci', 'a rerun with ssh, as text', { claims: { [circle('ssh-rerun')]: 'true' } }],
  ['circleci', 'no word about ssh', { without: [circle('ssh-rerun')] }],
  ['circleci', 'no source', { without: [circle('vcs-origin'), circle('vcs-ref')] }],
  ['github', 'a ref beyond ASCII', { ref: 'refs/heads/größe' }],
  ['github', 'a blank in its workflow', { workflow: 'my build.yml' }],
  ['github', 'marks in its workflow', { workflow: '"<>{}|`^[](1)!.yml' }],
  ['github', 'an escape in its ref', { ref: 'refs/heads/gr%c3%b6' }],
  ['github', 'an escape and a blank in its workflow', { workflow: 'a%2Fb c.yml' }],
  ['github', 'a ref with a mark of a fragment', { ref: 'refs/heads/fix#12ö' }],
  ['github', 'a ref that ends as a fragment begins', { ref: 'refs/heads/fix#' }],
  ['github', 'a query in its workflow', { workflow: 'what? now.yml' }],
  ['github', 'a server with a port, in capitals', { claims: { url: 'HTTPS://GHES.example:8443' } }],
  ['gitlab', 'a ref beyond ASCII', { ref: 'refs/heads/größe' }],
  ['gitlab', 'a blank in its definition', { workflow: 'my ci.yml' }],
  ['buildkite', 'marks in its slug', { claims: { pipeline_slug: 'my <größe>' } }],
  ['circleci', 'an address with a blank', { claims: { api_url: 'https://ci.example/a b' } }],
  ['email', 'a person', { email: 'dev+x@acme.example' }],
]

const refused: readonly (readonly [IssuerKind, string, TokenRequest])[] = [
  ...['event_name', 'sha', 'workflow', 'repository', 'ref', 'job_workflow_ref', 'run_attempt', 'workflow_sha'].map(
    (name) => ['github', `no ${name}`, { without: [name] }] as const,
  ),
  ...['ci_config_ref_uri', 'ci_config_sha', 'project_path', 'ref_type', 'job_id'].map(
    (name) => ['gitlab', `no ${name}`, { without: [name] }] as const,
  ),
  ...['organization_slug', 'pipeline_slug', 'build_number', 'build_commit', 'job_id'].map(
    (name) => ['buildkite', `no ${name}`, { without: [name] }] as const,
  ),
  ...['refs/heads/100%of', 'refs/heads/50%', 'refs/heads/a#%zz'].flatMap((ref) =>
    (['github', 'gitlab'] as const).map((kind) => [kind, `the ref ${ref}`, { ref }] as const),
  ),
  ['github', 'a query beyond ASCII in its workflow', { workflow: 'what?ö.yml' }],
  ['github', 'a tab in its workflow', { workflow: 'a\tb.yml' }],
  ['github', 'a blank in its host', { claims: { url: 'https://a b.example' } }],
  ['github', 'a host that ends with a dot', { claims: { url: 'https://ghes.example.' } }],
  [
    'gitlab',
    'a host beyond ASCII',
    { claims: { ci_config_ref_uri: 'gitläb.example/acme/widget//a.yml@refs/heads/x' } },
  ],
  ['email', 'an address beyond ASCII', { email: 'größe@acme.example' }],
  ['email', 'an address that nobody verified', { claims: { email_verified: false } }],
]

async function tokenFor(kind: IssuerKind, body: TokenRequest): Promise<{ token: string; claims: Claims }> {
  const response = await fetch(`${stack.issuers[kind]}/token`, { method: 'POST', body: JSON.stringify(body) })
  const { value: token } = (await response.json()) as { value: string }
  return { token, claims: decodeJwt(token) }
}

async function certificateFor(token: string): Promise<X509Certificate> {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const budget = openRetryBudget({}, worldOf())
  try {
    return new X509Certificate(await requestCertificate(authority, token, readTokenFacts(token), key, budget))
  } finally {
    budget.close()
  }
}

describe.each(certified)('a token of %s with %s', (kind, _, body) => {
  test('gets the certificate that we foretell', async () => {
    const { token, claims } = await tokenFor(kind, body)
    const { subjectAlternativeName, extensions } = tokenIdentity(claims)!
    const foretold = Object.entries(extensions).map(([name, value]) => [
      String(extensionTable[name as keyof typeof extensionTable].number),
      value,
    ])
    const certificate = await certificateFor(token)
    expect(fulcioExtensions(certificate)).toEqual(Object.fromEntries(foretold))
    const { kind: form, value } = subjectAlternativeName
    expect(certificate.subjectAltName).toBe(`${form === 'email' ? 'email' : 'URI'}:${value}`)
  })
})

describe.each(refused)('a token of %s with %s', (kind, _, body) => {
  test('is refused by the authority, and before by us', async () => {
    const { token, claims } = await tokenFor(kind, body)
    expect(tokenIdentity(claims)).toBeUndefined()
    await expect(certificateFor(token)).rejects.toMatchObject({ code: expect.any(String) as string })
  })
})

test('a token of gitlab whose definition is elsewhere is certified as nobody, and refused by us', async () => {
  const { token, claims } = await tokenFor('gitlab', { claims: { ci_config_ref_uri: null } })
  expect((await certificateFor(token)).subjectAltName).toBe('URI:https://<nil>')
  expect(tokenIdentity(claims)).toBeUndefined()
})

describe.each([gitHubJob, gitLabJob, buildkiteJob, circleJob])('a job of $issuer', (job) => {
  test.each([1, 2] as const)('attests what then verifies, logged in Rekor v%i', async (rekor) => {
    const { code, stdout } = await project.verify(job, await project.attest(job, rekor))
    expect({ code, failed: failedCodes(stdout) }).toEqual({ code: 0, failed: [] })
  })
})
