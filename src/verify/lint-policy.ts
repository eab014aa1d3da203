/** Lints a policy: everything that keeps it from being asked, in it and in what it extends, and what it should not be. */
import { CountersignError, attempt, attemptAsync } from '../errors.ts'
import { sha256Hex } from '../model/digest.ts'
import { policyLintType } from '../model/policy-lint.ts'
import type { PolicyLint, PolicyLintFinding } from '../model/policy-lint.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { policyWarningsIn } from '../policy/lint/warnings.ts'
import { PolicyFault } from '../policy/policy-fault.ts'
import { readPolicy } from '../policy/read-policy.ts'
import { openPolicyIn, policyFilesIn } from './open-policy.ts'
import type { PolicyFiles } from './open-policy.ts'

/** A policy that is in no file yet: `file` is what it is called, and where it would lie. */
export interface PolicyText {
  readonly file: string
  readonly text: string
}

/**
 * One file, or the text of one, with its profiles, and what it extends. Throws nothing of its own: a file that cannot be read is a finding.
 *
 * @example
 * ```ts
 * import { lintPolicy } from 'countersign/policy'
 *
 * const { outcome, findings } = await lintPolicy('countersign.yaml')
 * for (const it of findings) console.log(`${it.file}:${it.line ?? 1}`, it.code, it.message)
 * if (outcome === 'fail') throw new Error('it can be asked nothing')
 * ```
 */
export async function lintPolicy(policy: string | PolicyText, world?: Partial<World>): Promise<PolicyLint> {
  const { cwd, now } = worldOf(world)
  const file = typeof policy === 'string' ? policy : policy.file
  const files = typeof policy === 'string' ? policyFilesIn(cwd) : withText(policyFilesIn(cwd), policy)
  const bytes = await attemptAsync(() => files.read(files.place(undefined, file)))
  if (bytes instanceof CountersignError) return reportOf(file, undefined, [], [findingOf(bytes, file)])
  const sha256 = sha256Hex(bytes)
  const read = attempt(() => readPolicy({ file, bytes }))
  if (read instanceof CountersignError) return reportOf(file, sha256, [], [findingOf(read, file)])
  if (Array.isArray(read)) return reportOf(file, sha256, [], read.map((it) => findingOf(it, file)).toSorted(byPlace))
  const profiles = Object.keys(read.content.profiles ?? {})
  const problems: CountersignError[] = []
  // Who may sign is narrowed by profiles, so each is a policy of its own.
  for (const profile of [undefined, ...profiles]) {
    const opened = await attemptAsync(() => openPolicyIn(profile === undefined ? { file } : { file, profile }, files))
    if (opened instanceof CountersignError && !problems.some(({ message }) => message === opened.message)) {
      problems.push(opened)
    }
  }
  // A file of profiles alone is asked with one of them.
  const isEmpty = (it: CountersignError): boolean => it.code === 'policy-empty' && profiles.length > 0
  const counting = problems.length <= profiles.length ? problems.filter((it) => !isEmpty(it)) : problems
  return reportOf(file, sha256, profiles, [
    ...counting.map((it) => findingOf(it, file)),
    ...policyWarningsIn(read, now().toISOString()),
  ])
}

function withText(files: PolicyFiles, { file, text }: PolicyText): PolicyFiles {
  const place = files.place(undefined, file)
  return { ...files, read: (path) => (path === place ? Promise.resolve(Buffer.from(text)) : files.read(path)) }
}

function byPlace(a: PolicyLintFinding, b: PolicyLintFinding): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}

function reportOf(
  file: string,
  sha256: string | undefined,
  profiles: readonly string[],
  findings: PolicyLintFinding[],
): PolicyLint {
  const outcome = findings.some(({ severity }) => severity === 'error') ? 'fail' : 'pass'
  const digest = sha256 === undefined ? {} : { sha256 }
  return { type: policyLintType, file, outcome, ...digest, profiles: [...profiles], findings }
}

function findingOf(error: CountersignError, file: string): PolicyLintFinding {
  const { code, hint } = error
  const advice = hint === undefined ? {} : { hint }
  if (!(error instanceof PolicyFault)) return { severity: 'error', code, file, message: error.message, ...advice }
  const { place, reason } = error
  const at = place === undefined ? {} : { line: place.line, column: place.col }
  return { severity: 'error', code, file: error.file, ...at, message: reason, ...advice }
}
