/** What Fulcio's templates make of claims that are not plain text; the suite of peers asks the real one (test/peers/providers.test.ts). */
import { describe, expect, test } from 'vitest'
import { providerClaims } from '../../src/embedded/claims.ts'
import { builderUri, certifiedBuild } from '../../src/model/identity.ts'
import type { Extensions } from '../../src/model/identity.ts'
import type { ClaimInputs } from '../../src/providers/sample.ts'
import { missingClaims, providerOf, tokenIdentity } from '../../src/providers/token-identity.ts'

function extensionsOf(provider: string, claims: object = {}, job: ClaimInputs = {}): Extensions | undefined {
  return tokenIdentity({ iss: 'https://issuer.example', ...providerClaims(provider, job), ...claims })?.extensions
}

describe('a certificate of CircleCI', () => {
  test('has two slashes in its run, and two quotes for a runner that it does not name', () => {
    const found = extensionsOf('circleci')
    expect(found).toMatchObject({
      runInvocationUri: expect.stringMatching(
        /^https:\/\/app\.circleci\.com\/\/workflow\/[0-9a-f-]{36}\/job\/[0-9a-f-]{36}$/,
      ) as string,
      runnerEnvironment: '""',
      sourceRepositoryUri: 'github.com/acme/widget',
    })
    expect(certifiedBuild(found ?? {})).toMatchObject({ runner: undefined, source: 'https://github.com/acme/widget' })
  })

  test.each([true, 'true'])('says that somebody was in the machine (%j)', (rerun) => {
    const found = extensionsOf('circleci', { 'oidc.circleci.com/ssh-rerun': rerun })
    expect(certifiedBuild(found ?? {}).runner).toBe('ssh-rerun')
  })

  test('is given to a job whose source the token does not say', () => {
    const found = extensionsOf('circleci', {
      'oidc.circleci.com/vcs-origin': undefined,
      'oidc.circleci.com/vcs-ref': undefined,
    })
    expect(found).toMatchObject({ buildSignerUri: expect.any(String) as string })
    expect(found).not.toHaveProperty('sourceRepositoryUri')
    expect(found).not.toHaveProperty('sourceRepositoryRef')
  })
})

