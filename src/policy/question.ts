/** Options → Question. What is not asked is an error, never an "any" (DESIGN rules 1 and 2). */
import { CountersignError, option } from '../errors.ts'
import { fitsName } from '../model/certified-name.ts'
import { compilePattern } from '../model/identity.ts'
import type { Pattern } from '../model/identity.ts'
import { questionParts } from '../model/question-parts.ts'
import type { PartName, QuestionPart, Shape } from '../model/question-parts.ts'
import type { Asked, LooseQuestion, Question, QuestionOptions } from '../model/question.ts'
import { sharedHosts } from '../model/repository-url.ts'
import { buildProvenanceTypes } from '../predicates/read.ts'
import { providerRows } from '../providers/index.ts'
import { holdsUnseen } from '../one-line.ts'
import { conflict, incomplete, isNot, misshapen } from './question-refusals.ts'
import { writtenOut } from './shorthands.ts'
import type { ReadParts } from './shorthands.ts'

/** Triggers that are refused unless they are asked for: those that can run a stranger's change, at any provider. */
const foreignTriggers: readonly string[] = providerRows.flatMap((row) => row.foreignTriggers)

/**
 * Reads a question, whatever it came from. Errors: `question-incomplete` (signer, issuer or source missing),
 * `question-conflict`, `pattern-invalid`, `usage` (a value of the wrong shape, or a part that is none).
 */
export function parseQuestion(given: QuestionOptions | LooseQuestion): Question {
  const options = writtenOut(readParts(given))
  const signatory = signatoryOf(options)
  const source = sourceOf(options)
  const asked: { [part in PartName]?: Asked } = {}
  for (const part of questionParts) {
    const name = part.name
    const text = options.texts[name]
    if (text !== undefined) {
      const compiled = compare(part, text)
      const from = options.from[name]
      if (compiled !== undefined) asked[name] = from === undefined ? compiled : { ...compiled, from }
    }
  }
  const predicateTypes = options.lists.predicateType ?? buildProvenanceTypes
  if (predicateTypes.length === 0) throw incomplete('no predicate type is accepted', 'predicateType')
  if (options.lists.requireInput?.length === 0) throw incomplete('no input is required', 'requireInput')
  const { trigger } = options.lists
  if (trigger?.length === 0) throw incomplete('no trigger is accepted', 'trigger')
  const question: Omit<Question, 'written'> = {
    signatory,
    key: options.texts.key,
    asked,
    issuer: options.switches.certificateWithoutIssuer === true ? 'none' : 'asked',
    source,
    caller: options.switches.anyCaller === true ? 'any' : asked.workflow === undefined ? 'not-asked' : 'asked',
    predicateTypes,
    triggers: trigger === undefined ? { refuse: foreignTriggers } : { accept: trigger },
    selfHostedRunner: options.switches.selfHostedRunner === true ? 'allow' : 'refuse',
    inputs: (options.lists.requireInput ?? []).map(pairOf),
    tree: options.switches.cleanTree === true ? 'clean' : 'any',
    builtCommit: options.switches.allowBuiltCommit === true ? 'allow' : 'refuse',
    removed: options.switches.allowRemoved === true ? 'allow' : 'refuse',
    strictness: options.switches.strict === true ? 'strict' : 'lenient',
  }
  return { ...question, written: inWords(question) }
}

function readParts(given: QuestionOptions | LooseQuestion): ReadParts {
  const texts: { [part in PartName]?: string } = {}
  const lists: { [part in PartName]?: readonly string[] } = {}
  const switches: { [part in PartName]?: true } = {}
  for (const [name, value] of Object.entries(given) as [PartName, unknown][]) {
    if (value === undefined) continue
    const part = questionParts.find((it) => it.name === name)
    if (part === undefined) throw new CountersignError('usage', `${JSON.stringify(name)} is no part of a question`)
    if (part.kind === 'one-of' || part.kind === 'pairs') {
      lists[name] = listOf(name, part.kind === 'one-of' ? part.shape : undefined, value)
    } else if (part.kind === 'switch' || part.kind === 'waiver') {
      if (value !== (part.kind === 'waiver' ? part.answer : true)) throw misshapen(name, 'takes no other answer')
      switches[name] = true
    } else if (typeof value === 'string') texts[name] = value
    else throw misshapen(name, 'is a text')
  }
  return { texts, lists, switches, from: {} }
}

