/** A policy on the cases beside it: each is evidence, and what the policy should make of it. */
import { readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { CountersignError, attemptAsync, kindOf } from '../errors.ts'
import { sha256Hex } from '../model/digest.ts'
import { refusedMembers } from '../model/refused-members.ts'
import { limits } from '../model/limits.ts'
import { parsePolicyInput } from '../model/policy-input.ts'
import { policyTestReportType, policyTestsFile } from '../model/policy-tests.ts'
import type { PolicyCase, PolicyCaseResult, PolicyTestReport } from '../model/policy-tests.ts'
import type { Policy } from '../model/policy.ts'
import type { LooseQuestion } from '../model/question.ts'
import type { Malformed } from '../model/yaml/place.ts'
import { parseYamlText } from '../model/yaml/yaml-text.ts'
import { isFolder, isThere, namedFile, readRegularFile, systemCode } from '../platform/files.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { tryOnDocument } from '../policy/apply-policy.ts'
import { parsePolicy } from '../policy/read-policy.ts'
import { caseProblem, differencesIn, unknownRule } from '../policy/test-case.ts'
import { openPolicyIn, policyFilesIn } from './open-policy.ts'
import type { PolicyFiles } from './open-policy.ts'
import { examine } from './verify.ts'

interface ReadCase {
  readonly it: PolicyCase
  /** Where it stands, without folders. */
  readonly file: string
  /** Folder that its files are named from. */
  readonly folder: string
  readonly malformed: (reason: string) => CountersignError
}

/**
 * Results in the order of the cases: those of `NAME.tests.yaml`, then those of the files in `NAME.tests/` by name. Nothing is run before every
 * case was read, and no case is looked for before the policy was. Errors: those of the policy, `policy-tests-none`, `policy-tests-malformed`,
 * those of a file that a case names, or that stands where cases are looked for and cannot be read.
 *
 * @example
 * ```ts
 * import { testPolicy } from 'countersign/policy'
 *
 * const { cases } = await testPolicy('countersign.yaml')
 * for (const { name, differences } of cases) console.log(name, differences.length === 0 ? 'as expected' : differences)
 * ```
 */
export async function testPolicy(file: string, given?: Partial<World>): Promise<PolicyTestReport> {
  const world = worldOf(given)
  const policies = policyFilesIn(world.cwd)
  const opened = new Map<string | undefined, Policy>()
  const plain = await openWithoutProfile(file, policies)
  if (plain !== undefined) opened.set(undefined, plain)
  const files = await filesBeside(resolve(world.cwd, file))
  const cases = (await Promise.all(files.map(readCases))).flat()
  if (cases.length === 0) {
    throw new CountersignError('policy-tests-none', `no case lies beside ${file}`, { option: 'policy' })
  }
  const results: PolicyCaseResult[] = []
  for (const { it, malformed } of cases) {
    const { profile } = it
    const source = profile === undefined ? { file } : { file, profile }
    const policy = opened.get(profile) ?? (await openPolicyIn(source, policies))
    opened.set(profile, policy)
    const unknown = unknownRule(it, policy)
    if (unknown !== undefined) throw malformed(`no rule is called ${JSON.stringify(unknown.slice(0, 80))}`)
  }
  for (const one of cases) {
    const policy = opened.get(one.it.profile)
    if (policy !== undefined) results.push(await run(one, policy, given))
  }
  return {
    ...{ type: policyTestReportType, file, sha256: sha256Hex(await policies.read(policies.place(undefined, file))) },
    outcome: results.every(({ differences }) => differences.length === 0) ? 'pass' : 'fail',
    cases: results,
  }
}

/** Undefined of a file that has rules in its profiles alone: it is asked with one of them. */
async function openWithoutProfile(file: string, files: PolicyFiles): Promise<Policy | undefined> {
  const opened = await attemptAsync(() => openPolicyIn({ file }, files))
  if (!(opened instanceof CountersignError)) return opened
  if (opened.code !== 'policy-empty') throw opened
  const { content } = parsePolicy({ file, bytes: await files.read(files.place(undefined, file)) })
  if (Object.keys(content.profiles ?? {}).length === 0) throw opened
  return undefined
}

async function run(
  { it, file, folder, malformed }: ReadCase,
  policy: Policy,
  world?: Partial<World>,
): Promise<PolicyCaseResult> {
  const { name, input, profile } = it
  const told = { name, file, ...(profile === undefined ? {} : { profile }) }
  if (input !== undefined) {
    const checks = await onDocument(resolve(folder, input), policy, malformed)
    return { ...told, evidence: 'document', differences: differencesIn(it, { outcome: undefined, checks }) }
  }
  const { artifact = '', bundle, trustedRoot = '', previous, question, now } = it
  const { verdict } = await examine({
    ...{ policy, artifact, trust: { kind: 'file', path: trustedRoot } },
    ...(bundle === undefined ? {} : { bundle }),
    ...(previous === undefined ? {} : { previous }),
    ...(question === undefined ? {} : { question: question as LooseQuestion }),
    world: { ...world, cwd: folder, ...(now === undefined ? {} : { now: () => new Date(now) }) },
  })
  // A file that is not there says nothing of the policy.
  if (verdict.outcome === 'undecided' && kindOf(verdict.failure.code) === 'usage')
    throw malformed(verdict.failure.message)
  const found = { outcome: verdict.outcome, checks: verdict.policy?.checks ?? [] }
  return { ...told, evidence: 'bundle', differences: differencesIn(it, found) }
}

async function onDocument(
  path: string,
  policy: Policy,
  malformed: ReadCase['malformed'],
): Promise<ReturnType<typeof tryOnDocument>> {
  const read = await attemptAsync(async () =>
    parsePolicyInput(await readRegularFile(path, limits.policyInputBytes, namedFile('the document', basename(path)))),
  )
  if (read instanceof CountersignError) throw malformed(read.message)
  const hasOwn = policy.layers.some(({ sections }) => sections.rules !== undefined)
  const evaluateOwn = hasOwn ? (await import('../policy/cel/own-rules.ts')).evaluateOwn : undefined
  try {
    return tryOnDocument(policy, read, evaluateOwn)
  } catch (thrown) {
    // A person wrote the document: deep inside, a rule may meet what no reader of statements lets through.
    if (thrown instanceof TypeError) throw malformed('the document is not what schemas/policy-input/v1.json says')
    throw thrown
  }
}

async function filesBeside(policy: string): Promise<readonly string[]> {
  const base = join(dirname(policy), basename(policy).replace(/\.(?:ya?ml|json)$/, ''))
  const [single, folder] = [`${base}.tests.yaml`, `${base}.tests`]
  const named = (await namesIn(folder)).filter((it) => /\.ya?ml$/.test(it)).toSorted()
  // Whatever stands there is read: cases behind a link that leads nowhere would be passed over, and the policy look tested.
  return [...((await isThere(single)) ? [single] : []), ...named.map((it) => join(folder, it))]
}

async function namesIn(folder: string): Promise<readonly string[]> {
  if (!(await isThere(folder))) return []
  const what = `the folder of cases ${JSON.stringify(basename(folder))}`
  if (!(await isFolder(folder))) throw new CountersignError('input-unreadable', `${what} is no folder`)
  try {
    return await readdir(folder)
  } catch (thrown) {
    throw new CountersignError('input-unreadable', `${what} cannot be read: ${systemCode(thrown)}`)
  }
}

async function readCases(path: string): Promise<readonly ReadCase[]> {
  const file = basename(path)
  const bytes = await readRegularFile(path, limits.policyBytes, namedFile('the file of cases', file))
  const malformed: Malformed = (place, reason) => {
    const where = place === undefined ? file : `${file}:${place.line}:${place.col}`
    return new CountersignError('policy-tests-malformed', `${where}: ${reason}`)
  }
  const text = parseYamlText(bytes, malformed, { bytes: limits.policyBytes, parts: limits.policyParts })
  const schema = policyTestsFile()
  const parsed = schema.safeParse(text.value)
  if (!parsed.success) {
    const [refused] = refusedMembers(schema, parsed.error.issues, text.value)
    const { path: at = [], member = '', words = 'is not what its schema says' } = refused ?? {}
    throw malformed(text.placeOf(at), `${member === '' ? 'the file' : member} ${words}`)
  }
  return parsed.data.cases.map((it, index, all): ReadCase => {
    const at = text.placeOf(['cases', index])
    const problem =
      all.findIndex(({ name }) => name === it.name) === index ? caseProblem(it) : 'its name is there twice'
    if (problem !== undefined) throw malformed(at, problem)
    return { it, file, folder: dirname(path), malformed: (reason) => malformed(at, reason) }
  })
}
