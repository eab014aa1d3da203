/** Options → Question. What is not asked is an error, never an "any" (DESIGN rules 1 and 2). */
import { CountersignError } from '../errors.ts'
import { isCommitId } from '../model/digest.ts'
import { compilePattern } from '../model/identity.ts'
import type { Question, QuestionOptions } from '../model/question.ts'
import { predicateRows } from '../predicates/index.ts'

const gitHubIssuer = 'https://token.actions.githubusercontent.com'

/**
 * Triggers that run, or may run, on changes of people who cannot write to the repository: GitHub's pull requests and
 * workflow_run (which acts on what a pull request built), GitLab's merge requests.
 */
const foreignTriggers = [
  'pull_request',
  'pull_request_target',
  'workflow_run',
  'merge_request_event',
  'external_pull_request_event',
]

/**
 * Errors: `question-incomplete` (signer, issuer or source missing), `question-conflict`, `pattern-invalid`,
 * `usage` (a value of the wrong shape).
 */
export function parseQuestion(given: QuestionOptions): Question {
  if (given.source !== undefined && given.anySource === true) {
    throw new CountersignError('question-conflict', 'both a source and any source were asked for')
  }
  const options = given.repo === undefined ? withoutShorthand(given) : writeOutRepo(given, given.repo)
  const signatory = signatoryOf(options)
  const source = sourceOf(options)
  if (options.commit !== undefined && !isCommitId(options.commit)) {
    throw new CountersignError('usage', 'a commit is asked for by its full id', {
      hint: '40 or 64 lower-case hex digits, as git rev-parse prints them',
    })
  }
  const ref = options.ref === undefined ? undefined : compilePattern(options.ref, 'the ref')
  const builderId = options.builderId === undefined ? undefined : compilePattern(options.builderId, 'the builder id')
  const predicateTypes = options.predicateType ?? predicateRows.map((row) => row.type)
  if (predicateTypes.length === 0) throw new CountersignError('question-incomplete', 'no predicate type is accepted')
  const triggers = options.trigger === undefined ? { refuse: foreignTriggers } : { accept: options.trigger }
  if ('accept' in triggers && triggers.accept.length === 0) {
    throw new CountersignError('question-incomplete', 'no trigger is accepted')
  }
  return {
    signatory,
    source,
    ref,
    commit: options.commit,
    sourceId: options.sourceId,
    ownerId: options.ownerId,
    signerDigest: options.signerDigest,
    sourceTag: options.sourceTag,
    builderId,
    predicateTypes,
    triggers,
    selfHostedRunner: options.selfHostedRunner ?? 'refuse',
    strictness: options.strict === true ? 'strict' : 'lenient',
    written: {
      ...(signatory.kind === 'key'
        ? { signer: 'the key that was given' }
        : { signer: signatory.signer.text, issuer: signatory.issuer.text }),
      source: source === 'any' ? 'any (waived)' : source.text,
      ...(ref === undefined ? {} : { ref: ref.text }),
      ...plain(options, ['commit', 'sourceId', 'ownerId', 'signerDigest', 'sourceTag']),
      ...(builderId === undefined ? {} : { builderId: builderId.text }),
      predicateType: predicateTypes.join(' or '),
      trigger: 'accept' in triggers ? triggers.accept.join(' or ') : `any but ${triggers.refuse.join(', ')}`,
      selfHostedRunner: options.selfHostedRunner === 'allow' ? 'allowed (waived)' : 'refused',
      ...(options.strict === true ? { strict: 'yes' } : {}),
    },
  }
}

type PlainPart = 'commit' | 'sourceId' | 'ownerId' | 'signerDigest' | 'sourceTag'

/** Parts that are compared as they are, those that were asked for. */
function plain(options: QuestionOptions, names: readonly PlainPart[]): { readonly [name: string]: string } {
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])))
}

function signatoryOf(options: QuestionOptions): Question['signatory'] {
  if (options.key !== undefined) {
    if (options.signer !== undefined || options.issuer !== undefined) {
      throw new CountersignError(
        'question-conflict',
        'a key has no certificate, so signer and issuer cannot be asked for',
      )
    }
    return { kind: 'key' }
  }
  if (options.signer === undefined || options.issuer === undefined) {
    const missing = [
      ...(options.signer === undefined ? ['--signer'] : []),
      ...(options.issuer === undefined ? ['--issuer'] : []),
    ]
    throw new CountersignError('question-incomplete', `the question lacks ${missing.join(' and ')}`, {
      hint: 'say who must have signed: --signer, --issuer and --source, or --repo OWNER/NAME for GitHub; countersign inspect shows what a bundle claims',
    })
  }
  return {
    kind: 'certificate',
    signer: compilePattern(options.signer, 'the signer'),
    issuer: compilePattern(options.issuer, 'the issuer'),
  }
}

function sourceOf(options: QuestionOptions): Question['source'] {
  if (options.anySource === true) return 'any'
  if (options.source === undefined) {
    throw new CountersignError('question-incomplete', 'the question lacks --source', {
      hint: 'name the repository that must have been built, or waive it by --any-source',
    })
  }
  return compilePattern(options.source, 'the source')
}

function withoutShorthand(options: QuestionOptions): QuestionOptions {
  if (options.workflow !== undefined) {
    throw new CountersignError('question-conflict', '--workflow belongs to --repo', {
      hint: 'without --repo, write the whole identity with --signer',
    })
  }
  return options
}

/** `--repo o/n [--workflow f]` → issuer, source and signer. A workflow of the repository itself, on any ref of it. */
function writeOutRepo(options: QuestionOptions, repo: string): QuestionOptions {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/.test(repo)) {
    throw new CountersignError('usage', `--repo takes OWNER/NAME, not ${JSON.stringify(repo)}`)
  }
  if (options.key !== undefined)
    throw new CountersignError('question-conflict', '--repo asks for a certificate, --key for none')
  if (options.source !== undefined || options.anySource === true) {
    throw new CountersignError('question-conflict', '--repo names the source already')
  }
  if (options.workflow !== undefined && options.signer !== undefined) {
    throw new CountersignError('question-conflict', '--workflow and --signer both name the signer')
  }
  const source = `https://github.com/${repo}`
  const file = workflowPath(options.workflow)
  return {
    ...options,
    issuer: options.issuer ?? gitHubIssuer,
    source,
    signer: options.signer ?? `${source}/${file}@**`,
  }
}

function workflowPath(workflow: string | undefined): string {
  if (workflow === undefined) return '.github/workflows/*'
  if (!/^[A-Za-z0-9._/-]+$/.test(workflow)) {
    throw new CountersignError('usage', `--workflow takes a file, not ${JSON.stringify(workflow)}`)
  }
  return workflow.includes('/') ? workflow : `.github/workflows/${workflow}`
}
