/** What is true as far as anybody can tell, and stands in the report so that a person can judge it. */
import { recordFates } from '../../src/attest/record-fates.ts'
import { ed25519Key } from '../world/commit-signature.ts'
import type { TestKey } from '../world/commit-signature.ts'
import { claudeTranscript, digestOf, putRecord, redactionOf, sessionOfRecord } from '../world/session-record.ts'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { recordBundlesIn, recordVerifier } from '../../src/attest/record-attestations.ts'
import { resolveRange } from '../../src/collect/git/history.ts'
import { receiptVerifier } from '../../src/collect/receipts/verifier.ts'
import { collectChanges } from '../../src/collect/sessions/index.ts'
import { sessionReaders } from '../../src/collect/sessions/readers/index.ts'
import { parseAllowedIdentities } from '../../src/model/allowed-identity.ts'
import { sha256Hex } from '../../src/model/digest.ts'
import { sessionRecordType } from '../../src/model/record-attestation.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { worldOf } from '../../src/platform/world.ts'
import { readProvenanceV1 } from '../../src/predicates/provenance.ts'
import { render } from '../../src/report/index.ts'
import { loadTrust } from '../../src/sigstore/trust/source.ts'
import type { Checkout } from '../world/checkout.ts'
import { commitPayload } from '../world/commit-signature.ts'
import { checkpoint, claudeRow, sessionMetadata, storeOnBranch } from '../world/entire-checkpoint.ts'
import { receiptIssuer, receiptKey } from '../world/receipt.ts'
import type { Claims, ReceiptKey } from '../world/receipt.ts'
import { allowedSigners, pointer, receiptOfThen, storeRecord } from '../world/receipted-session.ts'
import { checksOf, edited, otherRefusals, summaryOf } from '../world/release.ts'
import type { EditableStatement, Job, Release } from '../world/release.ts'
import { scratchRepository } from '../world/scratch-repository.ts'
import { ask, requested, runningService, vendorClaims, vendorToken } from '../world/vendor-token.ts'
import { countersign } from '../cli/terminal.ts'
import { attest, carefulQuestion } from './ask.ts'
import { releaseJob } from './row.ts'
import { beside, withoutSessions } from './statement.ts'
import type { Display, Scene } from './row.ts'

/** The verdict over a bundle, or a file of them, under the careful question. */
function judged({ release }: Scene, bundle: object | string): Promise<Verdict> {
  return release.judge(bundle, { question: carefulQuestion(release) })
}

interface Attested {
  readonly sessions: readonly AttestedSession[]
  /** Counts by kind. */
  readonly findings: unknown
  readonly readers: readonly { readonly reader: string; readonly outcome: string; readonly detail?: string }[]
  readonly config?: { readonly digest: { readonly sha256: string }; readonly skipped?: readonly string[] }
}

interface AttestedSession {
  readonly level: string
  readonly readers: readonly string[]
  readonly commits: readonly string[]
}

/** What `attest` would sign about AI in the checkout. */
async function attestedAt(at: Checkout): Promise<Attested> {
  const { stdout } = await attest(at, await at.token({ sha: at.commit }), 'dist/app.tgz', '--dry-run')
  const { buildDefinition, runDetails } = (JSON.parse(stdout) as EditableStatement).predicate
  const sessions = (buildDefinition.resolvedDependencies ?? [])
    .filter((it) => /^urn:ai-(?:session|tool):/.test(it.uri ?? ''))
    .map((it) => it.annotations?.['countersign'] as AttestedSession)
  const summary = runDetails.byproducts?.[0]?.annotations?.['countersign'] as Attested
  return { ...summary, sessions }
}

const steers = '{"mcpServers":{"x":{"command":"y","args":["PLANTED"],"env":{"TOKEN":"PLANTED"}}}}'
const turnsOff = 'version: 1\nreaders: { skip: [trailer, git-ai-note] }\n'
/** Level and findings of a session whose record each of these jobs signed, where Ann may. */
async function withRecordAttestations(release: Release, signed: readonly (readonly [Job, string])[]): Promise<unknown> {
  const id = '7b9d8e75f733'
  const scratch = scratchRepository()
  scratch.commit(`one\n\nEntire-Checkpoint: ${id}`)
  storeOnBranch(scratch, id, checkpoint(id, [sessionMetadata(id), claudeRow()]))
  const repository = await scratch.open()
  const range = await resolveRange(repository, { adopt: true, allowShallow: 'refuse' })
  const allowed = parseAllowedIdentities([`${release.sigstore.issuer}=ann@acme.example`])
  const subject = [{ digest: { sha256: sha256Hex(claudeRow()) } }]
  const told: unknown[] = []
  for (const [job, predicateType] of signed) {
    const statement = { _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate: {} }
    const file = Buffer.from(JSON.stringify(await release.sign(statement, job)))
    const roots = [{ root: 'own' as const, load: () => loadTrust(release.trust, worldOf()) }]
    const verifyRecords = recordVerifier(recordBundlesIn(file), allowed, roots)
    const { sessions } = await collectChanges(repository, range, sessionReaders, undefined, { verifyRecords })
    told.push([sessions.sessions[0]?.level, sessions.findingCounts])
  }
  return told
}

