/** What only the statement says of the source is a claim, and what the certificate says is not said again. */
import { describe, expect, it } from 'vitest'
import { claimedSource, claimedSourceWords } from '../../src/model/claimed-source.ts'
import type { ResourceDescriptor } from '../../src/model/statement.ts'

const source = 'https://github.com/acme/widget'
const ref = 'refs/heads/main'
const commit = 'c'.repeat(40)
const dependency = { uri: `git+${source}@${ref}`, digest: { gitCommit: commit } }
const session = { name: 'ai-session/x', uri: 'urn:ai-session:x:1' }

const claimedOf = (
  certified: Partial<Record<'source' | 'ref' | 'commit', string>> | undefined,
  ...resolvedDependencies: ResourceDescriptor[]
) =>
  claimedSource(
    { resolvedDependencies },
    certified && { source: undefined, ref: undefined, commit: undefined, ...certified },
  )

describe('the source that a statement claims', () => {
  it.each([
    ['nothing beside a certificate that says all', { source, ref, commit }, undefined],
    ['the commit, where CircleCI certifies none', { source, ref }, { commit }],
    ['ref and commit', { source }, { uri: dependency.uri, commit }],
    ['all of it, where a person signed', {}, { uri: dependency.uri, commit }],
    ['all of it, where a key signed', undefined, { uri: dependency.uri, commit }],
  ])('is %s', (_, certified, claimed) => {
    expect(claimedOf(certified, session, dependency)).toEqual(claimed)
  })

  it('is that of the certified repository, wherever it stands and however it is written', () => {
    const other = { uri: 'git+https://github.com/evil/x', digest: { gitCommit: 'e'.repeat(40) } }
    const ssh = { uri: 'git@github.com:acme/widget.git', digest: { sha1: commit } }
    expect(claimedOf({ source, ref }, other, ssh)).toEqual({ commit })
    expect(claimedOf({ source, ref }, other)).toBeUndefined()
  })

  it('is not taken from what is no source', () => {
    const image = { uri: 'pkg:docker/node@24', digest: { sha256: 'a'.repeat(64) } }
    expect(claimedOf({}, image, session, dependency)).toEqual({ uri: dependency.uri, commit })
    expect(claimedOf({}, image, session)).toBeUndefined()
    expect(claimedOf({}, { digest: { gitCommit: commit } })).toEqual({ commit })
    expect(claimedOf({ source }, { uri: `git+${source}` })).toBeUndefined()
  })

  it('has all commits that contradict each other', () => {
    const both = { ...dependency, digest: { gitCommit: commit, SHA1: 'd'.repeat(40) } }
    expect(claimedSourceWords(claimedOf({ source, ref }, both) ?? {})).toBe(`${commit} and ${'d'.repeat(40)}`)
  })
})
