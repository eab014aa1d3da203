/**
 * Change provenance: what a released range is made of, change by change (schemas/change-provenance/v1). Persons stand in it as
 * keyed hashes, texts not at all. Unknown fields are ignored, so that later versions may say more.
 */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import { limits } from '../model/limits.ts'
import type { ChangeLines, ChangeOverride, ChangeProvenance, ChangeSource } from '../model/predicate.ts'
import { branchRules, changeContext } from '../model/signed-context.ts'
import { corroboration } from '../model/session.ts'
import { absent, issueText, present, resourceDescriptor } from '../model/statement.ts'
import { contextOf } from './change-context.ts'
import type { PredicateRow } from './row.ts'
import { isPlainChange } from './plain-changes.ts'
import { readSession } from './session.ts'

const text = z.string().check(z.maxLength(8_192))
/** As a pattern, so that the published schema says it too. */
const commitId = z.string().check(z.regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, { error: 'is no full commit id' }))
/** A keyed hash of a person: `hmac-sha256:<64 hex digits>`. */
const person = z.string().check(z.regex(/^hmac-sha256:[0-9a-f]{64}$/))

/** A number below nothing would take others away where they are summed. */
const amount = () => z.number().check(z.minimum(0))

const lines = z.looseObject({
  ai: amount(),
  human: amount(),
  unknown: amount(),
  generated: absent(amount()),
})