/** What is told of a session whose record is signed, with a receipt by this key; `more` names it in a commit of somebody else. */
async function withReceipt(by: ReceiptKey, edit?: (claims: Claims) => unknown, more = false): Promise<unknown> {
  const scratch = scratchRepository()
  scratch.commit(`one\n\n${pointer}`, { 'a.txt': 'a' })
  storeRecord(scratch)
  if (more) {
    const own = { author: 'Mallory <mallory@example.org>', message: `Mine\n\n${pointer}\n`, time: 1_700_000_300 }
    const parts = {
      ...own,
      tree: scratch.git(['rev-parse', 'HEAD^{tree}']),
      parents: [scratch.git(['rev-parse', 'HEAD'])],
    }
    const object = scratch.git(['hash-object', '-w', '-t', 'commit', '--stdin'], commitPayload(parts))
    scratch.git(['update-ref', 'HEAD', object])
  }
  const repository = await scratch.open()
  const range = await resolveRange(repository, { adopt: true, allowShallow: 'refuse' })
  const receipt = Buffer.from(receiptOfThen(by, edit))
  const place = { repository: 'https://github.com/acme/widget', asks: false }
  const verifyReceipts = receiptVerifier([receipt], [receiptIssuer([gatewayKey])], place, worldOf())
  const options = { signers: { allowedSigners }, verifyReceipts }
  const { sessions } = await collectChanges(repository, range, sessionReaders, undefined, options)
  return [sessions.sessions[0]?.level, sessions.findingCounts]
}

const gatewayKey = receiptKey()

