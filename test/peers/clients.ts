/** The Sigstore clients of others, each by its own command line. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { program } from './cache.ts'
import type { Place } from './changes.ts'
import { run, runOffline } from './command.ts'
import type { Answer } from './command.ts'
import type { IssuerKind } from './fulcio-config.ts'
import type { StackFacts } from './stack.ts'
import type { ToolName } from './versions.ts'

/** A bundle to verify, and who must have signed it. */
export interface Verification {
  readonly bundle: string
  readonly artifact: string
  readonly signer: string
  readonly issuer: string
  readonly predicateType: string
}

/** A statement to sign. */
export interface Signing {
  /** JSON, on disk. */
  readonly statement: string
  /** The file that is its subject. */
  readonly artifact: string
  readonly token: string
  readonly rekor: 1 | 2
  /** Where to write the bundle. */
  readonly bundle: string
}

export interface Client {
  readonly tool: ToolName
  /** What one must know to use it. */
  readonly quirks: { readonly verify: string; readonly sign?: string }
  /** Whose jobs it takes as signers. */
  readonly issuers: readonly IssuerKind[]
  /** Changes that it accepts, because it does not read what was changed. */
  readonly unnoticed: { readonly [rekor in 1 | 2]: readonly Place[] }
  /** Exit code 0 if and only if it accepts; without network. */
  readonly verify: (stack: StackFacts, ask: Verification) => Promise<Answer>
  /** Absent: it only verifies. */
  readonly sign?: (stack: StackFacts, order: Signing) => Promise<Answer>
}

export const clients: readonly Client[] = [
  {
    tool: 'cosign',
    quirks: {
      verify: 'looks for a predicate type of its own unless `--type` is given',
      sign: 'takes a token with many claims from a file only (`file name too long`)',
    },
    issuers: ['github', 'gitlab'],
    // Of Rekor v1 it takes the log's time alone; entries of Rekor v2 it makes anew from the bundle, as sigstore-go does.
    unnoticed: { 1: ['timestamp'], 2: ['log entry'] },
    verify: (stack, ask) =>
      runOffline(
        program('cosign'),
        [
          ...['verify-blob-attestation', '--bundle', ask.bundle, '--trusted-root', stack.trustedRoot],
          ...['--certificate-identity', ask.signer, '--certificate-oidc-issuer', ask.issuer],
          ...['--type', ask.predicateType, ask.artifact],
        ],
        { home: stack.folder },
      ),
    sign(stack, order) {
      const token = join(stack.folder, 'cosign-token')
      writeFileSync(token, order.token)
      return run(
        program('cosign'),
        [
          ...['attest-blob', '--statement', order.statement, '--signing-config', stack.signingConfig[order.rekor]],
          ...['--trusted-root', stack.trustedRoot, '--identity-token', token, '--bundle', order.bundle, '--yes'],
        ],
        { home: stack.folder },
      )
    },
  },
  {
    tool: 'sigstore-go',
    quirks: { verify: 'does not ask for the predicate type' },
    issuers: ['github', 'gitlab'],
    unnoticed: { 1: [], 2: ['log entry'] },
    verify: (stack, ask) =>
      runOffline(
        program('sigstore-go'),
        [
          ...['verify-bundle', '--bundle', ask.bundle, '--certificate-identity', ask.signer],
          ...['--certificate-oidc-issuer', ask.issuer, '--trusted-root', stack.trustedRoot, ask.artifact],
        ],
        { home: stack.folder },
      ),
    sign: (stack, order) =>
      run(
        program('sigstore-go'),
        [
          ...['sign-bundle', '--in-toto', '--identity-token', order.token, '--bundle', order.bundle],
          ...['--signing-config', stack.signingConfig[order.rekor], '--trusted-root', stack.trustedRoot],
          order.statement,
        ],
        { home: stack.folder },
      ),
  },
  {
    tool: 'sigstore-python',
    quirks: {
      verify: 'wants one SCT, one log entry, and `logIndex` and `hashes` written out where they are 0 and empty',
      sign: 'SLSA provenance only; the trusted root comes in a ClientTrustConfig',
    },
    issuers: ['github', 'gitlab'],
    // One time is enough for it.
    unnoticed: { 1: ['timestamp'], 2: [] },
    verify: (stack, ask) =>
      runOffline(
        program('sigstore-python'),
        [
          ...['--trust-config', stack.trustConfig[2], 'verify', 'identity', '--offline', '--bundle', ask.bundle],
          ...['--cert-identity', ask.signer, '--cert-oidc-issuer', ask.issuer, ask.artifact],
        ],
        { home: stack.folder },
      ),
    sign(stack, order) {
      const { predicate, predicateType } = JSON.parse(readFileSync(order.statement, 'utf8')) as {
        predicate: unknown
        predicateType: string
      }
      const file = join(stack.folder, 'predicate.json')
      writeFileSync(file, JSON.stringify(predicate))
      return run(
        program('sigstore-python'),
        [
          ...['--trust-config', stack.trustConfig[order.rekor], 'attest', '--identity-token', order.token],
          ...['--predicate', file, '--predicate-type', predicateType, '--bundle', order.bundle, order.artifact],
        ],
        { home: stack.folder },
      )
    },
  },
  {
    tool: 'gh',
    quirks: {
      verify:
        'takes the trusted root as JSON Lines, each ended, and an `O=` in it; takes certificates of GitHub workflows alone',
    },
    issuers: ['github'],
    // One time is enough for it; entries of Rekor v2 it makes anew from the bundle.
    unnoticed: { 1: ['timestamp'], 2: ['log entry'] },
    verify: (stack, ask) =>
      runOffline(
        program('gh'),
        [
          ...['attestation', 'verify', ask.artifact, '--repo', 'acme/widget', '--bundle', ask.bundle],
          ...['--custom-trusted-root', stack.trustedRootLines, '--predicate-type', ask.predicateType],
          ...['--cert-oidc-issuer', ask.issuer, '--cert-identity', ask.signer],
        ],
        { home: stack.folder, env: { GH_CONFIG_DIR: join(stack.folder, 'gh') } },
      ),
  },
]
