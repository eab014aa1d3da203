/** The shorthands of a question, written out: a repository, an owner or a workflow → issuer, source, signer and caller. */
import { option } from '../errors.ts'
import { gitHubIssuer, splitIdentity, withScheme } from '../model/identity.ts'
import type { PartName } from '../model/question-parts.ts'
import type { Shorthand } from '../model/question.ts'
import { isCommitId, isRefName } from '../model/git-names.ts'
import { namedRepository } from '../model/repository-url.ts'
import { gitlab } from '../providers/gitlab.ts'
import { holdsUnseen } from '../one-line.ts'
import { gitHubServerOf, withoutNameCase } from './github-names.ts'
import { conflict, incomplete, isNot } from './question-refusals.ts'

/** The parts by the type of their value; what was not given is not there. */
export interface ReadParts {
  readonly texts: { readonly [part in PartName]?: string }
  readonly lists: { readonly [part in PartName]?: readonly string[] }
  readonly switches: { readonly [part in PartName]?: true }
  /** Of the parts that were written out: out of what. */
  readonly from: { readonly [part in PartName]?: Shorthand }
}

/** No shorthand is left. Errors: `usage`, `question-conflict`, `question-incomplete`. */
export function writtenOut(given: ReadParts): ReadParts {
  const options = sourceWrittenOut(given)
  const { repo, owner, issuer } = options.texts
  if (repo !== undefined && owner !== undefined) {
    throw conflict(`${option('repo')} names one repository, ${option('owner')} all of them`, 'owner')
  }
  const name = repo === undefined ? 'owner' : 'repo'
  const place =
    repo !== undefined ? repositoryPlace(repo, issuer) : owner !== undefined ? ownerPlace(owner, issuer) : undefined
  const signed = signerWrittenOut(options, place)
  const written = place === undefined ? withoutPlace(signed) : placeWrittenOut(signed, name, place)
  return { ...written, from: shorthandsOf(options.texts, place === undefined ? undefined : name) }
}

/** What each part that was written out stands for. */
function shorthandsOf(
  { signer, issuer, signerWorkflow, workflow }: ReadParts['texts'],
  place: 'repo' | 'owner' | undefined,
): ReadParts['from'] {
  const signing: Shorthand | undefined = signerWorkflow === undefined ? undefined : { option: 'signerWorkflow' }
  if (place === undefined) {
    if (signing === undefined) return {}
    return { signer: signing, ...(issuer === undefined ? { issuer: signing } : {}) }
  }
  const placed: Shorthand = { option: place }
  const job: Shorthand = workflow === undefined ? placed : { ...placed, file: 'workflow' }
  const own = signing ?? (signer === undefined ? job : undefined)
  return {
    source: placed,
    ...(issuer === undefined ? { issuer: placed } : {}),
    ...(own === undefined ? {} : { signer: own }),
    ...(own === job ? {} : { workflow: job }),
  }
}

/** `github.com/acme/widget` is what a certificate of CircleCI says, and what a person writes. */
function sourceWrittenOut(options: ReadParts): ReadParts {
  const { source } = options.texts
  return source === undefined ? options : { ...options, texts: { ...options.texts, source: withScheme(source) } }
}

/** GitHub's names; those of people whose enterprise manages them have an underscore. */
const ownerName = '[A-Za-z0-9][A-Za-z0-9_-]*'
const repositoryName = String.raw`[A-Za-z0-9._-]+`

const wholeOwner = new RegExp(`^${ownerName}$`)
const workflowAddress = new RegExp(String.raw`^${ownerName}/${repositoryName}/(.+)$`)

