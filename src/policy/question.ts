/** Options → Question. What is not asked is an error, never an "any" (DESIGN rules 1 and 2). */
import { CountersignError, option } from '../errors.ts'
import type { OptionName } from '../errors.ts'
import { compilePattern, gitHubIssuer, splitIdentity, withScheme } from '../model/identity.ts'
import { questionParts } from '../model/question-parts.ts'
import type { PartName, QuestionPart } from '../model/question-parts.ts'
import type { Asked, LooseQuestion, Question, QuestionOptions } from '../model/question.ts'
import { sharedHosts } from '../model/repository-url.ts'
import { buildProvenanceTypes } from '../predicates/read.ts'
import { providerRows } from '../providers/index.ts'

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
  for (const part of questionParts as readonly QuestionPart[]) {
    const name = part.name as PartName
    const text = options.texts[name]
    if (text !== undefined) {
      const compiled = compare(part, text)
      if (compiled !== undefined) asked[name] = compiled
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
    strictness: options.switches.strict === true ? 'strict' : 'lenient',
  }
  return { ...question, written: inWords(question) }
}

/** The parts by the type of their value; what was not given is not there. */
interface ReadParts {
  readonly texts: { readonly [part in PartName]?: string }
  readonly lists: { readonly [part in PartName]?: readonly string[] }
  readonly switches: { readonly [part in PartName]?: true }
}

function readParts(given: QuestionOptions | LooseQuestion): ReadParts {
  const texts: { [part in PartName]?: string } = {}
  const lists: { [part in PartName]?: readonly string[] } = {}
  const switches: { [part in PartName]?: true } = {}
  for (const [name, value] of Object.entries(given) as [PartName, unknown][]) {
    if (value === undefined) continue
    const part = questionParts.find((it) => it.name === name)
    if (part === undefined) throw new CountersignError('usage', `${JSON.stringify(name)} is no part of a question`)
    if (part.kind === 'one-of' || part.kind === 'pairs') lists[name] = listOf(name, value)
    else if (part.kind === 'switch' || part.kind === 'waiver') {
      if (value !== (part.kind === 'waiver' ? part.answer : true)) throw misshapen(name, 'takes no other answer')
      switches[name] = true
    } else if (typeof value === 'string') texts[name] = value
    else throw misshapen(name, 'is a text')
  }
  return { texts, lists, switches }
}

function listOf(name: PartName, value: unknown): readonly string[] {
  if (!Array.isArray(value) || !value.every((it) => typeof it === 'string' && it !== '')) {
    throw misshapen(name, 'is a list of texts that are not empty')
  }
  return value as readonly string[]
}

/** The first `=` ends the name. */
function pairOf(text: string): Question['inputs'][number] {
  const at = text.indexOf('=')
  if (at < 1) throw misshapen('requireInput', 'is written name=value')
  return { name: text.slice(0, at), value: text.slice(at + 1) }
}

function misshapen(name: PartName, reason: string): CountersignError {
  return new CountersignError('usage', `${option(name)} ${reason}`, { option: name })
}

/** The test of a part that is compared with one value; undefined for the others. */
function compare(part: QuestionPart, text: string): Asked | undefined {
  const name = part.name as PartName
  switch (part.kind) {
    case 'pattern': {
      if (text === '') throw misshapen(name, 'is empty')
      const pattern = compilePattern(text, option(name))
      if (whoseParts.includes(name)) refuseEverybody(name, text)
      return { text, matches: (found) => pattern.matches(found) }
    }
    case 'exact':
      if (text === '' || part.shape?.fits(text) === false) {
        throw new CountersignError('usage', `${option(name)} is not ${part.shape?.text ?? 'a text'}`, { option: name })
      }
      return { text, matches: (found) => found === text }
    case 'version':
      if (text === '') throw misshapen(name, 'is empty')
      return { text, matches: (found) => isVersionOf(found, text) }
    default:
      return undefined
  }
}

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
    `say who must have signed (${option('signer')}, ${option('issuer')}), and what was built (${option('source')}), or for GitHub all three (${option('repo')}); an inspection shows what a bundle claims`,
  )
}

function sourceOf({ texts, switches }: ReadParts): Question['source'] {
  if (texts.source !== undefined && switches.anySource === true) {
    throw conflict('both a source and any source were asked for', 'anySource')
  }
  if (switches.anySource === true) return 'any'
  if (texts.source !== undefined) return 'asked'
  const hint = `name the repository that must have been built, or waive that (${option('anySource')})`
  throw incomplete(`the question lacks ${option('source')}`, 'source', hint)
}

/** The shorthands → issuer, source, signer and caller. */
function writtenOut(options: ReadParts): ReadParts {
  return repositoryWrittenOut(signerWrittenOut(sourceWrittenOut(options)))
}

/** `github.com/acme/widget` is what a certificate of CircleCI says, and what a person writes. */
function sourceWrittenOut(options: ReadParts): ReadParts {
  const { source } = options.texts
  return source === undefined ? options : { ...options, texts: { ...options.texts, source: withScheme(source) } }
}