export const displays: readonly Display[] = [
  {
    id: '18b',
    forger: 'hands out another file of the release under the name of this one',
    shown: 'the name that the digest was attested under, where the file has another one',
    seen: { outcome: 'pass', subjectName: 'debug.tgz', line: '  attested as debug.tgz' },
    async look(scene) {
      const { release } = scene
      const statement = edited(release.statement(releaseJob), (it) => (it.subject[0]!.name = 'debug.tgz'))
      const bundle = await release.sign(statement, releaseJob)
      const verdict = await judged(scene, bundle)
      const { repo, workflow, issuer } = carefulQuestion(release)
      const root = release.write(JSON.stringify(release.sigstore.trustedRoot))
      const argv = ['--repo', repo, '--workflow', workflow, '--issuer', issuer, '--trusted-root', root]
      const { stdout } = await countersign(
        { cwd: release.folder },
        ...['verify', release.artifact, '--bundle', release.write(bundle), ...argv],
      )
      const line = stdout.split('\n').find((it) => it.includes('attested as'))
      const { subjectName } = summaryOf(verdict) ?? {}
      return { outcome: verdict.outcome, subjectName, line: line?.replace(/ +(?=debug)/, ' ') }
    },
  },
  {
    id: '30',
    forger: 'starts the release with inputs, or variables, that the build type does not know',
    shown: 'all external parameters, and as a skipped check those that are unknown to the build type',
    seen: {
      outcome: 'pass',
      parameter: 'off',
      check: {
        rule: 'external-parameters',
        outcome: 'skipped',
        note: 'not asked about, and unknown to the build type: tests',
      },
    },
    async look(scene) {
      const { release } = scene
      const statement = edited(release.statement(releaseJob), ({ predicate }) => {
        predicate.buildDefinition.externalParameters!['tests'] = 'off'
      })
      const verdict = await judged(scene, await release.sign(statement, releaseJob))
      return {
        outcome: verdict.outcome,
        parameter: summaryOf(verdict)?.externalParameters?.['tests'],
        check: checksOf(verdict).find((it) => it.rule === 'external-parameters'),
      }
    },
  },
  {
    id: '31f',
    forger: 'writes the trailer of an AI session that never was into their commit',
    shown: 'the session at level `claimed`: that somebody wrote it, and no more',
    seen: [{ level: 'claimed', readers: ['trailer'] }],
    async look({ checkout }) {
      const at = checkout()
      at.git(
        ...['commit', '--quiet', '--allow-empty', '-m', 'Forge'],
        ...['-m', 'Claude-Session: https://claude.ai/code/session_01NeverWas'],
      )
      const { sessions } = await attestedAt(at)
      return sessions
        .filter(({ commits }) => commits.includes(at.commit))
        .map(({ level, readers }) => ({ level, readers }))
    },
  },
  {
    id: '31g',
    forger: 'copies a git-ai note to a commit that it was not written for',
    shown: 'no session for that commit, and a finding: the note names another one',
    seen: { noted: ['git-ai-note'], released: [], findings: { 'note-base-mismatch': 1 } },
    async look({ checkout }) {
      const at = checkout()
      at.git('notes', '--ref=ai', 'copy', at.noted, at.released)
      const { sessions, findings } = await attestedAt(at)
      const readersOf = (commit: string): readonly string[] =>
        sessions.filter((it) => it.commits.includes(commit)).flatMap((it) => it.readers)
      return { noted: readersOf(at.noted), released: readersOf(at.released), findings }
    },
  },
  {
    id: '31h',
    forger: 'controls the trusted workflow, and has it write a higher level',
    shown: 'the level as the signer wrote it, under the name of the signer',
    seen: { outcome: 'pass', levels: ['vouched', 'claimed'], signer: 'release.yml@refs/tags/v14.2.0' },
    async look(scene) {
      const { release } = scene
      const statement = edited(release.statement(releaseJob), ({ predicate }) => {
        const [, session] = predicate.buildDefinition.resolvedDependencies ?? []
        Object.assign(session!.annotations!['countersign'] as object, { level: 'vouched' })
      })
      const verdict = await judged(scene, await release.sign(statement, releaseJob))
      const { sessions, signer } = summaryOf(verdict) ?? {}
      const levels = sessions?.map((it) => it.level)
      return { outcome: verdict.outcome, levels, signer: signer?.identity?.split('/').slice(-3).join('/') }
    },
  },
  {
    id: '31i',
    forger: 'signs the record of a session in a workflow of their own, or a statement of another type about it',
    shown: 'the session at level `recorded`, and a finding: nobody named that signer, or it says something else',
    seen: [
      ['signed', {}],
      ['recorded', { 'record-attestation-unnamed': 1 }],
      ['recorded', { 'record-attestation-other-type': 1 }],
    ],
    async look({ release }) {
      const ann: Job = { provider: 'generic', email: 'ann@acme.example' }
      return withRecordAttestations(release, [
        [ann, sessionRecordType],
        [{ repository: 'mallory/widget' }, sessionRecordType],
        [ann, 'https://slsa.dev/provenance/v1'],
      ])
    },
  },
  {
    id: '31j',
    forger: 'signs the receipt of a session themselves, in the name of a gateway or in their own',
    shown:
      'the session at level `signed`, and a finding: that issuer did not sign it, or the list does not name the issuer',
    seen: [
      ['vouched', {}],
      ['signed', { 'receipt-signature-invalid': 1 }],
      ['signed', { 'receipt-issuer-unknown': 1 }],
    ],
    look: () =>
      Promise.all([
        withReceipt(gatewayKey),
        withReceipt(receiptKey()),
        withReceipt(receiptKey(), (it) => (it['iss'] = 'https://gateway.mallory.example')),
      ]),
  },
  {
    id: '31k',
    forger: 'writes the name of a session with a receipt into a change of their own',
    shown: 'that session at level `signed` in all its changes, and a finding: its user did not make each of them',
    seen: ['signed', { 'receipt-other-user': 1 }],
    look: () => withReceipt(gatewayKey, undefined, true),
  },
  {
    id: '31l',
    forger:
      'shows a service for receipts a token of another environment, role or issuer, an old one, or one with a key of their own',
    shown: "no receipt: issuer, keys and audience are the operator's, and nothing of the token is kept or told",
    seen: [
      [401, 'token-audience-mismatch', false],
      [401, 'token-claims-refused', false],
      [401, 'token-issuer-unknown', false],
      [401, 'token-expired', false],
      [401, 'token-header-refused', false],
    ],
    async look() {
      const service = await runningService()
      const tokens = [
        vendorToken(vendorClaims((it) => (it['aud'] = ['ccpool_other']))),
        vendorToken(vendorClaims((it) => (it['ccr:role'] = 'runner'))),
        vendorToken(vendorClaims((it) => (it['iss'] = 'https://mallory.example'))),
        vendorToken(vendorClaims((it) => (it['exp'] = 1))),
        vendorToken(undefined, { header: { jwk: receiptKey('vendor-1').jwk } }),
      ]
      const asked = await Promise.all(tokens.map((it) => ask(service, it)))
      return asked.map(({ status, code, text }, index) => {
        const [, claims = ''] = (tokens[index] ?? '').split('.')
        return [status, code, `${text}${service.logged()}`.includes(claims)]
      })
    },
  },
  {
    id: '31m',
    forger: 'holds the token of a session, their own or stolen, and asks for a receipt for other commits',
    shown:
      'a receipt that says so (`holder_said`), of the user that the token names: it agrees with no commit of anybody else, and raises no unsigned record',
    seen: [201, ['aud', 'commits'], 'ann@example.org'],
    async look() {
      const { status, text } = await ask(await runningService(), vendorToken(), {
        ...requested,
        commits: ['f'.repeat(40)],
      })
      const { holder_said, sub } = decodeJwt(text.trim())
      return [status, holder_said, sub]
    },
  },
  {
    id: '32b',
    forger: 'puts junk, their own bundle and an edited copy before the genuine one',
    shown: 'the genuine one decides alone; the others are listed with the reason why they were not used',
    seen: {
      outcome: 'pass',
      signer: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v14.2.0',
      models: ['claude-opus-4-6'],
      rejected: ['json-malformed', 'signature-invalid', 'signer-mismatch'],
    },
    async look(scene) {
      const { release } = scene
      const genuine = await release.genuine(releaseJob)
      const own = await release.attested({ ...releaseJob, repository: 'mallory/widget' })
      const copy = edited(genuine, ({ dsseEnvelope }) => {
        const text = Buffer.from(dsseEnvelope.payload, 'base64').toString()
        dsseEnvelope.payload = Buffer.from(text.replace('claude-opus-4-6', 'another-model-1')).toString('base64')
      })
      const lines = ['junk', ...[own, copy, genuine].map((it) => JSON.stringify(it))]
      const verdict = await judged(scene, lines.join('\n'))
      const { signer, sessions } = summaryOf(verdict) ?? {}
      return {
        outcome: verdict.outcome,
        signer: signer?.identity,
        models: sessions?.flatMap((it) => it.models),
        rejected: otherRefusals(verdict),
      }
    },
  },
  {
    id: 'P13',
    forger: 'relies on a waiver that goes unnoticed',
    shown: 'every waived part as waived, and its check as skipped',
    seen: {
      question: 'any (waived)',
      check: { rule: 'source', outcome: 'skipped', note: 'waived by `anySource`' },
    },
    async look({ release }) {
      const { signer, issuer } = release.question(releaseJob)
      const question = { signer, issuer, anySource: true } as const
      const verdict = await release.judge(await release.genuine(releaseJob), { question })
      return {
        question: verdict.question['source'],
        check: checksOf(verdict).find((it) => it.rule === 'source'),
      }
    },
  },
  {
    id: 'P13b',
    forger: 'commits a configuration that turns readers off',
    shown: 'these readers as not collected, by that file, whose digest is signed',
    seen: {
      off: ['git-ai-note: turned off by .countersign/config.yaml', 'trailer: turned off by .countersign/config.yaml'],
      skipped: ['git-ai-note', 'trailer'],
      sha256: sha256Hex(turnsOff),
    },
    async look({ checkout }) {
      const at = checkout()
      at.write('.countersign/config.yaml', turnsOff)
      at.git('add', '--all')
      at.git('commit', '--quiet', '-m', 'Configure')
      const { readers, config } = await attestedAt(at)
      const off = readers.filter((it) => it.outcome === 'not-collected').map((it) => `${it.reader}: ${it.detail ?? ''}`)
      return { off, skipped: config?.skipped, sha256: config?.digest.sha256 }
    },
  },
  {
    id: 'P13c',
    forger: 'plants a link, or a token in the settings of an MCP server, among the files that steer agents',
    shown: 'a digest of what the link says, and names of servers, variables and headers; never a value',
    seen: {
      // What `sha256sum` prints, with a mark for the link.
      sha256: sha256Hex(`${sha256Hex(steers)}  .mcp.json\n${sha256Hex('/etc/passwd')} @CLAUDE.md\n`),
      servers: [{ name: 'x', transport: 'stdio', env: ['TOKEN'] }],
      planted: false,
    },
    async look({ checkout }) {
      const at = checkout()
      at.write('.mcp.json', steers)
      symlinkSync('/etc/passwd', join(at.folder, 'CLAUDE.md'))
      at.git('add', '--all')
      at.git('commit', '--quiet', '-m', 'Steer')
      const { stdout } = await attest(at, await at.token({ sha: at.commit }), 'dist/app.tgz', '--dry-run')
      const { predicate } = JSON.parse(stdout) as EditableStatement
      const configuration = readProvenanceV1(predicate).aiConfiguration
      return {
        sha256: configuration?.digest.sha256,
        servers: configuration?.mcpServers,
        planted: stdout.includes('PLANTED'),
      }
    },
  },
  {
    id: 'P17b',
    forger:
      'attests the same commit from a branch of theirs, without its AI sessions, where contradictions are not refused',
    shown: 'both attestations, whichever stands first, and that they name different AI sessions',
    seen: [
      { outcome: 'pass', sessions: [0, 2], findings: ['sessions-contradict'], printed: 1 },
      { outcome: 'pass', sessions: [0, 2], findings: ['sessions-contradict'], printed: 1 },
    ],
    async look(scene) {
      const { release } = scene
      const [genuine, silent] = [await release.genuine(releaseJob), await withoutSessions(release)]
      const verdicts = [await judged(scene, beside(genuine, silent)), await judged(scene, beside(silent, genuine))]
      return verdicts.map((verdict) => ({
        outcome: verdict.outcome,
        sessions: verdict.attestations.map(({ summary }) => summary?.sessions?.length).toSorted(),
        findings: verdict.findings.map((it) => it.code),
        printed: render(verdict, 'text').match(/say other things of its AI sessions \(sessions-contradict\)/g)?.length,
      }))
    },
  },
  {
    id: 'R1',
    forger: 'removes the record of a session, and pushes one that says it replaces it',
    shown:
      'that nobody whose signature counts signed the other, which explains nothing; who signed it, where somebody did',
    seen: [
      { unsigned: 1, replacements: [] },
      { unsigned: 0, replacements: ['ann@example.org'] },
    ],
    async look() {
      const scratch = scratchRepository()
      const [gone, digest] = ['old', claudeTranscript()].map(digestOf) as [string, string]
      const named = { tool: 'claude-code', session: sessionOfRecord }
      const ann = ed25519Key()
      scratch.write('signers', `ann@example.org ${ann.text}\n`)
      const seen = async (key: TestKey | undefined): Promise<object> => {
        putRecord(scratch, {
          redaction: redactionOf({ digest, replaces: gone }),
          ...(key === undefined ? {} : { key }),
        })
        const [fate] = await recordFates([{ ...named, digest: gone }], {
          allowedSigners: 'signers',
          world: { cwd: scratch.folder },
        })
        return { unsigned: fate?.unsigned.length, replacements: fate?.replacements.map((it) => it.by) }
      }
      return [await seen(undefined), await seen(ann)]
    },
  },
  {
    id: 'A4',
    forger: 'sets the variables of the job to another repository, commit and ref',
    shown: 'what the verified token says; the variables are not read',
    seen: { repository: 'https://github.com/acme/widget', ref: 'refs/tags/v1.1.0', commit: 'HEAD' },
    async look({ checkout }) {
      const at = checkout()
      const lies = { GITHUB_REPOSITORY: 'acme/other', GITHUB_SHA: 'e'.repeat(40), GITHUB_REF: 'refs/tags/v9.9.9' }
      const env = { ...at.env(await at.token()), ...lies }
      const ran = await countersign(
        { cwd: at.folder, env },
        ...['attest', 'dist/app.tgz', '--sigstore', 'local', '--dry-run'],
      )
      const { predicate } = JSON.parse(ran.stdout) as EditableStatement
      const { externalParameters, resolvedDependencies } = predicate.buildDefinition
      const { repository, ref } = externalParameters!['workflow'] as Record<string, string>
      const commit = resolvedDependencies?.[0]?.digest?.['gitCommit']
      return { repository, ref, commit: commit === at.commit ? 'HEAD' : commit }
    },
  },
]
