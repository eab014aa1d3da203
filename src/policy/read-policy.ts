/** Bytes of a policy → what it asks. Each fault has its place in the file and a code of its own; nothing is taken for something weaker. */
import { CountersignError, attempt } from '../errors.ts'
import { sha256Hex } from '../model/digest.ts'
import { limits } from '../model/limits.ts'
import { byText } from '../model/text-order.ts'
import { refusedMembers } from '../model/refused-members.ts'
import type { RefusedMember } from '../model/refused-members.ts'
import { policyFile } from '../model/policy.ts'
import type { OwnRule, Policy, PolicyFile, PolicyLayer, PolicySections } from '../model/policy.ts'
import type { Malformed, Place } from '../model/yaml/place.ts'
import { parseYamlText } from '../model/yaml/yaml-text.ts'
import type { YamlText } from '../model/yaml/yaml-text.ts'
import { PolicyFault } from './policy-fault.ts'
import { companionQuestions, policyQuestions, questionsOf } from './policy-questions.ts'
import { isPersonHash } from '../model/person.ts'
import { isWaivable } from '../model/waivable.ts'
import { policyRules } from './families/index.ts'
import { rebuildersName } from './families/provenance/rebuilders.ts'
import { revocationProblem } from './revocation-problem.ts'

/** A file as it was read; `file` is what a person calls it. */
export interface PolicyBytes {
  readonly file: string
  readonly bytes: Buffer
}

/** One file, before what it extends is known. */
export interface ParsedPolicy {
  readonly file: string
  readonly sha256: string
  readonly content: PolicyFile
  readonly text: YamlText
}

/**
 * One file. Errors: `policy-malformed`, `policy-key-unknown` (a member that would ask nothing), `policy-list-empty`; each with line and
 * column.
 */
export function parsePolicy(given: PolicyBytes): ParsedPolicy {
  const read = readPolicy(given)
  if (Array.isArray(read))
    throw read[0] ?? fault('policy-malformed', given.file, undefined, 'it is not what its schema says')
  return read
}

/** Made once, by the first who reads one: to make it takes longer than to read a policy. */
let known: ReturnType<typeof policyFile> | undefined

/** The same with all that its schema refuses; errors: those of a text that is no YAML. */
export function readPolicy({ file, bytes }: PolicyBytes): ParsedPolicy | PolicyFault[] {
  const malformed: Malformed = (place, reason, what) =>
    fault(what === 'member' ? 'policy-key-unknown' : 'policy-malformed', file, place, reason)
  const text = parseYamlText(bytes, malformed, { bytes: limits.policyBytes, parts: limits.policyParts })
  const schema = (known ??= policyFile())
  const parsed = schema.safeParse(text.value)
  if (parsed.success) return { file, sha256: sha256Hex(bytes), content: parsed.data, text }
  return refusedMembers(schema, parsed.error.issues, text.value).map((it) => faultOf(it, file, text))
}

/**
 * A file and those that it extends, the nearest first, as one policy. Errors: `policy-empty` (it asks for nothing), `policy-profile-unknown`,
 * `policy-key-unknown` (the id of a rule that is none), `policy-malformed`, those of its questions with the place of the signer.
 */
export function policyOf(files: readonly [ParsedPolicy, ...ParsedPolicy[]], profile?: string): Policy {
  const [own, ...farther] = files
  const layers = files.toReversed().flatMap((it) => layersOf(it, profile))
  const [first, ...others] = layers
  if (profile !== undefined && !files.some(({ content }) => Object.hasOwn(content.profiles ?? {}, profile))) {
    const there = files.flatMap(({ content }) => Object.keys(content.profiles ?? {}))
    throw new CountersignError('policy-profile-unknown', `${own.file} has no profile ${JSON.stringify(profile)}`, {
      option: 'policyProfile',
      hint: there.length === 0 ? 'it has none at all' : `it has ${[...new Set(there)].join(', ')}`,
    })
  }
  if (first === undefined) throw fault('policy-empty', own.file, undefined, 'it asks for nothing')
  // Whoever asks for a profile asks for more than without it.
  if (profile !== undefined && !files.some(({ content }) => asksAny(content.profiles?.[profile] ?? {}))) {
    throw fault('policy-empty', own.file, undefined, `its profile ${profile} adds nothing`)
  }
  const [expires] = files
    .flatMap(({ content }) => (content.expires === undefined ? [] : [instant(content.expires)]))
    .toSorted(byText)
  return {
    name: own.content.name,
    sha256: own.sha256,
    extends: farther.map(({ file, sha256 }) => ({ file, sha256 })),
    profile,
    expires,
    layers: [first, ...others],
  }
}