/** What somebody signed about the commit itself, verified by the job: who merged it, and by which rules (SLSA source track). */
const source = z.looseObject({
  predicateType: text,
  /** SHA-256 of the bytes that were signed. */
  payload: z.looseObject({ sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
  /** `uri` or `person`, as the certificate names it, and whose trusted root vouches for that. */
  signer: z.looseObject({
    uri: absent(text),
    person: absent(person),
    issuer: text,
    root: z.enum(['public-good', 'own']),
  }),
  /** RFC 3339: the earliest time that a log or a timestamp authority vouches for. */
  time: text,
  /** `host/path`, as the statement names it. */
  repository: absent(text),
  refs: absent(z.array(text)),
  activity: absent(text),
  /** Of the login that the statement has. */
  actor: absent(person),
  prevCommit: absent(commitId),
  controls: absent(z.array(z.looseObject({ name: text, since: absent(text) }))),
  /** Of a verification summary; the levels of one that failed are not told. */
  result: absent(z.enum(['PASSED', 'FAILED'])),
  levels: absent(z.array(text)),
})

/** `AI-Provenance-Override: <reason>` in the message; the text itself is not there. */
const override = z.looseObject({
  said: z.literal('commit'),
  /** SHA-256 of the reason. */
  read: z.object({ sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
  letters: z.int().check(z.minimum(0)),
  /** It is ids of tickets and nothing else. */
  ticketOnly: z.boolean(),
  /** Who signed the commit, verified by the job: `uri` or `person`; `issuer`, who vouched for that, where it was a certificate. */
  signedBy: absent(z.looseObject({ uri: absent(text), person: absent(person), issuer: absent(text) })),
})

const change = z.looseObject({
  commit: commitId,
  tree: absent(commitId),
  /** `git patch-id --stable`: the same change under another commit has the same one. */
  patchId: absent(commitId),
  parents: absent(z.array(commitId)),
  author: absent(person),
  committer: absent(person),
  /** URI of the pull or merge request. */
  pullRequest: absent(text),
  ...changeContext,
  /** Sessions that took part, by the `uri` of their descriptors below. */
  sessions: absent(
    z.array(
      z.looseObject({
        uri: text,
        role: absent(text),
        /** Who asked the tool for this change. */
        requester: absent(person),
        linkage: absent(text),
        /** Of the added lines; 0: it is named, and wrote none of them. */
        lines: absent(z.number()),
        /** Of the added lines, those that stand in what its transcripts wrote (schemas/ai-session/v1). */
        corroborated: absent(corroboration),
      }),
    ),
  ),
  /** Added lines by who wrote them; `unknown` is never rounded to `human`, and generated files are counted apart. */
  lines: absent(lines),
  files: absent(
    z.array(
      z.extend(lines, {
        path: text,
        sessions: absent(z.array(z.looseObject({ uri: text, lines: z.number() }))),
      }),
    ),
  ),
  override: absent(override),
  source: absent(z.array(source)),
})

export const changeProvenancePredicate = z.looseObject({
  range: z.looseObject({
    /** Commit before the first change; null where the range reaches the first commit. */
    since: z.nullable(commitId),
    until: commitId,
    /** Why the range begins there, in words: `the tag v1.1.0, the version before`. */
    reason: absent(text),
  }),
  /** Newest first. */
  changes: z.array(change).check(z.maxLength(limits.claims)),
  /** How many changes the range has, where not all are told: `ai`, those that name AI, and no others. */
  total: absent(amount()),
  told: absent(z.enum(['all', 'ai'])),
  /** Under what people are hashed: the id of the organisation's key, or one that was made for this statement alone. */
  identityKey: absent(z.looseObject({ kind: z.enum(['organisation', 'statement']), id: absent(text) })),
  /** A ResourceDescriptor each, as in build provenance (schemas/ai-session/v1). */
  sessions: absent(z.array(resourceDescriptor).check(z.maxLength(limits.sessions))),
  /** Receipts of independent parties, and the keys that they were verified with (RFC 7638 thumbprints). */
  receipts: absent(z.array(z.looseObject({ sha256: text, issuer: text, jwksThumbprint: text, session: absent(text) }))),
  /** Rules of the branch that the release comes from; absent where nobody looked. */
  branch: absent(branchRules),
  /** For every reader whether it ran, and what came of it: "not looked at" is not "nothing". */
  readers: z.array(
    z.looseObject({
      reader: text,
      outcome: z.enum(['found', 'nothing', 'not-fetched', 'could-not-look', 'not-collected']),
    }),
  ),
})

/** The same, but for the changes, each of which is looked at by itself. */
const aroundChanges = z.extend(changeProvenancePredicate, {
  changes: z.array(z.unknown()).check(z.maxLength(limits.claims)),
})

/** What the schema says of it; undefined: it is malformed, and {@link changeProvenancePredicate} tells where. */
function shortWay(predicate: unknown): ChangeProvenancePredicate | undefined {
  const around = aroundChanges.safeParse(predicate)
  if (!around.success) return undefined
  const changes: z.infer<typeof change>[] = []
  for (const it of around.data.changes) {
    if (isPlainChange(it)) changes.push(it as z.infer<typeof change>)
    else {
      const parsed = change.safeParse(it)
      if (!parsed.success) return undefined
      changes.push(parsed.data)
    }
  }
  return { ...around.data, changes }
}

export const changeProvenanceV1 = 'https://w3id.org/countersign/change-provenance/v1'
export type ChangeProvenancePredicate = z.infer<typeof changeProvenancePredicate>

export const changeProvenance: PredicateRow = {
  type: changeProvenanceV1,
  read: (predicate) => ({ kind: 'change-provenance', ...readChangeProvenance(predicate) }),
}

/** Predicate of `changeProvenanceV1` → view. Error: `predicate-malformed`. */
export function readChangeProvenance(predicate: unknown): ChangeProvenance {
  const { range, total, changes, sessions, branch, readers } = shortWay(predicate) ?? longWay(predicate)
  return {
    range: { since: range.since, until: range.until, reason: range.reason ?? undefined },
    changes: changes.map((it) => ({
      commit: it.commit,
      parents: it.parents ?? undefined,
      author: it.author ?? undefined,
      pullRequest: it.pullRequest ?? undefined,
      context: contextOf(it),
      sessions: it.sessions?.map(({ uri, role, requester, linkage, lines: added }) => ({
        ...{ uri, role: role ?? undefined, requester: requester ?? undefined, linkage: linkage ?? undefined },
        lines: added ?? undefined,
      })),
      lines: it.lines === undefined || it.lines === null ? undefined : linesIn(it.lines),
      files: it.files?.map((file) => ({ path: file.path, ...linesIn(file) })),
      override: readOverride(it.override),
      source: it.source?.map(readSource),
    })),
    total: total ?? undefined,
    sessions: (sessions ?? []).flatMap((it) => readSession(present(it)) ?? []),
    branch: branch ?? undefined,
    readers: readers.map(({ reader, outcome }) => ({ reader, outcome })),
  }
}

function longWay(predicate: unknown): ChangeProvenancePredicate {
  const parsed = changeProvenancePredicate.safeParse(predicate)
  if (parsed.success) return parsed.data
  throw new CountersignError('predicate-malformed', `the change provenance is malformed: ${issueText(parsed.error)}`)
}

function linesIn({ ai, human, unknown, generated }: z.infer<typeof lines>): ChangeLines {
  return { ai, human, unknown, generated: generated ?? 0 }
}

function readOverride(said: z.infer<typeof override> | null | undefined): ChangeOverride | undefined {
  if (said === undefined || said === null) return undefined
  const { uri, person: who, issuer } = said.signedBy ?? {}
  const signer = uri ?? who ?? undefined
  return {
    letters: said.letters,
    isTicketOnly: said.ticketOnly,
    signedBy: signer === undefined ? undefined : { signer, issuer: issuer ?? undefined },
  }
}

function readSource({
  predicateType,
  signer,
  time,
  activity,
  actor,
  controls,
  levels,
  result,
}: z.infer<typeof source>): ChangeSource {
  return {
    predicateType,
    signer: signer.uri ?? signer.person ?? '',
    issuer: signer.issuer,
    time,
    activity: activity ?? undefined,
    actor: actor ?? undefined,
    controls: (controls ?? []).map(({ name }) => name),
    levels: levels ?? [],
    ...(result === undefined || result === null ? {} : { result }),
  }
}
