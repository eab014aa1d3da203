/** The OIDC token, and the keys of its issuer. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const tests = ['sigstore/token/verify-token.test.ts', 'fixtures/tokens.test.ts']

export const sigstoreToken: readonly Edit[] = [
  ...inFile('sigstore/token/verify-token.ts', tests, [
    {
      rule: 'A token that its issuer did not sign',
      find: 'await jwtVerify(raw, createLocalJWKSet(jwks), {',
      replace: 'await Promise.resolve({',
    },
    {
      rule: 'A token for another audience',
      find: "audience,\n      requiredClaims: ['exp'],",
      replace: "requiredClaims: ['exp'],",
    },
    {
      rule: 'A token that has expired or is not valid yet',
      find: 'const clockTolerance = 30',
      replace: 'const clockTolerance = 1e9',
    },
    {
      rule: 'A token of an issuer that nobody trusts',
      find: "issuers.find(({ pattern }) => compilePattern(pattern, 'the pattern of an issuer').matches(issuer))",
      replace: 'issuers[0]',
    },
    {
      rule: 'An issuer whose name a glob and a URL parser read differently',
      find: '|| (trusted.jwks === undefined && !isIssuerUrl(issuer))',
      replace: '',
    },
    {
      rule: 'A token with two issuers',
      find: "parseJson(Buffer.from(part, 'base64url'), what, limits.tokenBytes)",
      replace: "JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))",
    },
    {
      rule: 'A token that brings its own key, or changes what its signature means',
      find: 'if (refused !== undefined)',
      replace: 'if (false)',
    },
    {
      rule: 'An error that holds the claims of the token',
      find: 'throw new CountersignError(code, message)',
      replace: 'throw new CountersignError(code, message, { cause: thrown })',
    },
  ]),

  ...inFile('sigstore/token/issuer-keys.ts', tests, [
    {
      rule: 'Keys that anybody on the way can change',
      find: 'if (url === null || !isSecure(url)) return false',
      replace: 'if (url === null) return false',
    },
    {
      rule: 'The discovery document of another issuer',
      find: "|| document['issuer'] !== issuer",
      replace: '',
    },
    {
      rule: 'Keys at an address without https',
      find: 'if (url === null || !isSecure(url) || inTheClear)',
      replace: 'if (url === null || inTheClear)',
    },
    { rule: 'Keys behind a redirect', find: "redirect: 'error'", replace: "redirect: 'follow'" },
  ]),
]
