/** Inspecting reads everything and verifies nothing: what is broken is named, what can be read is shown. */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspect, inspectFile } from '../../src/inspect/inspect.ts'
import { parseBundle } from '../../src/model/bundle.ts'
import type { Inspection } from '../../src/model/inspection.ts'
import { render } from '../../src/report/index.ts'
import { ecKeys, keySigner, signWith } from '../world/own-authority.ts'
import { codeOfAsync } from '../world/failure.ts'
import { edited, useRelease } from '../world/release.ts'

const release = useRelease()

async function inspected(content: object | string): Promise<Inspection> {
  const [first, ...rest] = await inspectFile(release().write(content))
  expect(rest).toEqual([])
  return first!
}

describe('an inspection', () => {
  it('of a genuine bundle shows who, when, where it is logged, and what it says', async () => {
    const bundle = await release().genuine()
    const inspection = await inspected(bundle)
    expect(inspection).toMatchObject({
      verified: false,
      format: 'Sigstore bundle 0.3',
      signatures: 1,
      payloadType: 'application/vnd.in-toto+json',
      signer: {
        kind: 'certificate',
        identity: release().question().signer,
        extensions: {
          'Build Trigger': 'push',
          'Source Repository URI': 'https://github.com/acme/widget',
          Issuer: release().sigstore.issuer,
        },
      },
      logEntries: [{ kind: 'dsse/0.0.1', inclusion: ['promise', 'proof', 'checkpoint'] }],
      statement: { predicateType: 'https://slsa.dev/provenance/v1', subjects: [{ name: 'app.tgz' }] },
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      problems: [],
    })
    expect(inspection.times.map((it) => it.source)).toEqual(['timestamp authority', 'transparency log'])
    expect(inspection.sessions.map((it) => it.tool)).toEqual(['claude-code', 'cursor'])
    expect(inspection.attribution?.commits.unknown).toBe(1)
  })

  it('of an entry of Rekor v2 shows no time and no promise', async () => {
    const { logEntries, times } = await inspected(await release().attested({}, { rekor: 2 }))
    expect(logEntries).toMatchObject([{ kind: 'hashedrekord/0.0.2', inclusion: ['proof', 'checkpoint'] }])
    expect(times.map((it) => it.source)).toEqual(['timestamp authority'])
  })

  it('of a forgery shows what it claims, and still says "not verified"', async () => {
    const forged = edited(await release().genuine(), (it) => {
      it.dsseEnvelope.payload = Buffer.from(
        JSON.stringify(edited(release().statement(), (statement) => (statement.subject[0]!.name = 'forged'))),
      ).toString('base64')
    })
    expect(await inspected(forged)).toMatchObject({
      verified: false,
      statement: { subjects: [{ name: 'forged' }] },
      problems: [],
    })
  })

  it('of a bundle signed with a key names the hint, not an identity', async () => {
    const bundle = await signWith(release().sigstore, release().statement(), keySigner(ecKeys()))
    expect((await inspected(bundle)).signer).toEqual({ kind: 'key', keyHint: expect.any(String) as string })
  })

  it('of a bare envelope says that nothing vouches for a time', async () => {
    const { dsseEnvelope } = await release().genuine()
    const inspection = await inspected(dsseEnvelope)
    expect(inspection).toMatchObject({
      format: 'bare DSSE envelope',
      signer: { kind: 'none' },
      times: [],
      logEntries: [],
    })
    expect(inspection.problems).toHaveLength(1)
  })

  it('goes on where a part cannot be read, and says which', async () => {
    const broken = edited(await release().genuine(), ({ verificationMaterial, dsseEnvelope }) => {
      verificationMaterial.certificate!.rawBytes = 'AAAA'
      verificationMaterial.timestampVerificationData.rfc3161Timestamps[0]!.signedTimestamp = 'AAAA'
      dsseEnvelope.payload = Buffer.from('no statement').toString('base64')
    })
    const inspection = await inspected(broken)
    expect(inspection).toMatchObject({ signer: { kind: 'none' }, sessions: [], logEntries: [{ kind: 'dsse/0.0.1' }] })
    expect(inspection.problems).toHaveLength(3)
    expect(inspection.statement).toBeUndefined()
  })

  it('of an unknown predicate shows the statement', async () => {
    const bundle = await release().sign({
      ...release().statement(),
      predicateType: 'https://example.com/x',
      predicate: { a: 1 },
    })
    expect(await inspected(bundle)).toMatchObject({ statement: { predicate: { a: 1 } }, sessions: [], problems: [] })
  })

  const odd = '{"n":12345678901234567890,"f":1.0,"e":1e400,"neg":-0,"2":"two","1":"one"}'

  /** A bundle, not signed by anybody, of a statement that is written out. */
  async function bundleOf(statement: string): Promise<object> {
    return edited(await release().genuine(), (it) => {
      it.dsseEnvelope.payload = Buffer.from(statement).toString('base64')
    })
  }

  it('shows numbers and the order of members as they were signed, as JSON and as text', async () => {
    const subject = `{"digest":{"sha256":"${'a'.repeat(64)}"},"name":null,"annotations":${odd},"7":1.0}`
    const head = '"_type":"https://in-toto.io/Statement/v1","predicateType":"x:y"'
    const inspection = await inspected(
      await bundleOf(`{${head}, "later":${odd}, "subject": [${subject}],"predicate":${odd}}`),
    )
    const json = render(inspection, 'json')
    expect(json).toContain(`"predicate":${odd}`)
    expect(json).toContain(`"others":{"later":${odd}}`)
    expect(json).toContain(`"subjects":[${subject.replace('"name":null,', '')}]`)
    const text = render(inspection, 'text')
    const lines = ['"n": 12345678901234567890,', '"f": 1.0,', '"e": 1e400,', '"neg": -0,', '"2": "two",', '"1": "one"']
    expect(text).toContain(['{', ...lines.map((it) => `  ${it}`), '}'].map((it) => `    ${it}\n`).join(''))
    expect(text).toContain(`      also {"annotations":${odd},"7":1.0}\n`)
    expect(text).toMatch(
      /^ {2}other members of the statement\n {4}\{\n {6}"later": \{\n {8}"n": 12345678901234567890,$/m,
    )
  })

  it('shows members of statement and subject that nothing here reads', async () => {
    const more = { uri: 'pkg:npm/app@1', mediaType: 'application/x', annotations: { note: 'x' } }
    const { subject, ...statement } = release().statement()
    const bundle = await bundleOf(
      JSON.stringify({ ...statement, subject: subject.map((it) => ({ ...it, ...more })), later: { a: 1 } }),
    )
    const inspection = await inspected(bundle)
    expect(inspection.statement).toMatchObject({
      subjects: [{ name: 'app.tgz', ...more }],
      others: { later: { a: 1 } },
    })
    expect(render(inspection, 'text')).toContain(`      also ${JSON.stringify(more)}\n`)
    expect((await inspected(await release().genuine())).statement).not.toHaveProperty('others')
  })

  it('of a message signature says that there is no statement', async () => {
    const { mediaType, verificationMaterial } = await release().genuine()
    const message = { mediaType, verificationMaterial, messageSignature: { signature: 'AAAA' } }
    const { problems } = await inspected(message)
    expect(problems.join()).toContain('message signature')
  })

  it('is the same of a file, of its bytes, and of what was parsed', async () => {
    const text = JSON.stringify(await release().genuine())
    const [fromFile] = await inspectFile(release().write(text, 'bundle'))
    const bytes = Buffer.from(text)
    for (const input of [bytes, parseBundle(bytes)]) expect(await inspect(input)).toEqual([fromFile])
    const several = await inspect(Buffer.from(`${text}\njunk\n${text}`))
    expect(several.map((it) => it.bundle)).toEqual(['bundle:1', 'bundle:3'])
  })

  it('of change provenance shows its sessions', async () => {
    const { predicate } = release().statement()
    const [, session] = predicate.buildDefinition.resolvedDependencies!
    const bundle = await release().sign({
      ...release().statement(),
      predicateType: 'https://w3id.org/countersign/change-provenance/v1',
      predicate: { range: { since: null, until: 'a'.repeat(40) }, changes: [], sessions: [session], readers: [] },
    })
    const inspection = await inspected(bundle)
    expect(inspection).toMatchObject({ problems: [], sessions: [{ tool: 'claude-code', level: 'claimed' }] })
    expect(inspection).not.toHaveProperty('buildType')
  })

  it('of a file of several shows each that can be read', async () => {
    const line = JSON.stringify(await release().genuine())
    const all = await inspectFile(release().write(`${line}\njunk\n${line}\n`, 'all.jsonl'))
    expect(all.map((it) => it.bundle)).toEqual(['all.jsonl:1', 'all.jsonl:3'])
  })

  it('of an artifact takes of a shared file just the bundles about it', async () => {
    const about = JSON.stringify(await release().genuine())
    const other = JSON.stringify(
      await release().sign(edited(release().statement(), (it) => (it.subject[0]!.digest['sha256'] = 'a'.repeat(64)))),
    )
    const folder = join(release().folder, 'shared')
    mkdirSync(folder)
    release().write(`${other}\n${about}\n`, 'shared/all.intoto.jsonl')
    copyFileSync(release().artifact, join(folder, 'app.tgz'))
    const [only, ...more] = await inspectFile('app.tgz', { cwd: folder })
    expect(more).toEqual([])
    expect(only).toMatchObject({
      verified: false,
      bundle: 'all.intoto.jsonl:2',
      artifact: { name: 'app.tgz', named: true },
    })
    release().write('another file', 'shared/app.zip')
    const [first] = await inspectFile('app.zip', { cwd: folder })
    expect(first).toMatchObject({ bundle: 'all.intoto.jsonl:1', artifact: { name: 'app.zip', named: false } })
    release().write('broken', 'shared/app.zip.sigstore.json')
    // One of its own that cannot be read hides none of the release's, and is named.
    const [beside] = await inspectFile('app.zip', { cwd: folder })
    expect(beside).toMatchObject({ bundle: 'all.intoto.jsonl:1', artifact: { named: false } })
    expect(beside?.problems).toEqual([expect.stringMatching(/^app\.zip\.sigstore\.json: /)])
    rmSync(join(folder, 'all.intoto.jsonl'))
    expect(await codeOfAsync(() => inspectFile('app.zip', { cwd: folder }))).toBe('json-malformed')
    // A file that is a bundle is shown as it is, whatever lies beside it.
    release().write(about, 'shared/one.json')
    expect((await inspectFile('one.json', { cwd: folder })).map((it) => it.bundle)).toEqual(['one.json'])
  })

  it.each([
    ['nothing', '', 'json-malformed'],
    ['garbage', 'garbage', 'json-malformed'],
    ['lines of garbage', 'a\nb\n', 'json-malformed'],
    ['a document of another kind', '{"hello":"world"}', 'bundle-malformed'],
    [
      'a bundle of the future',
      '{"mediaType":"application/vnd.dev.sigstore.bundle.v9+json","verificationMaterial":{}}',
      'bundle-version-unsupported',
    ],
  ])('of %s is an error', async (_, content, code) => {
    expect(await codeOfAsync(() => inspectFile(release().write(content)))).toBe(code)
    expect(await codeOfAsync(() => inspect(Buffer.from(content)))).toBe(code)
  })

  it('of a file that is not there is an error', async () => {
    expect(await codeOfAsync(() => inspectFile('none.json', { cwd: release().folder }))).toBe('path-missing')
  })
})
