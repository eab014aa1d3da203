/**
 * What provenance of a branch and provenance of a tag share (slsa-framework/source-tool pkg/provenance): written in camel case
 * since 2025, and in snake case before, in one and the same version.
 */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import { isCommitId, isRefName } from '../model/git-names.ts'
import { isObject } from '../model/json.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import type { SourceProvenance } from '../model/predicate.ts'
import { absent, issueText } from '../model/statement.ts'
import { holdsUnseen } from '../one-line.ts'

/** A control, a level, an activity: one word, so that no address and no sentence comes under it into what we sign. */
export const sourceWord = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,127}$/

/** A whole ref that a person sees as it is. */
export function isSourceRef(text: string): boolean {
  return text.length <= limits.identityCharacters && isRefName(text) && !holdsUnseen(text)
}

/** RFC 3339, as Go writes it: with up to nine digits after the second. */
const sourceTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

const text = z.string().check(z.maxLength(limits.identityCharacters))
const shape = z.looseObject({
  activityType: absent(text),
  actor: absent(text),
  branch: absent(text),
  tag: absent(text),
  prevCommit: absent(text),
  repoUri: absent(text),
  controls: absent(
    z
      .array(
        z.looseObject({
          name: z.string().check(z.regex(sourceWord)),
          since: absent(z.string().check(z.regex(sourceTime))),
        }),
      )
      .check(z.maxLength(limits.sourceWords)),
  ),
})

const spellings: { readonly [snake: string]: string } = {
  activity_type: 'activityType',
  prev_commit: 'prevCommit',
  repo_uri: 'repoUri',
}

/** Error: `predicate-malformed` (also: one member under both spellings, which could say two things). */
export function readSourceFields(predicate: unknown): SourceProvenance {
  const parsed = shape.safeParse(isObject(predicate) ? inCamelCase(predicate) : predicate)
  if (!parsed.success) throw malformed(issueText(parsed.error))
  const { activityType, actor, branch, tag, prevCommit, repoUri, controls } = parsed.data
  const refs = [branch, tag].flatMap((it) => textIn(it) ?? [])
  const previous = textIn(prevCommit)
  if (!refs.every(isSourceRef)) throw malformed('it names a branch or tag that can be none')
  if (previous !== undefined && !isCommitId(previous)) throw malformed('prevCommit is no full commit id')
  const activity = textIn(activityType)
  return {
    repository: textIn(repoUri),
    refs,
    activity: activity !== undefined && sourceWord.test(activity) ? activity : undefined,
    actor: textIn(actor),
    previous,
    controls: (controls ?? []).map(({ name, since }) => ({ name, since: since ?? undefined })),
  }
}

/** Go writes a text that is not set as an empty one. */
function textIn(member: string | null | undefined): string | undefined {
  return member === null || member === '' ? undefined : member
}

function inCamelCase(predicate: JsonObject): JsonObject {
  const members = new Map<string, Json>()
  for (const [name, value] of Object.entries(predicate)) {
    const camel = Object.hasOwn(spellings, name) ? (spellings[name] ?? name) : name
    if (members.has(camel)) throw malformed(`${camel} stands there in two spellings`)
    members.set(camel, value)
  }
  return Object.fromEntries(members)
}

function malformed(reason: string): CountersignError {
  return new CountersignError('predicate-malformed', `the source provenance is malformed: ${reason}`)
}