function listOf(name: PartName, shape: Shape | undefined, value: unknown): readonly string[] {
  if (!Array.isArray(value) || !value.every((it) => typeof it === 'string' && it !== '')) {
    throw misshapen(name, 'is a list of texts that are not empty')
  }
  const texts = value as readonly string[]
  for (const text of texts) checkShape(name, shape, text)
  return texts
}

/** What no attestation can have is a slip of whoever asks, and not a "no". Error: `usage`. */
function checkShape(name: PartName, shape: Shape | undefined, text: string): void {
  if (text !== '' && text === text.trim() && !holdsUnseen(text) && shape?.fits(text) !== false) return
  throw isNot(name, shape?.text ?? 'a text', text, shape?.hint)
}

/** The first `=` ends the name. */
function pairOf(text: string): Question['inputs'][number] {
  const at = text.indexOf('=')
  if (at < 1) throw misshapen('requireInput', 'is written name=value')
  return { name: text.slice(0, at), value: text.slice(at + 1) }
}

/** The test of a part that is compared with one value; undefined for the others. */
function compare(part: QuestionPart, text: string): Asked | undefined {
  const name = part.name
  switch (part.kind) {
    case 'pattern': {
      if (text === '') throw misshapen(name, 'is empty')
      const pattern = compilePattern(text, option(name))
      if (whoseParts.includes(name)) refuseEverybody(name, text)
      checkShape(name, part.shape, text)
      const fits = nameParts.includes(name) ? fitsName : (it: Pattern, found: string): boolean => it.matches(found)
      return {
        text,
        matches: (found, as) =>
          fits(pattern, found) || (as !== undefined && fits(compilePattern(as(text), option(name)), as(found))),
      }
    }
    case 'exact':
      checkShape(name, part.shape, text)
      return { text, matches: (found) => found === text }
    case 'version':
      checkShape(name, part.shape, text)
      return {
        text,
        matches: (found, as) => isVersionOf(found, text) || (as !== undefined && isVersionOf(as(found), as(text))),
      }
    default:
      return undefined
  }
}

/** Parts that name whoever builds or signs, which Fulcio escapes in one place and not in another. */
const nameParts: readonly PartName[] = ['signer', 'workflow', 'builderId']

/** Parts that say whose: a pattern for one of them fits somebody, never everybody. */
const whoseParts: readonly PartName[] = ['signer', 'issuer', 'source', 'builderId']

/**
 * A wildcard leaves the host fixed, and on a shared forge the owner too, but for an issuer, which is a host's; of an e-mail
 * address the domain. Error: `pattern-invalid`.
 */