describe('a claim', () => {
  test.each([
    [42, '42'],
    [999_999, '999999'],
    [1_000_000, '1e+06'],
    [1_234_567, '1.234567e+06'],
    [12_270_837, '1.2270837e+07'],
    ['1234567', '1234567'],
  ])('of the number %j is written %s', (number, text) => {
    expect(extensionsOf('buildkite', { build_number: number })?.runInvocationUri).toMatch(
      new RegExp(`/builds/${text.replace('+', '\\+')}#`),
    )
  })

  test('that is null is a text where it may be absent, and missing where it may not', () => {
    expect(extensionsOf('github', { environment: null })?.deploymentEnvironment).toBe('<nil>')
    expect(extensionsOf('github', { sha: null })).toBeUndefined()
    const without = { ...providerClaims('gitlab'), ci_config_ref_uri: null }
    expect(tokenIdentity(without)).toBeUndefined()
  })

  test('without which Fulcio certifies nothing is missing here too', () => {
    const { workflow: _name, ...claims } = providerClaims('github')
    expect(missingClaims(providerOf(claims)!, claims)).toEqual(['workflow'])
  })

  test.each([
    ['github', 'url', 'sourceRepositoryUri'],
    ['gitlab', 'url', 'sourceRepositoryUri'],
    ['buildkite', 'url', 'runInvocationUri'],
    ['circleci', 'api_url', 'buildSignerUri'],
    ['circleci', 'platform_url', 'runInvocationUri'],
  ] as const)('of %s called %s wins over the address that Fulcio would take', (provider, name, extension) => {
    expect(extensionsOf(provider, { [name]: 'https://own.example' })?.[extension]).toMatch(/^https:\/\/own\.example\//)
  })

  test.each([
    ['https://gitlab.com', 'gitlab.com', 'https://gitlab.com/acme/widget'],
    ['https://gitlab.archlinux.org', 'gitlab.archlinux.org', 'https://gitlab.com/acme/widget'],
    ['https://gitlab.acme.example', 'gitlab.acme.example', 'https://gitlab.acme.example/acme/widget'],
  ])('of GitLab at %s is of the server that its Fulcio has', (iss, host, source) => {
    const claims = { iss, ci_config_ref_uri: `${host}/acme/widget//.gitlab-ci.yml@refs/heads/main` }
    expect(extensionsOf('gitlab', claims)?.sourceRepositoryUri).toBe(source)
  })
})

test.each([
  ['refs/tags/v1', /^[0-9a-f]{40}$/],
  ['c'.repeat(40), /^c{40}$/],
])('a workflow called at %s has the commit that it is', (ref, digest) => {
  const workflow = `org/flows/.github/workflows/build.yml@${ref}`
  expect(extensionsOf('github', {}, { workflow })?.buildSignerDigest).toMatch(digest)
})

test.each([
  ['dev@acme.example', 'mailto:dev@acme.example'],
  ['a+b@acme.example', 'mailto:a+b@acme.example'],
  ['a?subject=x#y&z@acme.example', 'mailto:a%3Fsubject%3Dx%23y%26z@acme.example'],
  ['ü x%@acme.example', 'mailto:%C3%BC%20x%25@acme.example'],
])('a person %s runs a build as %s', (email, uri) => {
  expect(builderUri({ subjectAlternativeName: { kind: 'email', value: email }, extensions: {} })).toBe(uri)
})

/** Held against Go's net/url and crypto/x509 on some ten thousand texts; these are what real Fulcio wrote (test/peers/providers.test.ts). */
describe('the name in a certificate', () => {
  const nameOf = (provider: string, claims: object, job: ClaimInputs = {}): string | undefined =>
    tokenIdentity({ iss: 'https://issuer.example', ...providerClaims(provider, job), ...claims })
      ?.subjectAlternativeName.value
  const workflows = 'https://github.com/acme/widget/.github/workflows'

  test.each([
    ['a ref beyond ASCII', { ref: 'refs/heads/größe' }, `${workflows}/release.yml@refs/heads/gr%C3%B6%C3%9Fe`],
    ['a blank', { workflow: 'my build.yml' }, `${workflows}/my%20build.yml@refs/heads/main`],
    ['marks', { workflow: '"<>{}|`.yml' }, `${workflows}/%22%3C%3E%7B%7D%7C%60.yml@refs/heads/main`],
    ['brackets', { workflow: 'build(1)!.yml' }, `${workflows}/build(1)!.yml@refs/heads/main`],
    ['brackets and a blank', { workflow: 'build (1).yml' }, `${workflows}/build%20%281%29.yml@refs/heads/main`],
    ['an escape', { ref: 'refs/heads/gr%c3%b6' }, `${workflows}/release.yml@refs/heads/gr%c3%b6`],
    ['an escape and a blank', { workflow: 'a%2Fb c.yml' }, `${workflows}/a/b%20c.yml@refs/heads/main`],
    ['a fragment', { ref: 'refs/heads/fix#12ö' }, `${workflows}/release.yml@refs/heads/fix#12%C3%B6`],
    ['an empty fragment', { ref: 'refs/heads/fix#' }, `${workflows}/release.yml@refs/heads/fix`],
    ['a query', { workflow: 'what? now.yml' }, `${workflows}/what? now.yml@refs/heads/main`],
  ])('of GitHub with %s is as Go writes it', (_, job, name) => {
    expect(nameOf('github', {}, job)).toBe(name)
  })

  test.each([
    [
      'gitlab',
      { ci_config_ref_uri: 'gitlab.com/acme/widget//a b.yml@refs/heads/größe' },
      'https://gitlab.com/acme/widget//a%20b.yml@refs/heads/gr%C3%B6%C3%9Fe',
    ],
    ['buildkite', { pipeline_slug: 'my <pipe>' }, 'https://buildkite.com/acme/my%20%3Cpipe%3E'],
    [
      'github',
      { url: 'HTTPS://GHES.example:8443' },
      'https://GHES.example:8443/acme/widget/.github/workflows/release.yml@refs/heads/main',
    ],
    [
      'circleci',
      { api_url: 'https://ci.example/a b' },
      expect.stringMatching(/^https:\/\/ci\.example\/a%20b\/projects\//) as unknown as string,
    ],
  ])('of %s with %j is as Go writes it', (provider, claims, name) => {
    expect(nameOf(provider, claims)).toEqual(name)
  })

  test.each([
    ['github', { job_workflow_ref: 'acme/widget/.github/workflows/100%of.yml@refs/heads/main' }],
    ['github', { job_workflow_ref: 'acme/widget/.github/workflows/release.yml@refs/heads/50%' }],
    ['github', { job_workflow_ref: 'acme/widget/.github/workflows/what?ö.yml@refs/heads/main' }],
    ['github', { job_workflow_ref: 'acme/widget/.github/workflows/a\tb.yml@refs/heads/main' }],
    ['github', { url: 'https://a b.example' }],
    ['github', { url: 'https://ghes.example.' }],
    ['gitlab', { ci_config_ref_uri: 'gitläb.example/acme/widget//a.yml@refs/heads/main' }],
  ])('of %s cannot be made of %j', (provider, claims) => {
    expect(nameOf(provider, claims)).toBeUndefined()
  })

  test('of a person or a workload is written or refused likewise', () => {
    const person = (email: string): unknown => tokenIdentity({ email, email_verified: true })?.subjectAlternativeName
    expect(person('dev@acme.example')).toEqual({ kind: 'email', value: 'dev@acme.example' })
    expect(person('größe@acme.example')).toBeUndefined()
    expect(tokenIdentity({ sub: 'spiffe://acme.example/ö' })?.subjectAlternativeName.value).toBe(
      'spiffe://acme.example/%C3%B6',
    )
    expect(tokenIdentity({ sub: 'spiffe://acme.example/50%' })).toBeUndefined()
  })
})
