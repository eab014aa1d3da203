/**
 * Reader `session-record`: records of sessions in refs of the repository (`refs/countersign/sessions/<digest>`). A record names its session
 * and no commit, so it counts for one that something else ties to a change; of the others nothing is read but the commit.
 */
import { limits } from '../../../model/limits.ts'
import { recordRefs } from '../../../model/session-record.ts'
import { followReplacements } from '../../../model/session-redaction.ts'
import type { Replacement } from '../../../model/session-redaction.ts'
import { byText } from '../../../model/text-order.ts'
import { listRecords, openRecords } from '../../session-records/read-record.ts'
import type { FoundRecord, RecordTip } from '../../session-records/read-record.ts'
import { redactionKey, replacementBy } from '../../session-records/redactions.ts'
import { sessionRecordFindings } from '../session-record/findings.ts'
import type { SessionRecordCode } from '../session-record/findings.ts'
import { recordOf } from '../session-record/record-of.ts'
import type { ToldRecord } from '../session-record/record-of.ts'
import { unknownTool } from '../tools.ts'
import type { Absence, Look as AnyLook, SessionReader } from './row.ts'

type Look = AnyLook<SessionRecordCode>

export const sessionRecord: SessionReader<SessionRecordCode> = {
  id: 'session-record',
  title: 'session records in refs of the repository',
  fetch: `git fetch origin '${recordRefs}*:${recordRefs}*'`,
  readsClaims: true,
  // None has a name that could be known: they are listed.
  refs: [],
  isSeldom: true,
  findings: sessionRecordFindings,
  open(look) {
    let absence: Absence | undefined
    return Promise.resolve({
      commit: () => undefined,
      async finish() {
        absence = await readAll(look)
        return undefined
      },
      absence: () => absence,
    })
  },
}

async function readAll(look: Look): Promise<Absence | undefined> {
  const claims = look.claims?.()
  if (claims?.size === 0) return undefined
  const { tips, absence } = await findTips(look)
  const claimed: FoundRecord[] = []
  for await (const found of openRecords(look.repository, tips)) {
    if ('malformed' in found) {
      look.finding('session-record-malformed', undefined, `record ${found.digest}: its commit`)
      continue
    }
    const { tool, session } = found.header
    const claim = claims?.get(session)
    const isClaimed = claims === undefined || claim?.tools.has(tool) === true || claim?.tools.has(unknownTool) === true
    if (isClaimed) claimed.push(found)
  }
  const trusted = await signedCommits(look, claimed)
  // First, since what is read has an end: whoever may push could put any number of others before them.
  const ordered = [
    ...claimed.filter(({ commit }) => trusted.has(commit)),
    ...claimed.filter(({ commit }) => !trusted.has(commit)),
  ]
  if (ordered.length === 0) return absence
  const wanted = ordered.slice(0, limits.transcripts)
  for (const { digest } of ordered.slice(limits.transcripts)) {
    look.finding('session-record-limit', undefined, `record ${digest} was not read`)
  }
  const { tellRecords } = await import('../session-record/told-records.ts')
  const told = await tellRecords(look.repository, wanted, (code, detail) => look.finding(code, undefined, detail))
  const signed = await signedOf(look, told, trusted)
  const newest = await withoutReplaced(look, told, trusted)
  for (const of of Map.groupBy(newest, ({ found: { header } }) => `${header.tool}\n${header.session}`).values()) {
    const [{ found }] = of as [ToldRecord, ...ToldRecord[]]
    addSession(look, of, signed, claims?.get(found.header.session)?.isPinned === true)
  }
  return absence
}

/**
 * Without those that a signed redaction replaces. What a redaction says counts whoever signed the record itself; one that nobody signed, or
 * that leads nowhere, takes nothing away.
 */
async function withoutReplaced(
  look: Look,
  told: readonly ToldRecord[],
  trusted: ReadonlySet<string>,
): Promise<readonly ToldRecord[]> {
  const replacements = new Map<string, Replacement[]>()
  for (const it of told) {
    const { redaction } = it
    if (redaction === undefined) continue
    const commit = (id: string): string | undefined => (trusted.has(id) ? 'somebody who counts' : undefined)
    const replacement = await replacementBy(redaction, { commit, redactor: look.redactor })
    const own = replacements.get(sessionOf(it)) ?? []
    if (replacement !== undefined) replacements.set(sessionOf(it), [...own, replacement])
    else look.finding('session-record-redaction-unsigned', undefined, `record ${redaction.found.digest}`)
  }
  if (replacements.size === 0) return told
  const here = new Set(told.map(({ found }) => found.digest))
  return told.filter((it) => {
    const { digest } = it.found
    const followed = followReplacements(digest, replacements.get(sessionOf(it)) ?? [])
    if (followed === undefined) return true
    const doesLead = followed.newest !== undefined && here.has(followed.newest)
    look.finding(doesLead ? 'session-record-replaced' : 'session-record-redaction-loop', undefined, `record ${digest}`)
    return !doesLead
  })
}

/** A record of one session, or of an agent within it, stands in the place of no other's. */
function sessionOf({ found: { header }, told: { agent = '' } }: ToldRecord): string {
  return `${header.tool}\n${header.session}\n${agent}`
}

interface Tips {
  readonly tips: readonly RecordTip[]
  readonly absence: Absence | undefined
}