function refuseEverybody(name: PartName, text: string): void {
  if (!text.includes('*')) return
  const [, host, owner] = /^[a-z][a-z0-9+.-]*:\/\/([^/*]+)\/(?:([^/*]+)\/)?/i.exec(text) ?? []
  const isCircle = /^https:\/\/circleci\.com\//i.test(text)
  const isShared = host !== undefined && sharedHosts.includes(host.toLowerCase()) && name !== 'issuer'
  const fits =
    host === undefined
      ? /@[^@*/]+\.[^@*/]+$/.test(text) && !text.includes('://')
      : !isShared ||
        (isCircle ? /^https:\/\/circleci\.com\/api\/v2\/projects\/[^/*]+\//.test(text) : owner !== undefined)
  if (fits) return
  throw new CountersignError(
    'pattern-invalid',
    `${option(name)} fits everybody: ${JSON.stringify(text.slice(0, 200))}`,
    {
      option: name,
      hint: 'write at least the host and the owner that you trust',
    },
  )
}

const tagRefs = 'refs/tags/'

/** `v14` and `v14.2` are asked for by a build of `refs/tags/v14.2`; `v14.1`, `v1` and `v14.2.1` are not. */
function isVersionOf(ref: string, asked: string): boolean {
  if (!ref.startsWith(tagRefs)) return false
  const tag = ref.slice(tagRefs.length)
  return tag === asked || tag.startsWith(`${asked}.`)
}

function signatoryOf({ texts, switches }: ReadParts): Question['signatory'] {
  const isUnvouched = switches.certificateWithoutIssuer === true
  if (isUnvouched && (texts.key !== undefined || texts.issuer !== undefined)) {
    throw conflict(
      'a certificate without an issuer, and something that has one or no certificate, were asked for',
      'certificateWithoutIssuer',
    )
  }
  if (texts.key !== undefined) {
    if (texts.key === '') throw misshapen('key', 'is empty')
    if (texts.signer !== undefined || texts.issuer !== undefined) {
      throw conflict('a key has no certificate, so signer and issuer cannot be asked for', 'key')
    }
    return 'key'
  }
  const needed = isUnvouched ? (['signer'] as const) : (['signer', 'issuer'] as const)
  const missing = needed.filter((name) => texts[name] === undefined)
  const [first] = missing
  if (first === undefined) return 'certificate'
  throw incomplete(
    `the question lacks ${missing.map(option).join(' and ')}`,
    first,
    `say who must have signed (${option('signer')}, ${option('issuer')}), and what was built (${option('source')}), or all three by the repository (${option('repo')}, ${option('owner')}); an inspection shows what a bundle claims`,
  )
}

function sourceOf({ texts, switches }: ReadParts): Question['source'] {
  if (texts.source !== undefined && switches.anySource === true) {
    throw conflict('both a source and any source were asked for', 'anySource')
  }
  if (switches.anySource === true) return 'any'
  if (texts.source !== undefined) return 'asked'
  // Nothing but the key says who signed: there is no certificate that could name a source.
  if (texts.key !== undefined) return 'not-asked'
  const hint = `name the repository that must have been built, or waive that (${option('anySource')})`
  throw incomplete(`the question lacks ${option('source')}`, 'source', hint)
}

/** Every part as it was understood; what was not asked for is marked as the default, what was let pass as waived. */
function inWords(question: Omit<Question, 'written'>): Question['written'] {
  const { signatory, asked, issuer, source, caller, predicateTypes, triggers, selfHostedRunner, inputs, strictness } =
    question
  const words: { [part in PartName]?: string } = {}
  if (signatory === 'key') words.signer = 'the key that was given'
  for (const { name } of questionParts) {
    const part = asked[name]
    if (part !== undefined) words[name] = part.text
  }
  if (issuer === 'none') words.issuer = 'none in the certificate (waived)'
  if (source === 'any') words.source = 'any (waived)'
  if (source === 'not-asked') words.source = 'not asked: a key names none'
  if (caller === 'any') words.workflow = 'any caller (waived)'
  const types = predicateTypes.join(' or ')
  words.predicateType = predicateTypes === buildProvenanceTypes ? `${types} (default)` : types
  words.trigger =
    'accept' in triggers ? triggers.accept.join(' or ') : `any but ${triggers.refuse.join(', ')} (default)`
  words.selfHostedRunner = selfHostedRunner === 'allow' ? 'allowed (waived)' : 'refused (default)'
  if (inputs.length > 0) words.requireInput = inputs.map(({ name, value }) => `${name}=${value}`).join(', ')
  if (question.tree === 'clean') words.cleanTree = 'yes'
  if (question.builtCommit === 'allow') words.allowBuiltCommit = 'allowed (waived)'
  if (question.removed === 'allow') words.allowRemoved = 'allowed (waived)'
  if (strictness === 'strict') words.strict = 'yes'
  return words
}