/** `signerWorkflow` → the signer and its issuer. */
function signerWrittenOut(options: ReadParts, place: Place | undefined): ReadParts {
  const { signerWorkflow, ...rest } = options.texts
  if (signerWorkflow === undefined) return options
  if (rest.signer !== undefined) {
    throw conflict(`${option('signerWorkflow')} and ${option('signer')} both name the signer`, 'signerWorkflow')
  }
  if (rest.key !== undefined) throw conflict('a workflow has a certificate, a key has none', 'key')
  const { file, ref = '**' } = splitIdentity(signerWorkflow)
  const [, path] = workflowAddress.exec(file) ?? []
  if (
    path === undefined ||
    !isFile(path) ||
    !isGitHubWorkflow(path) ||
    (ref !== '**' && !isRefName(ref) && !isCommitId(ref))
  ) {
    const hint = 'a ref is written whole: @refs/tags/v1, or the id of a commit'
    throw isNot('signerWorkflow', 'OWNER/NAME/PATH, or that with @REF', signerWorkflow, hint)
  }
  if (place?.forge === 'gitlab') throw conflict('no workflow of GitHub signs for a project of GitLab', 'signerWorkflow')
  const issuer = place?.issuer ?? rest.issuer ?? gitHubIssuer
  return { ...options, texts: { ...rest, issuer, signer: `${gitHubServerOf(issuer) ?? gitHub}/${file}@${ref}` } }
}

/** Where the jobs of a repository, or of all repositories of an owner, run. */
interface Place {
  readonly forge: 'github' | 'gitlab'
  /** Address of the repository, or a pattern for those of the owner. */
  readonly source: string
  readonly issuer: string
  /** Pattern for the identities of its jobs under the definition of that name, or under any. */
  readonly job: (workflow: string | undefined) => string
  /** What every identity of these jobs begins with. */
  readonly root: string
}

/** Error: `question-conflict`, for what belongs to a repository. */
function withoutPlace(options: ReadParts): ReadParts {
  const given =
    options.texts.workflow !== undefined ? 'workflow' : options.switches.anyCaller === true ? 'anyCaller' : undefined
  if (given === undefined) return options
  const hint = `without it, write the whole identity (${option('signer')})`
  throw conflict(`${option(given)} belongs to ${option('repo')}`, given, hint)
}

/** `repo` or `owner`, and `workflow` → issuer, source, signer and caller. Without another signer, a workflow of its own. */
function placeWrittenOut(options: ReadParts, name: 'repo' | 'owner', place: Place): ReadParts {
  const { repo, owner, workflow, ...rest } = options.texts
  const { anyCaller } = options.switches
  if (rest.key !== undefined) throw conflict('a repository asks for a certificate, a key for none', 'key')
  if (rest.source !== undefined || options.switches.anySource === true) {
    throw conflict(`${option(name)} names the source already`, 'source')
  }
  if (workflow !== undefined && anyCaller === true) {
    throw conflict('both a caller and any caller were asked for', 'anyCaller')
  }
  const { source, issuer } = place
  const common = { ...rest, issuer, source }
  if (rest.signer === undefined) {
    if (anyCaller === true) throw conflict(`${option('anyCaller')} belongs to a signer that can be called`, 'anyCaller')
    return { ...options, texts: { ...common, signer: place.job(workflow) } }
  }
  if (workflow !== undefined) return { ...options, texts: { ...common, workflow: place.job(workflow) } }
  // Whoever may write to the repository may call a workflow that is not its own, from a file of theirs.
  if (anyCaller !== true && !liesIn(rest.signer, place)) {
    throw incomplete(
      `the signer lies outside of ${repo ?? owner ?? ''}, and nothing says which of its workflows must have called it`,
      'workflow',
      `name it (${option('workflow')}), or waive that (${option('anyCaller')})`,
    )
  }
  return { ...options, texts: common }
}

function liesIn(signer: string, { root, issuer }: Place): boolean {
  const server = gitHubServerOf(issuer)
  const read = (text: string): string => (server === undefined ? text : withoutNameCase(text, server))
  return read(signer).startsWith(read(root))
}

const gitHub = 'https://github.com'

const inParts = `say in parts who signs there, and what was built: ${option('signer')}, ${option('issuer')}, ${option('source')}`