/** `signerWorkflow` → the signer and its issuer. */
function signerWrittenOut(options: ReadParts): ReadParts {
  const { signerWorkflow, ...rest } = options.texts
  if (signerWorkflow === undefined) return options
  if (rest.signer !== undefined) {
    throw conflict(`${option('signerWorkflow')} and ${option('signer')} both name the signer`, 'signerWorkflow')
  }
  if (rest.key !== undefined) throw conflict('a workflow has a certificate, a key has none', 'key')
  const { file, ref = '**' } = splitIdentity(signerWorkflow)
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+\/[A-Za-z0-9._/-]+$/.test(file) || /[*\s]/.test(signerWorkflow)) {
    const shown = JSON.stringify(signerWorkflow.slice(0, 200))
    throw new CountersignError(
      'usage',
      `${option('signerWorkflow')} is OWNER/NAME/PATH, or that with @REF, not ${shown}`,
      {
        option: 'signerWorkflow',
        hint: 'a ref is written whole: @refs/tags/v1, or the id of a commit',
      },
    )
  }
  const signer = `https://github.com/${file}@${ref}`
  return { ...options, texts: { ...rest, issuer: rest.issuer ?? gitHubIssuer, signer } }
}

/** `repo` and `workflow` → issuer, source, signer and caller. Without another signer, a workflow of the repository itself. */
function repositoryWrittenOut(options: ReadParts): ReadParts {
  const { repo, workflow, ...rest } = options.texts
  const { anyCaller } = options.switches
  if (repo === undefined) {
    const given = workflow !== undefined ? 'workflow' : anyCaller === true ? 'anyCaller' : undefined
    if (given === undefined) return options
    throw new CountersignError('question-conflict', `${option(given)} belongs to ${option('repo')}`, {
      option: given,
      hint: `without it, write the whole identity (${option('signer')})`,
    })
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/.test(repo)) {
    throw new CountersignError('usage', `${option('repo')} is OWNER/NAME, not ${JSON.stringify(repo.slice(0, 200))}`, {
      option: 'repo',
    })
  }
  if (rest.key !== undefined) throw conflict('a repository asks for a certificate, a key for none', 'key')
  if (rest.source !== undefined || options.switches.anySource === true) {
    throw conflict(`${option('repo')} names the source already`, 'source')
  }
  if (workflow !== undefined && anyCaller === true) {
    throw conflict('both a caller and any caller were asked for', 'anyCaller')
  }
  const source = `https://github.com/${repo}`
  const own = `${source}/${workflowPath(workflow)}@**`
  const common = { ...rest, issuer: rest.issuer ?? gitHubIssuer, source }
  if (rest.signer === undefined) {
    if (anyCaller === true) throw conflict(`${option('anyCaller')} belongs to a signer that can be called`, 'anyCaller')
    return { ...options, texts: { ...common, signer: own } }
  }
  if (workflow !== undefined) return { ...options, texts: { ...common, workflow: own } }
  // Whoever may write to the repository may call a workflow that is not its own, from a file of theirs.
  if (anyCaller !== true && !rest.signer.startsWith(`${source}/`)) {
    throw incomplete(
      `the signer lies outside of ${repo}, and nothing says which of its workflows must have called it`,
      'workflow',
      `name it (${option('workflow')}), or waive that (${option('anyCaller')})`,
    )
  }
  return { ...options, texts: common }
}

function workflowPath(workflow: string | undefined): string {
  if (workflow === undefined) return '.github/workflows/*'
  if (!/^[A-Za-z0-9._/-]+$/.test(workflow)) {
    const shown = JSON.stringify(workflow.slice(0, 200))
    throw new CountersignError('usage', `${option('workflow')} is a file, not ${shown}`, { option: 'workflow' })
  }
  return workflow.includes('/') ? workflow : `.github/workflows/${workflow}`
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
  if (caller === 'any') words.workflow = 'any caller (waived)'
  const types = predicateTypes.join(' or ')
  words.predicateType = predicateTypes === buildProvenanceTypes ? `${types} (default)` : types
  words.trigger =
    'accept' in triggers ? triggers.accept.join(' or ') : `any but ${triggers.refuse.join(', ')} (default)`
  words.selfHostedRunner = selfHostedRunner === 'allow' ? 'allowed (waived)' : 'refused (default)'
  if (inputs.length > 0) words.requireInput = inputs.map(({ name, value }) => `${name}=${value}`).join(', ')
  if (question.tree === 'clean') words.cleanTree = 'yes'
  if (question.builtCommit === 'allow') words.allowBuiltCommit = 'allowed (waived)'
  if (strictness === 'strict') words.strict = 'yes'
  return words
}

function conflict(message: string, name: OptionName): CountersignError {
  return new CountersignError('question-conflict', message, { option: name })
}

function incomplete(message: string, name: OptionName, hint?: string): CountersignError {
  return new CountersignError('question-incomplete', message, {
    option: name,
    ...(hint === undefined ? {} : { hint }),
  })
}
