/** Changes under review, and what the gate says of each: what is wrong is stopped, and the change has no say in how it is looked at. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeOfAsync, failureOf } from '../world/failure.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { scratchClone, scratchFolder } from '../world/scratch-repository.ts'
import { changeUnderReview, codesOf, disclosed, gateIn, lines, policyText } from './fixture.ts'

describe('a change', () => {
  it('without AI and with few lines passes, and what a release alone can be asked is shown as skipped', async () => {
    const change = changeUnderReview()
    const head = change.commit('Small', { 'b.txt': 'b\n' })
    const report = await gateIn(change, { base: 'main' })
    expect(schemaErrors('gate', report)).toEqual([])
    expect(report).toMatchObject({ outcome: 'pass', head, base: { commit: change.base }, labels: [], notes: [] })
    expect(report.policy.checks.filter((row) => row.outcome === 'skipped')).toMatchObject([
      { rule: 'identity/signers' },
    ])
  })

  it('that names its session passes, and has a label', async () => {
    const change = changeUnderReview()
    change.commit(disclosed, { 'b.txt': lines(40) })
    const report = await gateIn(change, { base: 'main' })
    expect([report.outcome, report.sessions, report.labels]).toEqual(['pass', 1, ['ai-assisted', 'ai-unverified']])
  })

  it('with many lines and no session is refused', async () => {
    const change = changeUnderReview()
    const commit = change.commit('Much', { 'b.txt': lines(40) })
    const report = await gateIn(change, { base: 'main' })
    expect([report.outcome, codesOf(report)]).toEqual(['fail', ['ai/disclosure disclosure-missing']])
    expect(report.policy.checks.find((row) => row.outcome === 'fail')).toMatchObject({ at: { commit } })
    expect(report.labels).toEqual(['origin-unknown'])
  })

  it('of a tool or a model that is not allowed is refused', async () => {
    const change = changeUnderReview(policyText.replace('gpt-*', 'claude-opus-*'))
    const message = `${disclosed.trimEnd()}\nAI-Session-ID: codex:0b9fd4c2-6a1e-4d5b-9c33-7f1f2f0a9e11\n`
    change.commit(message, { 'b.txt': 'b\n' })
    expect(codesOf(await gateIn(change, { base: 'main' }))).toEqual([
      'ai/tools tool-refused',
      'ai/models model-refused',
    ])
  })

  it('whose reviews nobody could see is refused, and says what to do', async () => {
    const change = changeUnderReview()
    change.commit(disclosed, { 'src/auth/login.js': 'x\n' })
    const report = await gateIn(change, { base: 'main' })
    expect(codesOf(report)).toEqual(['ai/human-review evidence-missing'])
    expect(report.notes).toMatchObject([{ code: 'reviews-not-looked-at' }])
    expect(report.unseen).toContainEqual(expect.objectContaining({ reader: 'reviews', outcome: 'not-collected' }))
  })

  it('with a reason that nobody signed is refused', async () => {
    const change = changeUnderReview()
    const message = 'Move\n\nAI-Provenance-Override: these are generated fixtures of the old parser\n'
    change.commit(message, { 'b.txt': lines(40) })
    expect(codesOf(await gateIn(change, { base: 'main' }))).toEqual(['ai/disclosure override-unproved'])
  })
})

describe('attacks', () => {
  it('a policy that is weakened in the same change does not count, and a note says so', async () => {
    const change = changeUnderReview()
    const weak = 'apiVersion: countersign/policy/v1\nname: weak\nai: { disclosure: { aboveLines: 1000000 } }\n'
    change.commit('Weaken', { 'countersign.yaml': weak, 'b.txt': lines(40) })
    const report = await gateIn(change, { base: 'main' })
    expect([report.outcome, report.policy.name]).toEqual(['fail', 'acme'])
    expect(report.notes).toMatchObject([{ code: 'policy-changed' }])
  })

  it('nor does a policy that the base does not have, or has only as a link', async () => {
    const change = changeUnderReview()
    change.commit('Bring my own', { 'mine.yaml': policyText })
    expect(await codeOfAsync(() => gateIn(change, { base: 'main', policy: 'mine.yaml' }))).toBe('path-missing')
    expect(await codeOfAsync(() => gateIn(change, { base: 'main', policy: '../mine.yaml' }))).toBe('usage')
    change.git(['checkout', '--quiet', 'main'])
    change.sh('ln -s /etc/hostname linked.yaml')
    change.commit('Link')
    change.commit('Next', { 'c.txt': 'c\n' })
    expect(await codeOfAsync(() => gateIn(change, { base: 'HEAD~1', policy: 'linked.yaml' }))).toBe('path-missing')
  })

  it('what a policy extends comes of the base too', async () => {
    const extended = 'apiVersion: countersign/policy/v1\nname: base\nai: { tools: { allow: [cursor] } }\n'
    const { createHash } = await import('node:crypto')
    const sha256 = createHash('sha256').update(extended).digest('hex')
    const own = `apiVersion: countersign/policy/v1\nname: own\nextends: { file: ../rules/base.yaml, sha256: ${sha256} }\n`
    const change = changeUnderReview(policyText, { 'rules/base.yaml': extended, 'policies/own.yaml': own })
    change.commit(disclosed, { 'rules/base.yaml': 'gone\n', 'b.txt': 'b\n' })
    const report = await gateIn(change, { base: 'main', policy: 'policies/own.yaml' })
    expect(codesOf(report)).toEqual(['ai/tools tool-refused'])
    expect(report.notes).toMatchObject([{ code: 'policy-changed' }])
  })

  it('a reader that is turned off in the same change looks all the same', async () => {
    const change = changeUnderReview()
    const off = 'version: 1\nreaders: { skip: [trailer] }\n'
    const message = 'Hide\n\nCodex-Session: 0b9fd4c2-6a1e-4d5b-9c33-7f1f2f0a9e11\nAI-Tool: codex\n'
    change.commit(message, { '.countersign/config.yaml': off, 'b.txt': 'b\n' })
    const report = await gateIn(change, { base: 'main' })
    expect(codesOf(report)).toEqual(['ai/tools tool-refused'])
    expect(report.notes).toMatchObject([{ code: 'config-changed' }])
  })

  it('a policy in the checkout is none from outside', async () => {
    const change = changeUnderReview()
    change.commit('Small', { 'b.txt': 'b\n' })
    const named = (policyFile: string) => gateIn(change, { base: 'main', policyFile })
    expect(await codeOfAsync(() => named('countersign.yaml'))).toBe('usage')
    const outside = scratchFolder()
    change.sh('ln -s "$1/countersign.yaml" "$2/link.yaml"', change.folder, outside)
    expect(await codeOfAsync(() => named(join(outside, 'link.yaml')))).toBe('usage')
    writeFileSync(join(outside, 'own.yaml'), policyText)
    expect(await named(join(outside, 'own.yaml'))).toMatchObject({ outcome: 'pass', policyFrom: 'file' })
  })

  it('a trailer with a session that somebody made up stays a claim', async () => {
    const change = changeUnderReview(
      'apiVersion: countersign/policy/v1\nname: strict\nai: { levels: [{ atLeast: recorded }] }\n',
    )
    change.commit(disclosed, { 'b.txt': lines(40) })
    expect(codesOf(await gateIn(change, { base: 'main' }))).toEqual(['ai/levels level-too-low'])
  })
})

describe('what is no answer', () => {
  it('a clone that is cut', async () => {
    const change = changeUnderReview()
    change.commit('One', { 'b.txt': 'b\n' })
    const cut = scratchClone(change, '--depth=1', '--branch=change')
    expect(await codeOfAsync(() => gateIn(cut, { base: 'origin/main' }))).toBe('revision-unknown')
    cut.git(['-c', 'protocol.file.allow=always', 'fetch', '--quiet', '--depth=1', 'origin', 'main'])
    expect(await codeOfAsync(() => gateIn(cut, { base: 'FETCH_HEAD' }))).toBe('history-shallow')
  })

  it('a change without a commit, a base that nobody says, and a policy that asks for nothing here', async () => {
    const change = changeUnderReview()
    expect(await codeOfAsync(() => gateIn(change, { base: 'main' }))).toBe('usage')
    expect((await failureOf(() => gateIn(change))).message).toMatch(/to which branch/)
    const later = changeUnderReview('apiVersion: countersign/policy/v1\nname: later\nprovenance: { cleanTree: true }\n')
    later.commit('Small', { 'b.txt': 'b\n' })
    expect(await codeOfAsync(() => gateIn(later, { base: 'main' }))).toBe('policy-empty')
  })

  it('rules of its own are asked where they look at AI alone', async () => {
    const rules = `apiVersion: countersign/policy/v1
name: own
rules:
  - { id: few, expr: 'ai.total < 2', message: 'one change at a time' }
  - { id: named, expr: 'artifact.name == "app.tgz"', message: 'the app' }
  - { id: wrong, expr: 'ai.nothing == 1', message: 'what is not there' }
`
    const change = changeUnderReview(rules)
    change.commit('Small', { 'b.txt': 'b\n' })
    const { policy } = await gateIn(change, { base: 'main' })
    expect(policy.checks.map((row) => [row.rule, row.outcome])).toEqual([
      ['rules/wrong', 'fail'],
      ['rules/few', 'pass'],
      ['rules/named', 'skipped'],
    ])
  })
})