function instant(time: string): string {
  return new Date(time).toISOString()
}

/** What it asks by itself, and in the profile: sections without rules are no layer. */
function layersOf(parsed: ParsedPolicy, profile: string | undefined): PolicyLayer[] {
  const { file, sha256, content, text } = parsed
  const { apiVersion: _, name, description: __, expires, extends: ___, profiles = {}, ...sections } = content
  if (expires !== undefined && Number.isNaN(Date.parse(expires))) {
    throw fault('policy-malformed', file, text.placeOf(['expires']), 'expires is no time')
  }
  // Every profile is looked at, also one that nobody asks for today.
  const all = Object.entries(profiles)
  for (const [id, it] of all) checkSections(it, parsed, ['profiles', id])
  checkSections(sections, parsed, [])
  const asked = profile === undefined ? undefined : profiles[profile]
  // A map is no rule: that of the file holds in its profiles, where they have none of their own.
  const ofFile = (it: PolicySections): PolicySections =>
    it.levels === undefined && sections.levels !== undefined ? { ...it, levels: sections.levels } : it
  return [
    ...(asksAny(sections) ? [{ name, sha256, sections }] : []),
    ...(asked === undefined || !asksAny(asked)
      ? []
      : [{ name: `${name}:${profile ?? ''}`, sha256, sections: ofFile(asked) }]),
  ]
}

/** Sections that only say how other rules count (severities, levels, waivers) ask for nothing. */
function asksAny({ revoked, identity, provenance, ai, rules }: PolicySections): boolean {
  const parts = [provenance, ai].flatMap((it) => Object.values<unknown>(it ?? {}))
  return [revoked, identity, rules].some((it) => it !== undefined) || parts.some((it) => it !== undefined)
}

