/**
 * Keys that are nobody's in person: those of agent platforms, and those with which a forge signs what is done on its pages. Each
 * with where it comes from; a key that is not here or in a file of the caller's is unknown, and raises nothing.
 */

export interface KnownKey {
  readonly signer: 'agent-platform' | 'forge'
  readonly name: string
  /** As ssh-keygen prints it, or the whole fingerprint of an OpenPGP key. */
  readonly fingerprint: string
  /** The committer that the platform gives its own commits; undefined for a forge, which writes any. */
  readonly committer?: string
  /** First day on which the key was seen, in UTC; before it nothing counts. */
  readonly since: string
  readonly source: string
}

export const knownKeys: readonly KnownKey[] = [
  {
    signer: 'agent-platform',
    name: 'Claude Code on the web',
    fingerprint: 'SHA256:32dP45eSMmVSt/G/CGvcxl/P+MO3Nwj9xeTh/GSA2wc',
    committer: 'noreply@anthropic.com',
    since: '2025-10-01',
    source:
      'measured: 1,208 of 1,216 commits with this committer in 20 public repositories, 2025-10 to 2026-08; that it is the vendor’s alone is inferred',
  },
  // GitHub's cloud agent signs with this key too, and so does everything that a person types on the page: so it is no platform's.
  {
    signer: 'forge',
    name: 'GitHub, web-flow',
    fingerprint: '968479A1AFF927E37D1A566BB5690EEEBB952194',
    since: '2024-01-16',
    source: 'https://github.com/web-flow.gpg',
  },
  {
    signer: 'forge',
    name: 'GitHub, web-flow',
    fingerprint: '5DE3E0509C47EA3CF04A42D34AEE18F83AFDEB23',
    since: '2017-08-16',
    source: 'https://github.com/web-flow.gpg until 2024-01-16',
  },
  // GitLab's documentation asks its readers to put this key into their file of allowed signers.
  {
    signer: 'forge',
    name: 'GitLab.com, commits of the web page',
    fingerprint: 'SHA256:ylvmNrhpOBqBQRVi0S8xv2meWLs/QnN7AztQlZY5UPE',
    since: '2024-02-01',
    source: 'https://docs.gitlab.com/user/project/repository/signed_commits/web_commits/',
  },
]
