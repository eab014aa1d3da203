/**
 * An instance of Sigstore of GitHub's shape: an authority of `O=GitHub, Inc.` and a clock, no log of any kind. It signs for jobs
 * in private repositories, for tenants of ghe.com, and for releases, whose certificates name no issuer.
 */
import { isObject } from '../../src/model/json.ts'
import type { Json } from '../../src/model/json.ts'
import { tokenIdentity } from '../../src/providers/token-identity.ts'
import { createOwnAuthority } from './own-authority.ts'
import type { Leaf } from './own-authority.ts'
import { claimsOf } from './release.ts'
import type { EditableBundle, Job, Release } from './release.ts'

export interface GitHubInstance {
  readonly root: Json
  /** A job on github.com, or one of a tenant. */
  attested(job?: Job, tenant?: string): Promise<EditableBundle>
  /** What GitHub signs for a release. */
  release(name?: string, leaf?: Leaf): Promise<EditableBundle>
}

export const releaseType = 'https://in-toto.io/attestation/release/v0.2'
export const releaseSigner = 'https://dotcom.releases.github.com'

export function gitHubInstance(release: Release): GitHubInstance {
  const authority = createOwnAuthority(release.sigstore, 'GitHub, Inc.')
  if (authority.trust.kind !== 'json' || !isObject(authority.trust.json)) throw new Error('the root is an object')
  const unlogged = async (statement: object, leaf: Leaf): Promise<EditableBundle> => {
    const bundle = await authority.sign(statement, leaf)
    bundle.verificationMaterial.tlogEntries = []
    return bundle
  }
  return {
    root: { ...authority.trust.json, tlogs: [], ctlogs: [] },
    attested(job, tenant) {
      const issuer =
        tenant === undefined ? 'https://token.actions.githubusercontent.com' : `https://token.actions.${tenant}.ghe.com`
      const identity = tokenIdentity({ iss: issuer, repository_visibility: 'private', ...claimsOf(job) })
      if (identity === undefined) throw new Error('the claims give no identity')
      return unlogged(release.statement(job), {
        extensions: { ...identity.extensions, issuer },
        names: [identity.subjectAlternativeName.value],
      })
    },
    release(name = releaseSigner, leaf = {}) {
      const [subject] = release.statement().subject
      const statement = {
        _type: 'https://in-toto.io/Statement/v1',
        subject: [{ uri: 'pkg:github/acme/widget@v1', digest: { sha1: 'c'.repeat(40) } }, subject],
        predicateType: releaseType,
        predicate: { repository: 'acme/widget', tag: 'v1' },
      }
      return unlogged(statement, { names: [name], ...leaf })
    },
  }
}
