/** What a portal says of the sessions of a range, held against the commits that name them. */
import type { PortalAgreement, PortalLink, PortalRefusal, RefusedAnswer } from '../../model/portal.ts'
import { portalLinks } from '../../model/portal.ts'
import { sha256Hex } from '../../model/digest.ts'
import type { ReaderReport, Session } from '../../model/session.ts'
import type { Repository } from '../git/repository.ts'
import { heldAgainst } from '../portals/agreement.ts'
import type { AskedSession, PinnedAnswer, Portal } from '../portals/row.ts'
import { holdsSecrets } from '../redact/secrets.ts'
import { claimingCommits, sessionKey } from './claiming-commits.ts'
import type { RecordTable } from './record-table.ts'
import type { JoinedSession } from './session-draft.ts'

/** Among the readers of a range, though it reads no records. */
export const portalReader = 'portal'

/** What can be found about an answer; of the links of one that is missing, which it is. */
export const portalFindings: { readonly [code in PortalRefusal]: string } = {
  'portal-unknown': 'a session that commits name and the portal does not know',
  'portal-malformed': 'an answer of the portal that is not of the form that is documented',
  'portal-other-session': 'an answer of the portal about another session or tool, or about several',
  'portal-untimely': 'an answer of the portal whose session ends before it begins, or in the future',
  'portal-other-user': 'a session of somebody, as the portal says, who did not make every commit that claims it',
  'portal-other-repository': 'a session of another repository than the one that is released, as the portal says',
  'portal-other-time':
    'a session that was over, or had not begun, as the portal says, when a commit that claims it was made',
  'portal-other-commits': 'a session of which the portal names the commits, and not all that claim it',
  'portal-silent': 'a session that the portal knows, and of which it does not say whose it was, where or when',
  'portal-summary-refused': 'a summary of a session that is not of its digest, or holds a secret: it does not count',
}

/** Who is asked. */
export interface AskedPortal {
  readonly portal: Portal
  /** Address of the repository that is attested; undefined where nobody knows it. */
  readonly repository: string | undefined
}

/** What one session has of the portal. */
export interface SessionPortal {
  /** Undefined where it did not speak of the session, or not in a way that counts. */
  readonly agreement: PortalAgreement | undefined
  /** What stands in the statement: of an answer that contradicts nothing. */
  readonly told: Partial<Pick<Session, 'portal'>>
}

export interface ReadPortal {
  of(tool: string, id: string | undefined): SessionPortal
  /** Undefined where nobody was asked. */
  readonly report: ReaderReport | undefined
}

const nothing: SessionPortal = { agreement: undefined, told: {} }

/** Sessions without an id nobody can be asked about. */
export async function readPortal(
  repository: Repository,
  { sessions, records }: { readonly sessions: readonly JoinedSession[]; readonly records: RecordTable },
  asked: AskedPortal | undefined,
  finding: (answer: RefusedAnswer) => void,
): Promise<ReadPortal> {
  if (asked === undefined) return { of: () => nothing, report: undefined }
  const { portal } = asked
  const named = new Map(
    sessions.flatMap((it) => (it.id === undefined ? [] : [[sessionKey(it.tool, it.id), it] as const])),
  )
  const commits = await claimingCommits(repository, named, records)
  const questions = [...named].map(([key, { tool, id = '' }]): [string, AskedSession] => {
    const times = (commits.get(key) ?? []).flatMap((it) => [it.authored, it.committed]).map(milliseconds)
    const [from, to] = [times.reduce((a, b) => Math.min(a, b), latest), times.reduce((a, b) => Math.max(a, b), 0)]
    return [key, { tool, id, from, to }]
  })
  const { answers, failure } = await portal.lookUp(questions.map(([, it]) => it))
  const told = new Map<string, SessionPortal>()
  let claims = 0
  for (const [key, session] of questions) {
    const answer = answers.get(session)
    if (answer === undefined) continue
    if ('refused' in answer) {
      finding(answer.refused)
      continue
    }
    const { agreement, missing } = heldAgainst(answer.facts, asked.repository, commits.get(key) ?? [])
    const detail = `session ${session.id} of ${session.tool}`
    for (const it of missing) finding({ ...it, detail })
    // What contradicts is no evidence, whatever else agrees.
    if (missing.length > 0) continue
    const unsaid = portalLinks.filter((it) => agreement[it] === undefined)
    if (unsaid.length > 0) finding({ code: 'portal-silent', detail: `${detail}: ${unsaid.join(', ')}` })
    else if (portalLinks.every((it) => agreement[it])) claims += 1
    const summary = await summaryIn(answer, portal)
    if (summary === 'refused') finding({ code: 'portal-summary-refused', detail })
    told.set(key, { agreement, told: { portal: toldOf(answer, portal, agreement, summary) } })
  }
  const report = { reader: portalReader, claims }
  return {
    of: (tool, id) => (id === undefined ? undefined : told.get(sessionKey(tool, id))) ?? nothing,
    report:
      failure === undefined
        ? { ...report, outcome: claims === 0 ? 'nothing' : 'found' }
        : { ...report, outcome: 'could-not-look', detail: failure },
  }
}

/** The year 9999: git takes later ones, and nobody can be asked about them. */
const latest = 253_402_300_799_000

function milliseconds(seconds: number): number {
  return Math.min(Math.max(seconds * 1_000, 0), latest)
}

function toldOf(
  { sha256, askedAt }: PinnedAnswer,
  { adapter, host }: Portal,
  agreement: PortalAgreement,
  summary: { readonly sha256: string } | 'refused' | undefined,
): NonNullable<Session['portal']> {
  const agrees: PortalLink[] = portalLinks.filter((it) => it !== 'commits' && agreement[it] === true)
  return {
    ...{ adapter, host, sha256, askedAt, agrees },
    ...(summary === undefined || summary === 'refused' ? {} : { summary: { sha256: summary.sha256 } }),
  }
}

/** Only its digest is signed. A text that holds a secret is not redacted, as a portal's has to be, so nothing of it stays. */
async function summaryIn(
  { facts: { summary } }: PinnedAnswer,
  { keepSummary }: Portal,
): Promise<{ readonly sha256: string } | 'refused' | undefined> {
  if (summary === undefined) return undefined
  const { sha256, text } = summary
  if (text === undefined) return { sha256 }
  if (sha256Hex(Buffer.from(text)) !== sha256 || (await holdsSecrets(text))) return 'refused'
  await keepSummary?.(sha256, text)
  return { sha256 }
}
