/**
 * Sends records to a remote: each by its own name, never forced, so that nothing there is ever written over. It is the one place where git
 * speaks to a remote as the person who runs this, with that person's own configuration and credentials; no hook of the repository runs.
 */
import { CountersignError } from '../../errors.ts'
import { recordRef } from '../../model/session-record.ts'
import type { Environment } from '../../platform/environment.ts'
import { gitFailure, runGit } from '../git/process.ts'
import type { Repository } from '../git/repository.ts'

export interface Pushed {
  /** Digests of those that were sent or were there already. */
  readonly there: readonly string[]
  /** Of these, those that the remote had not before. */
  readonly sent: readonly string[]
  /** Of those that the remote has as another commit: the same transcript, recorded by somebody else. */
  readonly other: readonly string[]
}

/** Command lines have an end. */
const atOnce = 200

/** `remote`: a name or an address. Errors: `usage`, `record-push-failed`. */
export async function pushRecords(
  repository: Repository,
  remote: string,
  digests: readonly string[],
  env: Environment,
): Promise<Pushed> {
  refuseFlag(remote)
  const there: string[] = []
  const sent: string[] = []
  const other: string[] = []
  for (let from = 0; from < digests.length; from += atOnce) {
    const some = digests.slice(from, from + atOnce)
    const outcome = await pushSome(repository, remote, some, env)
    for (const it of some) (outcome.other.has(it) ? other : there).push(it)
    sent.push(...outcome.sent)
  }
  return { there, sent, other }
}

const settings = ['protocol.allow=user', 'protocol.ext.allow=never', 'push.gpgSign=false', 'push.followTags=false']
const pushArgs = [
  ...settings.flatMap((it) => ['-c', it]),
  ...['push', '--porcelain', '--no-verify', '--no-recurse-submodules'],
]

/** Error: `usage`. */
function refuseFlag(remote: string): void {
  if (remote !== '' && !remote.startsWith('-') && !/[\0\n]/.test(remote)) return
  throw new CountersignError('usage', `${JSON.stringify(remote.slice(0, 100))} is no remote`, { option: 'push' })
}

/** What a remote has under the name of a record: full id of the commit; undefined for nothing. Errors: `usage`, `record-push-failed`. */
export async function recordAt(
  repository: Repository,
  remote: string,
  digest: string,
  env: Environment,
): Promise<string | undefined> {
  const args = [...settings.flatMap((it) => ['-c', it]), 'ls-remote', '--refs', '--', remote, recordRef(digest)]
  const answer = await runGit({ ...repository.git, env: asThePerson(env) }, args)
  if (answer.status !== 0) {
    throw new CountersignError('record-push-failed', `the remote did not answer: ${gitFailure(args, answer).message}`)
  }
  const [line = ''] = answer.stdout.toString('utf8').split('\n')
  const [id, name] = line.split('\t')
  return name === recordRef(digest) ? id : undefined
}

/**
 * Takes a record away from a remote, if what it has under that name is this very commit: `other` is left there. Errors: `usage`,
 * `record-push-failed`, `record-remove-failed`.
 */
export async function removeThere(
  repository: Repository,
  remote: string,
  { digest, commit }: { readonly digest: string; readonly commit: string },
  env: Environment,
): Promise<'removed' | 'absent' | 'other'> {
  refuseFlag(remote)
  const there = await recordAt(repository, remote, digest, env)
  if (there !== commit) return there === undefined ? 'absent' : 'other'
  const ref = recordRef(digest)
  const args = [...pushArgs, `--force-with-lease=${ref}:${commit}`, '--', remote, `:${ref}`]
  const answer = await runGit({ ...repository.git, env: asThePerson(env) }, args)
  if (answer.status === 0) return 'removed'
  const { message } = gitFailure(args, answer)
  throw new CountersignError('record-remove-failed', `the remote kept the old record: ${message}`)
}

/** The digests that the remote has as another commit, and those that it had not. */
async function pushSome(
  repository: Repository,
  remote: string,
  digests: readonly string[],
  env: Environment,
): Promise<{ readonly other: ReadonlySet<string>; readonly sent: ReadonlySet<string> }> {
  const specs = digests.map((it) => `${recordRef(it)}:${recordRef(it)}`)
  const args = [...pushArgs, '--no-force', '--', remote, ...specs]
  const answer = await runGit({ ...repository.git, env: asThePerson(env) }, args)
  const rows = answer.stdout.toString('utf8').split('\n')
  const refused = rows.flatMap((row) => {
    const [, digest, why] = /^!\t[^:\t]*:refs\/countersign\/sessions\/([0-9a-f]{64})\t(.*)$/.exec(row) ?? []
    return digest === undefined
      ? []
      : [{ digest, isOther: /fetch first|non-fast-forward|already exists/.test(why ?? '') }]
  })
  if (answer.status !== 0 && (refused.length === 0 || refused.some((it) => !it.isOther))) {
    const { message } = gitFailure(args, answer)
    throw new CountersignError('record-push-failed', `the records were not pushed: ${message}`)
  }
  const sent = rows.flatMap((row) => /^\*\t[^:\t]*:refs\/countersign\/sessions\/([0-9a-f]{64})\t/.exec(row)?.[1] ?? [])
  return { other: new Set(refused.map(({ digest }) => digest)), sent: new Set(sent) }
}

/** Without what would turn git to another repository: a hook runs in an environment that names one. */
function asThePerson(env: Environment): Environment {
  const turned =
    /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|QUARANTINE_PATH)$/
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !turned.test(name))),
    LC_ALL: 'C',
    LANGUAGE: '',
  }
}
