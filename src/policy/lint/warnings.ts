/** What a policy can be and should not: each with its place in the file. */
import type { PolicyWarning } from '../../model/policy-lint.ts'
import type { PolicyFile, PolicySections, PolicySigner } from '../../model/policy.ts'
import { askedMember } from '../asked-member.ts'
import { policyRules } from '../families/index.ts'
import { isStartKnown } from '../../model/session.ts'
import type { ParsedPolicy } from '../read-policy.ts'

type Path = readonly (string | number)[]
type Found = Pick<PolicyWarning, 'code' | 'message' | 'hint'> & { readonly path: Path }

const day = 24 * 60 * 60 * 1_000
const soonDays = 30

/** Of one file, in its order; `now` is RFC 3339, UTC. */
export function policyWarningsIn({ file, content, text }: ParsedPolicy, now: string): readonly PolicyWarning[] {
  const { expires, profiles = {} } = content
  const found = [
    ...(expires === undefined ? [] : expiry(expires, now)),
    ...ofSections(content, [], content),
    ...Object.entries(profiles).flatMap(([id, it]) => ofSections(it, ['profiles', id], content)),
  ]
  return found
    .map(({ path, ...words }): PolicyWarning => {
      const { line, col } = text.placeOf(path)
      return { severity: 'warning', file, line, column: col, ...words }
    })
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
}

function expiry(expires: string, now: string): Found[] {
  const left = Date.parse(expires) - Date.parse(now)
  const path = ['expires']
  if (left <= 0) return [{ code: 'expired', path, message: 'it expired, and passes nothing' }]
  if (left >= soonDays * day) return []
  const days = Math.ceil(left / day)
  return [{ code: 'expires-soon', path, message: `it passes nothing from ${days} ${days === 1 ? 'day' : 'days'} on` }]
}

function ofSections(sections: PolicySections, at: Path, whole: PolicyFile): Found[] {
  const { identity, provenance, levels, severities = {}, waivers } = sections
  const signers: (readonly [PolicySigner, Path])[] = [
    ...listed(identity?.signers, ['identity', 'signers']),
    ...listed(provenance?.rebuilders?.signers, ['provenance', 'rebuilders', 'signers']),
    ...(provenance?.companions ?? []).flatMap((it, index) =>
      listed(it.signers, ['provenance', 'companions', index, 'signers']),
    ),
    ...listed(waivers?.signers, ['waivers', 'signers']),
  ]
  const found = [
    ...signers.flatMap(([signer, path]) => [...namedAlone(signer, path), ...waivedBy(signer, path)]),
    ...waivedRules(sections),
    ...startsUnknown(sections),
    ...(levels === undefined || looksAtLevels(sections, whole)
      ? []
      : [
          {
            code: 'levels-unused' as const,
            path: ['levels'],
            message: 'no rule looks at these levels',
            hint: 'ask for one: provenance.buildLevel.atLeast',
          },
        ]),
    ...neverFails(sections),
    ...unasked(Object.keys(severities), ['severities'], (id) => asks(id, sections)),
    ...unasked(
      waivers?.rules ?? [],
      ['waivers', 'rules'],
      (id) => asks(id, sections) || asks(id, whole) || whole.extends !== undefined,
    ),
  ]
  return found.map((it) => ({ ...it, path: [...at, ...it.path] }))
}

/** A severity counts where the rule is asked for: what this adds to has its own. */
function unasked(
  rules: readonly string[],
  at: readonly [string, ...string[]],
  isAsked: (rule: string) => boolean,
): Found[] {
  return rules.flatMap((id, index): Found[] => {
    const path = [...at, at[0] === 'severities' ? id : index]
    return isAsked(id) ? [] : [{ code: 'rule-not-asked', path, message: `nothing here asks for ${id}` }]
  })
}

function listed<T>(items: readonly T[] | undefined, at: Path): (readonly [T, Path])[] {
  return (items ?? []).map((it, index) => [it, [...at, index]] as const)
}

function asks(rule: string, sections: PolicySections): boolean {
  return askedMember(rule, sections) !== undefined
}

/** A map of the file holds in its profiles too. */
function looksAtLevels(sections: PolicySections, whole: PolicyFile): boolean {
  const all = [sections, whole, ...Object.values(whole.profiles ?? {})]
  return all.some(({ provenance }) => provenance?.buildLevel !== undefined)
}

/** A name that was given up can be registered by somebody else; a number cannot. */
function namedAlone({ repo, owner, source, sourceId, ownerId }: PolicySigner, path: Path): Found[] {
  if ([repo, owner, source].every((it) => it === undefined)) return []
  if (sourceId !== undefined || ownerId !== undefined) return []
  const member = owner === undefined ? 'sourceId' : 'ownerId'
  return [
    {
      ...{ code: 'id-missing', path, message: 'this signer is told by names alone, which somebody else can register' },
      hint: `add ${member}, the number that the forge gives it`,
    },
  ]
}

const waivers = ['anySource', 'anyCaller', 'certificateWithoutIssuer', 'selfHostedRunner', 'allowBuiltCommit'] as const

function waivedBy(signer: PolicySigner, path: Path): Found[] {
  return waivers.flatMap((name): Found[] =>
    signer[name] === undefined
      ? []
      : [{ code: 'part-waived', path: [...path, name], message: `${name} waives a part of who may sign` }],
  )
}

function waivedRules({ ai, provenance }: PolicySections): Found[] {
  const waived = (isWaived: boolean, path: Path, what: string): Found[] =>
    isWaived ? [{ code: 'part-waived', path, message: `${String(path.at(-1))} lets ${what} pass` }] : []
  return [
    ...waived(ai?.models?.unknown === 'allow', ['ai', 'models', 'unknown'], 'a model that nobody names'),
    ...(ai?.share ?? []).flatMap((it, index) =>
      waived(it.unknownAs === 'human', ['ai', 'share', index, 'unknownAs'], 'lines that nobody attributes'),
    ),
    ...waived(
      provenance?.range?.withoutPrevious === 'allow',
      ['provenance', 'range', 'withoutPrevious'],
      'a range that nobody holds against the release before',
    ),
  ]
}

/** A release of a job that had the tags has another reason, and would be refused for it; one of a job without them says nothing. */
function startsUnknown({ provenance }: PolicySections): Found[] {
  return (provenance?.range?.reasons ?? []).flatMap((reason, index): Found[] =>
    isStartKnown(reason)
      ? []
      : [
          {
            code: 'start-unknown',
            path: ['provenance', 'range', 'reasons', index],
            message: `${reason} lets a release pass of which nobody knows where it begins`,
            hint: 'fetch the tags in the job that attests, and take the reasons of a release that was made so',
          },
        ],
  )
}

/** Who may sign is asked whatever severity it has: then something fails. */
function neverFails(sections: PolicySections): Found[] {
  const { rules = [], severities = {} } = sections
  const asked = policyRules.map(({ id }) => id).filter((id) => asks(id, sections))
  const weights = [
    ...asked.map((id) => severities[id] ?? 'error'),
    ...rules.map((it) => severities[`rules/${it.id}`] ?? it.severity ?? 'error'),
  ]
  if (weights.length === 0 || weights.includes('error') || asked.includes('identity/signers')) return []
  return [{ code: 'never-fails', path: ['severities'], message: 'every rule here is a warning: nothing ever fails' }]
}
