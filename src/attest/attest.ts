/**
 * The attesting flow: subjects → token → source → AI sessions → statement, serialised once → signature → verified → written.
 * Nothing is signed before everything was collected, and nothing is written before the bundle was verified.
 */
import { resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { collectSubjects } from '../collect/subjects/subjects.ts'
import { detectCi, isCi } from '../collect/ci/index.ts'
import type { CiContext } from '../collect/ci/row.ts'
import { readSource } from '../collect/git/source.ts'
import { resolveRange } from '../collect/git/history.ts'
import { findFiles } from '../collect/subjects/paths.ts'
import { openRepository } from '../collect/git/repository.ts'
import { collectSessions } from '../collect/sessions/index.ts'
import { deferred, finish, refuseOtherCommit, refusePrivateToPublic } from './sign-and-write.ts'
import type { Unsigned } from './sign-and-write.ts'
import type { Subject } from '../model/digest.ts'
import type { Facts, Source, VerifiedToken } from '../model/facts.ts'
import { limits } from '../model/limits.ts'
import type { QuestionOptions } from '../model/question.ts'
import type { Session } from '../model/session.ts'
import { statementTypeV1 } from '../model/statement.ts'
import { outputOf } from './output.ts'
import { buildProvenance, provenanceV1 } from '../predicates/provenance.ts'
import { resume } from './resume.ts'
import { openSigstore } from './signer.ts'
import type { SigningRequest, World } from './signer.ts'
import { sidecarOf } from '../store/bundle-file.ts'
import { version } from '../version.ts'

/** What to attest and how. Relative paths start at `cwd`. */
export interface AttestRequest extends SigningRequest {
  /** Files and globs. */
  readonly paths?: readonly string[]
  /** A file as `sha256sum` writes it. */
  readonly checksums?: string
  /** `name=sha256:<hex>` each. */
  readonly subjects?: readonly string[]
  /** The released range begins after this revision; default: the last tag before HEAD. */
  readonly since?: string
  /** File or folder of the bundle. */
  readonly out?: string
  readonly whenPresent?: 'refuse' | 'replace'
  readonly worktree?: 'clean' | 'allow-dirty'
  readonly history?: 'whole' | 'allow-shallow'
  /** Write the name of a private repository to the public log. */
  readonly publishPrivate?: true
  /** When services fail and the statement is made: `fail` (default), or keep it in a file that `resume` signs later. */
  readonly onOutage?: 'fail' | 'defer'
  /** Sign the statement of such a file, within the same run; everything that says what to attest is refused beside it. */
  readonly resume?: string
  /** Build the statement, sign nothing. */
  readonly dryRun?: true
  readonly cwd?: string
  readonly env?: { readonly [name: string]: string | undefined }
  readonly now?: () => Date
  readonly fetch?: typeof globalThis.fetch
  readonly run?: CiContext['run']
}

/** What was made. */
export interface Attestation {
  /** The statement as it was, or would be, signed: these very bytes. */
  readonly statement: string
  /** Absent after a dry run. */
  readonly signed?: {
    /** One line of JSON. */
    readonly bundle: string
    readonly out: string
    /** The strictest question that it passes. */
    readonly question: QuestionOptions
  }
  readonly subjects: readonly Subject[]
  readonly signer: string
  readonly sessions: readonly Session[]
  readonly commits: { readonly total: number; readonly claimed: number }
  /** Things to know that are no errors, a line each. */
  readonly notes: readonly string[]
}

/**
 * Makes, signs, verifies and writes one attestation. Errors: those of subjects (`path-*`, `subject-*`, `glob-empty`, …),
 * token (`identity-*`, `token-*`), git (`git-*`, `worktree-dirty`, `history-shallow`, `revision-unknown`,
 * `commit-not-head`), services (`service-*`, `trust-*`, `signing-service-missing`), `private-to-public-log`,
 * `bundle-not-verifiable`, `output-exists`, `output-failed`; with `resume` also `prepared-*` and `subject-mismatch`.
 */
export async function attest(request: AttestRequest): Promise<Attestation> {
  const world = worldOf(request)
  if (request.resume !== undefined) return resume(request, resolve(world.cwd, request.resume), world)
  // 1. What is attested, and where the result goes: refused before any secret is asked for.
  const subjects = await collectSubjects({
    paths: request.paths ?? [],
    checksums: request.checksums,
    subjects: request.subjects,
    cwd: world.cwd,
  })
  const files = await findFiles(request.paths ?? [], world.cwd)
  const repository = await openRepository(world.cwd, { env: world.env })
  const source = await readSource(
    repository,
    files.flatMap(({ real }) => [real, sidecarOf(real)]),
  )
  const out = request.dryRun === true ? undefined : await outputOf(request, { subjects, files, source, cwd: world.cwd })
  const dirty = refuseDirty(request, source, world)

  // 2. Who signs. The embedded Sigstore runs in this process until the end.
  const sigstore = await openSigstore(request, world, repository, source)
  try {
    const token = await sigstore.token()
    refuseOtherCommit(token, source)
    refusePrivateToPublic(request, sigstore, token)

    // 3. What the released range says of AI.
    const { range, cut } = await resolveRange(repository, {
      since: request.since,
      allowShallow: request.history === 'allow-shallow' ? 'record' : 'refuse',
    })
    const sessions = await collectSessions(repository, range)
    const inputs = await dispatchInputs(token, world)
    const facts: Facts = {
      subjects,
      token,
      source: { ...source, dirty, shallow: cut },
      inputs,
      sessions,
    }

    // 4. The statement, serialised once: these bytes are signed, stored and verified.
    const statement = JSON.stringify({
      _type: statementTypeV1,
      subject: subjects,
      predicateType: provenanceV1,
      predicate: buildProvenance(facts, version),
    })
    const made: Unsigned = {
      statement,
      subjects,
      signer: token.identity.subjectAlternativeName.value,
      sessions: sessions.sessions,
      commits: sessions.commits,
      notes: notesOf(facts),
    }
    if (Buffer.byteLength(statement) > limits.statementBytes) {
      throw new CountersignError('session-limit', 'the statement is larger than Sigstore clients accept')
    }
    if (out === undefined) return made

    // 5. Sign, verify what came back as anybody would, write; where services are out, keep what was made.
    const goal = { sigstore, token, out }
    return await finish(made, goal).catch(async (thrown: unknown) => {
      throw request.onOutage === 'defer' ? await deferred(thrown, made, goal, world) : thrown
    })
  } finally {
    await sigstore.close()
  }
}

function worldOf(request: AttestRequest): World {
  return {
    cwd: request.cwd ?? process.cwd(),
    env: request.env ?? process.env,
    now: request.now ?? (() => new Date()),
    fetch: request.fetch ?? globalThis.fetch,
    ...(request.run === undefined ? {} : { run: request.run }),
  }
}

/** Inputs that a person gave, where the token says that a person started the run; the values themselves are declared. */
async function dispatchInputs(token: VerifiedToken, world: World): Promise<Facts['inputs']> {
  if (token.identity.extensions.buildTrigger !== 'workflow_dispatch') return undefined
  return detectCi(world.env)?.inputs?.({ ...world, audience: '' })
}

/** True if the work tree differs from HEAD by more than the artifacts; in CI that is refused unless it was asked for. */
function refuseDirty(request: AttestRequest, source: Source, world: World): boolean {
  if (source.dirty && isCi(world.env) && request.worktree !== 'allow-dirty') {
    throw new CountersignError('worktree-dirty', 'the work tree differs from the commit that the provenance would name')
  }
  return source.dirty
}

function notesOf({ source, sessions }: Facts): string[] {
  return [
    ...(source.dirty ? ['the work tree is dirty, and the provenance says so'] : []),
    ...(source.shallow ? ['the history is cut (shallow clone): sessions of older commits were not looked for'] : []),
    ...sessions.readers
      .filter((it) => it.outcome === 'could-not-look')
      .map((it) => `the reader ${it.reader} could not look: ${it.detail ?? 'no reason given'}`),
    ...Object.entries(sessions.findingCounts).map(([code, count]) => `${count} records did not count: ${code}`),
  ]
}