/** What a schema cannot say. */
function checkSections(sections: PolicySections, { file, text }: ParsedPolicy, path: readonly string[]): void {
  const at = (...more: readonly PropertyKey[]): Place => text.placeOf([...path, ...more])
  const own = (sections.rules ?? []).map((it) => `rules/${it.id}`)
  const twice = own.findIndex((it, index) => own.indexOf(it) !== index)
  if (twice >= 0) throw fault('policy-malformed', file, at('rules', twice), `${own[twice] ?? ''} is there twice`)
  const ids = [...policyRules.map((it) => it.id), ...own]
  const named = [
    ...Object.keys(sections.severities ?? {}).map((id) => [id, at('severities', id)] as const),
    ...(sections.waivers?.rules ?? []).map((id, index) => [id, at('waivers', 'rules', index)] as const),
  ]
  for (const [index, id] of (sections.waivers?.rules ?? []).entries()) {
    const place = at('waivers', 'rules', index)
    if (!isWaivable(id))
      throw fault('policy-malformed', file, place, 'who signs, and what is revoked, nobody can waive')
  }
  for (const [id, place] of named) {
    // What is revoked counts no more: a warning, or a waiver, would let it pass.
    if (id.startsWith('revoked/')) throw fault('policy-malformed', file, place, 'a revocation cannot be weakened')
    if (!ids.includes(id))
      throw fault('policy-key-unknown', file, place, `no rule is called ${JSON.stringify(id.slice(0, 80))}`)
  }
  for (const [index, it] of (sections.revoked ?? []).entries()) {
    const problem = revocationProblem(it)
    if (problem !== undefined)
      throw fault('policy-malformed', file, at('revoked', index, problem.member), problem.reason)
  }
  for (const [index, { signer, issuer }] of (sections.ai?.disclosure?.overrides?.allowed ?? []).entries()) {
    if (issuer !== undefined || isPersonHash(signer)) continue
    const place = at('ai', 'disclosure', 'overrides', 'allowed', index)
    const hint =
      'say who gives out the certificate (issuer); a person without one is the keyed hash (hmac-sha256:…) of an address, or of acct:login@host'
    throw fault('policy-malformed', file, place, 'a name counts only with the issuer of its certificate', hint)
  }
  const { companions = [], rebuilders } = sections.provenance ?? {}
  for (const [index, { name }] of companions.entries()) {
    const isTaken = name === rebuildersName || companions.findIndex((it) => it.name === name) !== index
    if (isTaken)
      throw fault('policy-malformed', file, at('provenance', 'companions', index, 'name'), `${name} is taken`)
  }
  const waiving = sections.waivers?.signers ?? []
  const beside = [...companions.flatMap((it) => it.signers), ...(rebuilders?.signers ?? []), ...waiving]
  if (questionsOf(beside) > limits.policyQuestions) {
    const reason = `signers of companions, rebuilders and waivers, with refs and builders, are more than ${limits.policyQuestions}`
    throw fault('policy-malformed', file, at('provenance'), reason)
  }
  const signers = [
    ...(sections.identity?.signers ?? []).map((it, index) => [it, at('identity', 'signers', index)] as const),
    ...(sections.provenance?.rebuilders?.signers ?? []).map(
      (it, index) => [it, at('provenance', 'rebuilders', 'signers', index)] as const,
    ),
    ...(sections.provenance?.companions ?? []).flatMap((companion, index) =>
      companion.signers.map((it, nth) => [it, at('provenance', 'companions', index, 'signers', nth)] as const),
    ),
    ...(sections.waivers?.signers ?? []).map((it, index) => [it, at('waivers', 'signers', index)] as const),
  ]
  for (const [signer, place] of signers) {
    const read = attempt(() => companionQuestions([signer], 'https://slsa.dev/provenance/v1'))
    if (read instanceof CountersignError) throw fault('policy-malformed', file, place, read.message, read.hint)
  }
}

/** Said by code: values of the file stand in no message. */
function faultOf({ issue, path, unknown, member, words }: RefusedMember, file: string, text: YamlText): PolicyFault {
  const place = text.placeOf(path)
  if (unknown !== undefined) {
    return fault('policy-key-unknown', file, place, `${member} ${words.replace('here', 'of a policy')}`)
  }
  if (issue.code === 'too_small' && issue.origin === 'array') {
    return fault('policy-list-empty', file, place, `${member} is an empty list, which would ask for nothing`)
  }
  return fault('policy-malformed', file, place, `${member === '' ? 'the file' : member} ${words}`)
}

function fault(...[code, file, place, reason, hint]: ConstructorParameters<typeof PolicyFault>): PolicyFault {
  return new PolicyFault(code, file, place, reason, hint)
}

/** Each rule of its own, with how its faults are thrown: the language is loaded by whoever reads the policy. */
export function* ownRulesIn({ file, content, text }: ParsedPolicy): Generator<readonly [OwnRule, Malformed]> {
  const sections = [
    [[], content],
    ...Object.entries(content.profiles ?? {}).map(([id, it]) => [['profiles', id], it]),
  ] as const
  for (const [path, { rules = [] }] of sections as readonly (readonly [readonly string[], PolicySections])[]) {
    for (const [index, rule] of rules.entries()) {
      const place = text.placeOf([...path, 'rules', index, 'expr'])
      yield [rule, (_, reason) => fault('policy-malformed', file, place, reason)]
    }
  }
}

/** Whether the questions of a policy can be asked at all; what they are is made anew where they are asked. */
export function checkQuestions(policy: Policy): void {
  if (policy.layers.some(({ sections }) => sections.identity !== undefined)) policyQuestions(policy)
}
