/** A policy from its file, with those that it extends. Read once, before anything is verified. */
import { basename, dirname, resolve } from 'node:path'
import { CountersignError, attempt } from '../errors.ts'
import { limits } from '../model/limits.ts'
import type { Policy } from '../model/policy.ts'
import { readRegularFile } from '../platform/files.ts'
import { checkQuestions, ownRulesIn, parsePolicy, policyOf } from '../policy/read-policy.ts'
import type { ParsedPolicy } from '../policy/read-policy.ts'

/** A policy by its file. */
export interface PolicySource {
  readonly file: string
  /** One of its profiles, which adds rules. */
  readonly profile?: string
  /** Opened by `verify` alone, which has the trust by which a signature is verified. */
  readonly approved?: never
}

/**
 * Errors: `policy-*` (what is wrong, with line and column; `policy-digest-mismatch`: what it extends is not what it says), those of reading
 * a file (`path-*`, `input-*`), those of a question that its signers cannot make.
 *
 * @example
 * ```ts
 * import { openPolicy } from 'countersign/policy'
 *
 * const policy = await openPolicy({ file: 'countersign.yaml' }, process.cwd())
 * console.log(policy.name, policy.sha256)
 * ```
 */
export async function openPolicy(source: PolicySource, cwd: string): Promise<Policy> {
  if ('approved' in source) throw new CountersignError('usage', 'who approved a policy is verified with its trust')
  return openPolicyIn(source, policyFilesIn(cwd))
}

/** Where the files of a policy lie: in a file system, or in the tree of a commit. */
export interface PolicyFiles {
  /** Of a file as it is written, in the policy at `from` or by a person. */
  readonly place: (from: string | undefined, file: string) => string
  readonly read: (place: string) => Promise<Buffer>
}

/**
 * Those of a file system, each read once: who opens a policy with each of its profiles looks at one policy, and not at what somebody writes there
 * in between.
 */
export function policyFilesIn(cwd: string): PolicyFiles {
  const known = new Map<string, Promise<Buffer>>()
  // As somebody wrote it: a folder that is left out sends a reader to another file.
  const written = new Map<string, string>()
  return {
    place(from, file) {
      const path = resolve(from === undefined ? cwd : dirname(from), file)
      written.set(path, file)
      return path
    },
    read(path) {
      const what = `the policy ${JSON.stringify((written.get(path) ?? basename(path)).slice(0, 200))}`
      const bytes = known.get(path) ?? readRegularFile(path, limits.policyBytes, what)
      known.set(path, bytes)
      return bytes
    },
  }
}

/** The same from wherever its files lie. Errors: those of `openPolicy`, and of `files`. */
export async function openPolicyIn({ file, profile }: PolicySource, from: PolicyFiles): Promise<Policy> {
  let path = from.place(undefined, file)
  const readOne = async (name: string): Promise<ParsedPolicy> =>
    parsePolicy({ file: name, bytes: await from.read(path) })
  const main = await readOne(file)
  const files: [ParsedPolicy, ...ParsedPolicy[]] = [main]
  let farther = main.content.extends
  while (farther !== undefined) {
    if (files.length === limits.policyLayers) {
      throw new CountersignError('policy-malformed', `${file} extends more than ${limits.policyLayers - 1} others`, {
        option: 'policy',
      })
    }
    path = from.place(path, farther.file)
    const next = await readOne(farther.file)
    if (next.sha256 !== farther.sha256) {
      const detail = { option: 'policy', expected: farther.sha256, found: next.sha256 } as const
      throw new CountersignError('policy-digest-mismatch', `${farther.file} is not what ${file} extends`, detail)
    }
    files.push(next)
    farther = next.content.extends
  }
  for (const [rule, malformed] of files.flatMap((it) => [...ownRulesIn(it)])) {
    const { checkOwnRule } = await import('../policy/cel/own-rules.ts')
    const read = attempt(() => {
      checkOwnRule(rule)
    })
    if (read instanceof CountersignError) throw malformed(undefined, read.message)
  }
  const policy = policyOf(files, profile)
  checkQuestions(policy)
  return policy
}