/** Errors: `usage` (no repository, or one of a host whose jobs are known under no name). */
function repositoryPlace(repo: string, given: string | undefined): Place {
  const named = namedRepository(repo)
  if (named === undefined) {
    throw isNot(
      'repo',
      'OWNER/NAME, or the address of a repository',
      repo,
      `as in acme/widget or ${gitHub}/acme/widget`,
    )
  }
  const { host, path } = named
  const server = gitHubAt(host, given)
  if (server !== undefined) {
    const [owner = '', ...more] = path
    if (more.length !== 1 || !wholeOwner.test(owner)) {
      const hint = 'a page of it, a branch or a file is no part of its name'
      throw isNot('repo', 'OWNER/NAME, or the address of a repository', repo, hint)
    }
    return gitHubPlace(server, path.join('/'), given)
  }
  const forge = host === undefined ? given : `https://${host}`
  if (forge === undefined || (forge !== given && !gitlab.issuers.includes(forge))) {
    throw isNot('repo', 'a repository of GitHub or GitLab', repo, inParts)
  }
  if (path.length < 2) throw isNot('repo', 'GROUP/NAME on GitLab', repo)
  const source = `${forge}/${path.join('/')}`
  // Fulcio's identity of a job on GitLab: the project, two slashes, the file of its pipeline.
  const job = (workflow: string | undefined): string => `${source}//${gitLabFile(workflow)}`
  return { forge: 'gitlab', source, issuer: given ?? forge, job, root: `${source}//` }
}

/** The server of GitHub that a host is, or that an issuer vouches for where no host is named. */
function gitHubAt(host: string | undefined, issuer: string | undefined): string | undefined {
  const vouched = gitHubServerOf(issuer)
  if (host === undefined) return vouched ?? (gitlab.issuers.includes(issuer ?? '') ? undefined : gitHub)
  const server = `https://${host}`
  return server === gitHub || /^[a-z0-9-]+\.ghe\.com$/.test(host) || server === vouched ? server : undefined
}

function gitHubPlace(server: string, names: string, given: string | undefined): Place {
  const source = `${server}/${names}`
  const issuer = given ?? (server === gitHub ? gitHubIssuer : server.replace('https://', 'https://token.actions.'))
  const root = `${source.endsWith('/*') ? source.slice(0, -2) : source}/`
  return { forge: 'github', source, issuer, job: (workflow) => `${source}/${workflowPath(workflow)}@**`, root }
}

/** Error: `usage`. */
function ownerPlace(owner: string, given: string | undefined): Place {
  const [, written, name] = /^(?:(?:https?:\/\/)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)\/)?([^/]+)\/*$/i.exec(owner) ?? []
  const host = written?.toLowerCase().replace(/^www\./, '')
  const server = gitHubAt(host, given)
  if (name !== undefined && wholeOwner.test(name) && server !== undefined)
    return gitHubPlace(server, `${name}/*`, given)
  throw isNot(
    'owner',
    'the name of an owner on GitHub',
    owner,
    `as in acme; for one repository there is ${option('repo')}`,
  )
}

function workflowPath(workflow: string | undefined): string {
  if (workflow === undefined) return '.github/workflows/*'
  if (!isFile(workflow) || !isGitHubWorkflow(workflow)) {
    throw isNot('workflow', 'a file', workflow, 'as in release.yml, or its path in the repository; its name is another')
  }
  return workflow.includes('/') ? workflow : `.github/workflows/${workflow}`
}

function gitLabFile(workflow: string | undefined): string {
  if (workflow === undefined) return '**'
  if (!isFile(workflow)) {
    throw isNot('workflow', 'a file', workflow, 'as in .gitlab-ci.yml, or its path in the repository')
  }
  return `${workflow}@**`
}

/** A path in a repository, written whole: whatever git allows but a wildcard, a backslash, and what would begin a ref. */
function isFile(path: string): boolean {
  return (
    path.split('/').every((it) => it !== '' && it !== '.' && it !== '..') &&
    path === path.trim() &&
    !holdsUnseen(path) &&
    !/[*\\]|@refs(?:\/|$)/.test(path)
  )
}

/** GitHub takes no other file for a workflow; those that it runs itself have no file. */
function isGitHubWorkflow(path: string): boolean {
  return /[^/]\.ya?ml$/.test(path) || path.startsWith('dynamic/')
}
