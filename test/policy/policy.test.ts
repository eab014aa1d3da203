/** A policy as a whole: who it lets sign, how flags narrow it, how layers hold together, and what is no policy. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { failedChecks } from '../../src/model/verdict.ts'
import { notApplied } from '../../src/policy/apply-policy.ts'
import { openPolicy } from '../../src/verify/open-policy.ts'
import { codeOfAsync } from '../world/failure.ts'
import { judgeBy, policyText, refusalsIn, releaseJob } from '../world/policy-release.ts'
import { useRelease } from '../world/release.ts'

const release = useRelease()

const bundle = () => release().genuine(releaseJob)

describe('a policy', () => {
  test('lets pass what its signer signed, and stands in the verdict with its digest', async () => {
    const text = policyText(release(), {})
    const verdict = await judgeBy(release(), [await bundle()], text)
    expect(verdict.outcome).toBe('pass')
    expect(verdict.policy).toMatchObject({
      name: 'test',
      sha256: createHash('sha256').update(text).digest('hex'),
      checks: [{ rule: 'identity/signers', outcome: 'pass' }],
    })
  })

  test('refuses another signer, and says which part differs', async () => {
    const other = await release().attested({ ...releaseJob, workflow: 'other.yml' })
    const verdict = await judgeBy(release(), [other], policyText(release(), {}))
    expect(verdict.outcome).toBe('fail')
    expect(refusalsIn(verdict)).toEqual(['identity/signers fail evidence-missing'])
    expect(failedChecks(verdict.attestations[0]?.checks ?? []).map((it) => it.code)).toContain('signer-mismatch')
  })

  test('takes any of its signers, each with refs and builders of its own', async () => {
    const { issuer } = release().sigstore
    const signers = [
      { repo: 'acme/widget', workflow: 'nightly.yml', issuer },
      { repo: 'acme/widget', workflow: 'release.yml', issuer, tags: ['v1.*', 'v14.**'] },
    ]
    const at = async (ref: string) => {
      const job = { ...releaseJob, ref }
      return (
        await judgeBy(release(), [await release().attested(job)], policyText(release(), { identity: { signers } }))
      ).outcome
    }
    expect([await at('refs/tags/v14.2.0'), await at('refs/tags/v2.0'), await at('refs/heads/v14.2.0')]).toEqual([
      'pass',
      'fail',
      'fail',
    ])
  })
})

describe('what is asked beside a policy', () => {
  test('narrows it', async () => {
    const it = await bundle()
    const asked = async (beside: object) =>
      (await judgeBy(release(), [it], policyText(release(), {}), { beside })).outcome
    expect(await asked({ ref: 'refs/heads/other' })).toBe('fail')
    expect(await asked({ repo: 'acme/other', issuer: release().sigstore.issuer })).toBe('fail')
    expect(await asked({ repo: 'acme/widget', issuer: release().sigstore.issuer })).toBe('pass')
  })

  test('does not let anybody else sign', async () => {
    const other = await release().attested({ ...releaseJob, workflow: 'other.yml' })
    const beside = { repo: 'acme/widget', workflow: 'other.yml', issuer: release().sigstore.issuer }
    expect((await judgeBy(release(), [other], policyText(release(), {}), { beside })).outcome).toBe('fail')
  })

  test.each(['anySource', 'anyCaller', 'selfHostedRunner', 'allowBuiltCommit', 'allowRemoved'] as const)(
    'waives nothing by %s',
    async (name) => {
      const beside = { [name]: name === 'selfHostedRunner' ? 'allow' : true }
      const asked = judgeBy(release(), [await bundle()], policyText(release(), {}), { beside })
      expect(await codeOfAsync(() => asked)).toBe('question-conflict')
    },
  )

  test('is the whole question where the policy names no signer', async () => {
    const text = policyText(release(), { identity: undefined, provenance: { cleanTree: true } })
    expect(await codeOfAsync(async () => judgeBy(release(), [await bundle()], text))).toBe('question-incomplete')
    const beside = { repo: 'acme/widget', workflow: 'release.yml', issuer: release().sigstore.issuer }
    expect((await judgeBy(release(), [await bundle()], text, { beside })).outcome).not.toBe('undecided')
  })
})

describe('a policy in time', () => {
  const expires = '2026-06-01T00:00:00+02:00'

  test.each([
    ['2026-05-31T21:59:59.000Z', 'pass', []],
    ['2026-05-31T22:00:00.000Z', 'fail', ['policy/expiry fail policy-expired']],
  ])('at %s: %s', async (now, outcome, rows) => {
    const verdict = await judgeBy(release(), [await bundle()], policyText(release(), {}, { expires }), { now })
    expect([verdict.outcome, refusalsIn(verdict)]).toEqual([outcome, rows])
  })

  test('has expired where nobody says what time it is', async () => {
    const file = 'timeless.yaml'
    writeFileSync(join(release().folder, file), policyText(release(), {}, { expires }))
    const policy = await openPolicy({ file }, release().folder)
    expect(notApplied(policy, '').checks.map((it) => it.outcome)).toEqual(['fail', 'fail'])
  })

  test('expires for good, whatever severity it gives', async () => {
    const text = policyText(release(), { severities: { 'policy/expiry': 'info' } }, { expires })
    expect(await codeOfAsync(async () => judgeBy(release(), [await bundle()], text))).toBe('policy-key-unknown')
  })
})

describe('layers', () => {
  function write(folder: string, name: string, content: object): { file: string; sha256: string } {
    mkdirSync(join(release().folder, folder), { recursive: true })
    const text = JSON.stringify({ apiVersion: 'countersign/policy/v1', name: name.replace('.yaml', ''), ...content })
    writeFileSync(join(release().folder, folder, name), text)
    return { file: name, sha256: createHash('sha256').update(text).digest('hex') }
  }
  const signers = (more: object) => ({
    identity: {
      signers: [{ repo: 'acme/widget', workflow: 'release.yml', issuer: release().sigstore.issuer, ...more }],
    },
  })

  test('hold together: what is extended asks all that it asked', async () => {
    const far = write('layers', 'far.yaml', signers({ refs: ['refs/heads/main'] }))
    const near = write('layers', 'near.yaml', { ...signers({}), extends: far })
    const policy = await openPolicy({ file: `layers/${near.file}` }, release().folder)
    expect([policy.layers.length, policy.extends]).toEqual([2, [far]])
    const text = JSON.stringify({
      apiVersion: 'countersign/policy/v1',
      name: 'near',
      ...signers({}),
      extends: { ...far, file: 'layers/far.yaml' },
    })
    const at = async (ref: string) =>
      (await judgeBy(release(), [await release().attested({ ...releaseJob, ref })], text)).outcome
    expect([await at('refs/heads/main'), await at('refs/heads/other')]).toEqual(['pass', 'fail'])
  })

  test('are refused where one is not what the other extends', async () => {
    const far = write('changed', 'far.yaml', signers({}))
    const near = write('changed', 'near.yaml', { ...signers({}), extends: { ...far, sha256: '0'.repeat(64) } })
    expect(await codeOfAsync(() => openPolicy({ file: `changed/${near.file}` }, release().folder))).toBe(
      'policy-digest-mismatch',
    )
  })

  test('that ask for a key and for a certificate let nothing pass', async () => {
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' })
    const far = write('kinds', 'far.yaml', { identity: { signers: [{ key }] } })
    const near = write('kinds', 'near.yaml', { ...signers({}), extends: far })
    expect(await codeOfAsync(() => openPolicy({ file: `kinds/${near.file}` }, release().folder))).toBe(
      'policy-malformed',
    )
  })

  test('of a profile add to the rest', async () => {
    const profiles = { strict: signers({ refs: ['refs/heads/main'] }) }
    const text = policyText(release(), {}, { profiles })
    const other = await release().attested({ ...releaseJob, ref: 'refs/heads/other' })
    expect((await judgeBy(release(), [other], text)).outcome).toBe('pass')
    expect((await judgeBy(release(), [other], text, { profile: 'strict' })).outcome).toBe('fail')
    expect(await codeOfAsync(async () => judgeBy(release(), [other], text, { profile: 'strikt' }))).toBe(
      'policy-profile-unknown',
    )
  })
})

describe('what is no policy', () => {
  const head = 'apiVersion: countersign/policy/v1\nname: test\n'

  test.each([
    ['nothing in it', head, 'policy-empty'],
    [
      'sections that ask for nothing',
      `${head}levels:\n  - {signer: 'https://x.example/a', level: 2}\n`,
      'policy-empty',
    ],
    ['an empty section', `${head}ai: {}\nprovenance: {}\n`, 'policy-empty'],
    ['an empty list', `${head}identity:\n  signers: []\n`, 'policy-list-empty'],
    ['an empty list far inside', `${head}ai:\n  tools:\n    allow: []\n`, 'policy-list-empty'],
    ['a member that nobody knows', `${head}ai:\n  modles: {allow: [claude-*]}\n`, 'policy-key-unknown'],
    ['another version', 'apiVersion: countersign/policy/v2\nname: test\n', 'policy-malformed'],
    [
      'a severity of no rule',
      `${head}ai:\n  tools: {allow: [cursor]}\nseverities: {ai/tolls: warn}\n`,
      'policy-key-unknown',
    ],
    ['a pattern that is none', `${head}ai:\n  tools: {allow: ['a**b']}\n`, 'policy-malformed'],
    [
      'a signer without an issuer',
      `${head}identity:\n  signers:\n    - {signer: 'https://x.example/a'}\n`,
      'policy-malformed',
    ],
    [
      'a signer that is everybody',
      `${head}identity:\n  signers:\n    - {signer: 'https://github.com/**', issuer: 'https://x.example', anySource: true}\n`,
      'policy-malformed',
    ],
    [
      'a date that is none',
      `${head}expires: 2026-13-45T00:00:00Z\nai:\n  tools: {allow: [cursor]}\n`,
      'policy-malformed',
    ],
    [
      'a day that its month has not',
      `${head}expires: 2026-02-30T00:00:00Z\nai:\n  tools: {allow: [cursor]}\n`,
      'policy-malformed',
    ],
    [
      'a name that may override, under whatever issuer',
      `${head}ai:\n  disclosure: {aboveLines: 9, overrides: {allowed: [{signer: boss@acme.example}]}}\n`,
      'policy-malformed',
    ],
    [
      'a hash that is none',
      `${head}ai:\n  disclosure: {aboveLines: 9, overrides: {allowed: [{signer: 'hmac-sha256:abc'}]}}\n`,
      'policy-malformed',
    ],
    ['a path as on Windows', `${head}ai:\n  humanReview: [{paths: ['src\\auth']}]\n`, 'policy-malformed'],
    ['a path behind a blank', `${head}ai:\n  humanReview: [{paths: [' src']}]\n`, 'policy-malformed'],
    ['an anchor', `${head}ai: &a\n  tools: {allow: [cursor]}\n`, 'policy-malformed'],
    [
      'keys behind keys in very many lines',
      `${head}revoked:\n  - kind: commit\n${'    value: 4b825dc6: commit\n'.repeat(9_000)}rules: []\n`,
      'policy-malformed',
    ],
    ['two documents', `${head}---\n${head}`, 'policy-malformed'],
    ['a key twice', `${head}name: other\n`, 'policy-malformed'],
  ])('%s', async (_, text, code) => {
    const folder = release().folder
    writeFileSync(join(folder, 'none.yaml'), text)
    expect(await codeOfAsync(() => openPolicy({ file: 'none.yaml' }, folder))).toBe(code)
  })

  const ai = 'ai:\n  tools: {allow: [cursor]}\n'
  test.each([
    ['required values', `${head}provenance:\n  parameters:\n    require: {a: x, __proto__: y}\n`, '5:21'],
    ['required values, as an escape', `${head}provenance:\n  inputs:\n    require: {"\\u005f_proto__": y}\n`, '5:15'],
    ['severities', `${head}${ai}severities: {__proto__: warn}\n`, '5:14'],
    ['profiles', `${head}${ai}profiles:\n  __proto__: {ai: {tools: {deny: [x]}}}\n`, '6:3'],
    ['a section', `${head}ai:\n  tools: {allow: [cursor]}\n  __proto__: {readers: {mustLook: all}}\n`, '5:3'],
    ['the top', `${head}${ai}__proto__: {expires: x}\n`, '5:1'],
  ])('__proto__ in %s is no member, and said to be none', async (_, text, place) => {
    const { folder } = release()
    writeFileSync(join(folder, 'proto.yaml'), text)
    expect(await codeOfAsync(() => openPolicy({ file: 'proto.yaml' }, folder))).toBe('policy-key-unknown')
    await expect(openPolicy({ file: 'proto.yaml' }, folder)).rejects.toThrow(`proto.yaml:${place}:`)
  })

  test('a profile that every object has is none', async () => {
    const { folder } = release()
    writeFileSync(join(folder, 'profile.yaml'), `${head}${ai}`)
    for (const profile of ['constructor', '__proto__', 'toString']) {
      expect(await codeOfAsync(() => openPolicy({ file: 'profile.yaml', profile }, folder))).toBe(
        'policy-profile-unknown',
      )
    }
  })

  test.each([
    ['a space of no width', '"cur\\u200bsor"'],
    ['a turn of direction', '"cur\\u202esor"'],
    ['a control', '"cur\\u0007sor"'],
    ['an escape of a terminal', '"cur\\e[2Ksor"'],
    ['a carriage return', '"cur\\rsor"'],
    ['a next line', '"cur\\Nsor"'],
    ['a line separator', '"cur\\Lsor"'],
    ['a soft hyphen, written out', 'cur\u00adsor'],
    ['a tag', '"cur\\U000E0041sor"'],
    ['half of a character', '"cur\\ud83dsor"'],
  ])('%s in a text is refused where it stands', async (_, written) => {
    const { folder } = release()
    const texts = [
      [`${head}ai:\n  tools: {deny: [x, ${written}]}\n`, '4:21'],
      [`${head}${ai}severities: {${written}: warn}\n`, '5:14'],
      [`${head}description: ${written}\n${ai}`, '3:14'],
    ] as const
    for (const [text, place] of texts) {
      writeFileSync(join(folder, 'unseen.yaml'), text)
      expect(await codeOfAsync(() => openPolicy({ file: 'unseen.yaml' }, folder))).toBe('policy-malformed')
      await expect(openPolicy({ file: 'unseen.yaml' }, folder)).rejects.toThrow(`unseen.yaml:${place}:`)
    }
  })

  test('a text of several lines is one', async () => {
    const { folder } = release()
    writeFileSync(join(folder, 'lines.yaml'), `${head}description: |\n  one\n  \ttwo\n${ai}`)
    expect((await openPolicy({ file: 'lines.yaml' }, folder)).name).toBe('test')
  })

  test('is told with its place, and without its values', async () => {
    const { folder } = release()
    writeFileSync(join(folder, 'place.yaml'), `${head}ai:\n  tools:\n    alow: [s3cret]\n`)
    await expect(openPolicy({ file: 'place.yaml' }, folder)).rejects.toThrow('place.yaml:5:5: ai.tools.alow')
    await expect(openPolicy({ file: 'place.yaml' }, folder)).rejects.not.toThrow('s3cret')
  })
})
