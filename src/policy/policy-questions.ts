/**
 * Who may sign, as a policy has it → the questions that a bundle is asked, any of which is enough. All layers must hold, and what is
 * asked beside the policy too: that narrows, and never widens.
 */
import { CountersignError, attempt, option } from '../errors.ts'
import { limits } from '../model/limits.ts'
import type { Policy, PolicySections, PolicySigner } from '../model/policy.ts'
import { questionParts } from '../model/question-parts.ts'
import type { PartName } from '../model/question-parts.ts'
import type { LooseQuestion, Question } from '../model/question.ts'
import { parseQuestion } from './question.ts'
import { conflict } from './question-refusals.ts'

type Loose = { [part in PartName]?: string | readonly string[] | true }

/**
 * Errors: `question-conflict` (something beside the policy would waive what it asks), `question-incomplete` (neither says who must have
 * signed), `policy-malformed` (too many, or none that all layers allow), those of `parseQuestion`.
 */
export function policyQuestions({ layers }: Policy, beside: LooseQuestion = {}): readonly [Question, ...Question[]] {
  refuseWaivers(beside)
  const conditions = conditionsOf(layers.map((it) => it.sections))
  let combined: readonly Question[] | undefined
  for (const { sections } of layers) {
    if (sections.identity === undefined) continue
    refuseTooMany(questionsOf(sections.identity.signers))
    const own = sections.identity.signers
      .flatMap((it) => writtenOut(it, sections))
      .map((it) => ({ ...it, ...conditions }))
    const questions = own.map((it) => narrowed(it, beside))
    combined =
      combined === undefined ? questions : combined.flatMap((far) => questions.flatMap((it) => both(far, it) ?? []))
    refuseTooMany(combined.length)
  }
  const [first, ...others] = combined ?? [parseQuestion({ ...beside, ...conditions })]
  if (first === undefined) throw malformed('no signer satisfies all of what it extends')
  return [first, ...others]
}

/** How many questions these signers make, each with each of its refs and builders. */
export function questionsOf(signers: readonly PolicySigner[]): number {
  return signers
    .map(
      ({ refs = [], tags = [], builders = [] }) =>
        Math.max(refs.length + tags.length, 1) * Math.max(builders.length, 1),
    )
    .reduce((sum, it) => sum + it, 0)
}

/** Each is asked of each bundle. */
function refuseTooMany(count: number): void {
  if (count > limits.policyQuestions) {
    throw malformed(`its signers, with refs and builders, are more than ${limits.policyQuestions}`)
  }
}

/** Questions for a further statement of a type, by any of these signers. Error: `policy-malformed` (too many). */
export function companionQuestions(signers: readonly PolicySigner[], predicateType: string): readonly Question[] {
  refuseTooMany(questionsOf(signers))
  return signers
    .flatMap((it) => writtenOut(it, {}))
    .map((it) => parseQuestion({ ...it, predicateType: [predicateType] }))
}

function malformed(reason: string): CountersignError {
  return new CountersignError('policy-malformed', reason)
}

/** A weaker question stands in the policy, under its long name, or nowhere. */
function refuseWaivers(beside: LooseQuestion): void {
  for (const part of questionParts) {
    if (part.kind === 'waiver' && beside[part.name] !== undefined) {
      const hint = 'what stands beside a policy narrows it, and never widens it'
      throw conflict(`${option(part.name)} would waive what the policy asks`, part.name, hint)
    }
  }
}

/** What holds for every signer, whichever layer asks for it. */
function conditionsOf(sections: readonly PolicySections[]): Loose {
  const asks = (name: 'cleanTree' | 'strict'): boolean => sections.some((it) => it.provenance?.[name] === true)
  return { ...(asks('cleanTree') ? { cleanTree: true } : {}), ...(asks('strict') ? { strict: true } : {}) }
}

/** A signer with each of its refs and each of its builders. */
function writtenOut(given: PolicySigner, { provenance }: PolicySections): Loose[] {
  const { name: _, refs = [], tags = [], builders = [], triggers, ...parts } = given
  const base: Loose = {
    ...(parts as Loose),
    ...(triggers === undefined ? {} : { trigger: triggers }),
    ...(provenance?.predicateTypes === undefined ? {} : { predicateType: provenance.predicateTypes }),
  }
  const allRefs = [...refs, ...tags.map((it) => `refs/tags/${it}`)]
  const ofRefs = allRefs.length === 0 ? [{}] : allRefs.map((ref) => ({ ref }))
  const ofBuilders = builders.length === 0 ? [{}] : builders.map((builderId) => ({ builderId }))
  return ofRefs.flatMap((ref) => ofBuilders.map((builder) => ({ ...base, ...ref, ...builder })))
}

/** The question of a signer, and beside it what somebody asks at the time. */
function narrowed(signer: Loose, beside: LooseQuestion): Question {
  const question = parseQuestion(signer)
  if (Object.keys(beside).length === 0) return question
  const conditions = Object.fromEntries(
    questionParts.filter((it) => it.group === 'condition').map(({ name }) => [name, signer[name]] as const),
  )
  // Whole where it names a signer of its own, and else what the policy says of the rest.
  const alone = attempt(() => parseQuestion({ ...conditions, ...beside }))
  if (alone instanceof CountersignError && alone.code !== 'question-incomplete') throw alone
  const further = alone instanceof CountersignError ? parseQuestion({ ...without(signer, beside), ...beside }) : alone
  if (further.key !== question.key) throw conflict('the policy asks for another kind of signature', 'key')
  const said = Object.entries(further.written).filter(([, words]) => !words.endsWith('(default)'))
  return { ...question, narrowedBy: [further], written: { ...question.written, ...Object.fromEntries(said) } }
}

/** Without waivers of what is asked now. */
function without(signer: Loose, beside: LooseQuestion): Loose {
  const rest = { ...signer }
  if (beside.source !== undefined || beside.repo !== undefined || beside.owner !== undefined) delete rest.anySource
  if (beside.workflow !== undefined) delete rest.anyCaller
  if (beside.issuer !== undefined) delete rest.certificateWithoutIssuer
  return rest
}

/** Both of two questions, undefined where nothing can answer both: a key is no certificate, and no other key. */
function both(far: Question, near: Question): Question | undefined {
  const { narrowedBy = [], ...own } = near
  return far.key === near.key ? { ...far, narrowedBy: [...(far.narrowedBy ?? []), own, ...narrowedBy] } : undefined
}
