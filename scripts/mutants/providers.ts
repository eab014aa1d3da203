/** CI providers: what becomes of a token, whose issuers count, which builds are of strangers. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

export const providers: readonly Edit[] = [
  ...inFile(
    'providers/token-identity.ts',
    ['sigstore/token/verify-token.test.ts'],
    [
      {
        rule: 'A token that lacks what its certificate is written from',
        find: 'if (missingClaims(row, claims).length > 0) return undefined',
        replace: '',
      },
      {
        rule: 'An e-mail address that nobody has verified',
        find: "if (textOf(claims, 'email_verified') !== 'true') return undefined",
        replace: '',
      },
    ],
  ),

  ...inFile(
    'providers/github.ts',
    ['verify/verify.test.ts', 'policy/question.test.ts'],
    [
      {
        rule: 'A GitHub workflow that acts on what a pull request built',
        find: "    'workflow_run',",
        replace: '',
        tests: ['forgeries'],
      },
      {
        rule: 'A GitHub workflow that runs on the review of a pull request',
        find: "    'pull_request_review',",
        replace: '',
        tests: ['forgeries'],
      },
      {
        rule: "An issuer whose host only begins like GitHub's",
        find: ".githubusercontent.com/*'",
        replace: ".githubusercontent.com**'",
        tests: ['contracts/ci-provider.test.ts', 'sigstore/token/verify-token.test.ts'],
      },
    ],
  ),

  ...inFile(
    'providers/gitlab.ts',
    ['verify/verify.test.ts'],
    [
      {
        rule: 'A GitLab pipeline for the merge request of a stranger',
        find: "foreignTriggers: ['merge_request_event', ",
        replace: 'foreignTriggers: [',
      },
    ],
  ),

  ...inFile(
    'providers/circleci.ts',
    ['forgeries'],
    [
      {
        rule: 'A CircleCI job into which somebody could log in',
        find: "claim(circle('ssh-rerun')) === 'true' ? 'ssh-rerun' : notSaid",
        replace: 'notSaid',
      },
      {
        rule: 'A run of CircleCI that its certificate does not have',
        find: "'https://app.circleci.com/'",
        replace: "'https://app.circleci.com'",
        tests: ['fixtures/tokens.test.ts'],
      },
    ],
  ),

  ...inFile(
    'providers/buildkite.ts',
    ['policy/rules.test.ts', 'verify/verify.test.ts'],
    [
      {
        rule: 'A self-hosted runner that counts as hosted',
        find: "hostedRunners: ['buildkite-hosted']",
        replace: "hostedRunners: ['buildkite-hosted', 'self-hosted']",
      },
    ],
  ),
]