/** Here and, where that is asked for, at the remotes. One digest may be recorded twice, by two who each signed it. */
async function findTips(look: Look): Promise<Tips> {
  const { repository, remote } = look
  const here = await listRecords(repository)
  if (here.strange > 0) look.finding('session-record-malformed', undefined, `${here.strange} refs that can be none`)
  const there = remote.does === 'nothing' ? undefined : await remote.below(recordRefs, limits.sessionRecords)
  const known = new Set(here.tips.map((it) => `${it.digest} ${it.commit}`))
  const fetched = (there?.refs ?? []).flatMap(({ name, id, isHere }) => {
    const digest = name.slice(recordRefs.length)
    const isNew = isHere && /^[0-9a-f]{64}$/.test(digest) && !known.has(`${digest} ${id}`)
    return isNew ? [{ digest, commit: id }] : []
  })
  if (here.beyond > 0) look.finding('session-record-limit', undefined, `${here.beyond} refs were not looked at`)
  return { tips: [...here.tips, ...fetched], absence: absenceOf(there, here.tips.length > 0 || fetched.length > 0) }
}

function absenceOf(
  look: Awaited<ReturnType<Look['remote']['below']>> | undefined,
  isSome: boolean,
): Absence | undefined {
  if (look?.failure !== undefined) return { outcome: 'could-not-look', detail: look.failure }
  const away = look?.refs.filter((it) => !it.isHere) ?? []
  if (away.length > 0) {
    const words = `the remote has ${String(away.length)} session records that are not in this clone`
    return { outcome: 'not-fetched', detail: words }
  }
  if (isSome || look?.whole === true) return undefined
  return { outcome: 'not-fetched', detail: `no ref below ${recordRefs} is in this clone` }
}

/** The commits of those that git has signed by somebody who counts. */
async function signedCommits(look: Look, records: readonly FoundRecord[]): Promise<ReadonlySet<string>> {
  const commits = new Set(records.flatMap(({ isSigned, commit }) => (isSigned ? [commit] : [])))
  if (look.whoSigned === undefined || commits.size === 0) return new Set()
  const by = await look.whoSigned(commits, [])
  return new Set([...commits].filter((it) => doesCount(by.commit(it))))
}

function doesCount(who: string | undefined): boolean {
  return who === 'person' || who === 'agent-platform'
}

/** The digests of those that are signed by somebody who counts: what others say of such a session does not stand beside it. */
async function signedOf(
  look: Look,
  told: readonly ToldRecord[],
  trusted: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const bundles = told.flatMap((it) => (it.bundle === undefined ? [] : [{ record: recordOf(it), bytes: it.bundle }]))
  for (const it of bundles) look.recordBundle?.(it.bytes)
  const by = bundles.length === 0 ? undefined : await look.whoSigned?.(new Set(), bundles)
  const counts = (it: ToldRecord): boolean =>
    (trusted.has(it.found.commit) && doesVouch(it)) || doesCount(by?.record(recordOf(it)))
  return new Set(told.filter(counts).map(({ found }) => redactionKey(found)))
}

/** Whoever redacts a record stands for what is left of it: that raises nothing that the old one was not. */
function doesVouch({ redaction }: ToldRecord): boolean {
  return redaction === undefined || redaction.said.level === 'signed'
}

function addSession(look: Look, all: readonly ToldRecord[], signed: ReadonlySet<string>, isPinned: boolean): void {
  const those = all.filter((it) => signed.has(redactionKey(it.found)))
  const counted = those.length === 0 ? all : those
  for (const it of all) {
    if (!counted.includes(it)) look.finding('session-record-outranked', undefined, `record ${it.found.digest}`)
  }
  for (const { found, format, redactions, told, isTold, card, lost } of counted) {
    const { tool, session } = found.header
    const kept = look.transcript(tool, session, {
      ...{ format, digest: found.digest, redactions, told, isTold },
      ...(card === undefined ? {} : { card }),
      lost,
    })
    if (kept === 'cut') look.finding('transcript-edits-cut', undefined, `record ${found.digest}`)
  }
  const record = counted
    .filter(({ told }) => told.agent === undefined)
    .toSorted(byProgress)
    .at(-1)
  if (record === undefined) return
  const { found, told } = record
  const { toolVersions, startedAt, endedAt, parent, role } = told
  look.record({
    // Where a store has its record, that one is pinned: two that are pinned would contradict each other.
    place: isPinned
      ? { kind: 'file' }
      : {
          kind: 'record',
          digest: found.digest,
          seal: found.isSigned && doesVouch(record) ? { kind: 'record', commit: found.commit } : undefined,
        },
    ...{ tool: found.header.tool, session: found.header.session, startedAt, endedAt, parent },
    role: role === 'unknown' ? undefined : role,
    toolVersion: toolVersions.length === 1 ? toolVersions[0] : undefined,
    models: [...new Set([...told.models, ...counted.flatMap((it) => it.told.models)])].slice(
      0,
      limits.modelsPerSession,
    ),
    change: undefined,
  })
}

/** As of transcripts that are given (`transcript-reader.ts`): by what stands in them, whatever times they say. */
function byProgress({ told: a, ...one }: ToldRecord, { told: b, ...other }: ToldRecord): number {
  return (
    a.iterations - b.iterations ||
    a.turns - b.turns ||
    one.bytes - other.bytes ||
    byText(one.found.digest, other.found.digest) ||
    byText(one.found.commit, other.found.commit)
  )
}
