/** What a CI system is told of a command, on request alone: step outputs, variables, a summary, a report, annotations. */
import { randomUUID } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import { CountersignError, option } from '../errors.ts'
import type { GateReport } from '../model/gate-report.ts'
import { limits } from '../model/limits.ts'
import { failureOf } from '../model/verdict.ts'
import type { Verdict, VerdictFailure } from '../model/verdict.ts'
import { appendToFile } from '../platform/append.ts'
import { isFolder, writeWholeFile } from '../platform/files.ts'
import { isBelow, refuseLinksBelow } from '../platform/links.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { dotenvOf } from '../report/ci/dotenv.ts'
import { newVerdictTally } from '../report/ci/job-report.ts'
import type { JobReport, SignedReport } from '../report/ci/job-report.ts'
import { junitOf } from '../report/ci/junit.ts'
import { outputsOf } from '../report/ci/outputs.ts'
import { stepOutputs } from '../report/ci/step-output.ts'
import { summaryOf } from '../report/ci/summary.ts'
import { codeQualityOf } from '../report/documents/code-quality.ts'
import { gateJob } from '../report/gate.ts'
import { plainStyle } from '../report/style.ts'
import type { Style } from '../report/style.ts'
import { annotations } from '../report/ci/workflow-command.ts'

export const ciSystems = ['github', 'gitlab'] as const
export type CiSystem = (typeof ciSystems)[number]

export interface CiOutputRequest {
  readonly system: CiSystem
  readonly command: 'attest' | 'verify' | 'gate'
  /** In whose words options are named. */
  readonly style?: Pick<Style, 'options'>
  readonly world?: Partial<World>
}

/** Takes what a command comes to, and writes it at the end. */
export interface CiOutput {
  readonly verdict: (verdict: Verdict) => void
  /** What the gate says; its command has one. */
  readonly gate: (report: GateReport) => void
  /** Each that was signed; what does not stand in a report of the job is not kept. */
  readonly signed: (attestation: SignedReport) => void
  /** Where statements were kept that could not be signed. */
  readonly kept: (prepared: readonly string[]) => void
  readonly failed: (error: CountersignError) => void
  /** Lines for the log of the job, to be written as they are: commands of ours, in which all is escaped. */
  readonly annotations: (kind: 'error' | 'warning') => readonly string[]
  /** Writes the files; once. The answer is what a person should know of it. Errors: `output-failed`, `symlink-in-checkout`. */
  readonly write: () => Promise<readonly string[]>
}

/**
 * Finds the places where a CI system reads, before anything else is done. They are told by its own variables, and decide only
 * where is written. Errors: `usage`, `output-failed`, `symlink-in-checkout`.
 */
export async function openCiOutput({ system, command, style = plainStyle, world }: CiOutputRequest): Promise<CiOutput> {
  const places = await (system === 'github'
    ? gitHubPlaces(worldOf(world))
    : gitLabPlaces(worldOf(world), command, style))
  const tally = newVerdictTally(style, command === 'gate' ? command : 'verify')
  let gated: GateReport | undefined
  const signed: SignedReport[] = []
  let prepared: readonly string[] | undefined
  let failure: VerdictFailure | undefined
  const report = (): JobReport => {
    if (command === 'attest') {
      return {
        ...{ command, signed },
        ...(prepared === undefined ? {} : { prepared }),
        ...(failure === undefined ? {} : { failure }),
      }
    }
    if (gated === undefined) return tally.report(failure)
    return { ...gateJob(gated, style), ...(failure === undefined ? {} : { failure }) }
  }
  return {
    verdict: (verdict) => tally.add(verdict),
    gate: (it) => (gated = it),
    signed({ subjects, signer, sessions, commits, looked, bundle, written }) {
      signed.push({
        subjects,
        signer,
        sessions,
        commits,
        looked,
        bundle,
        ...(written === undefined ? {} : { written }),
      })
    },
    kept: (paths) => (prepared = paths),
    failed: (error) => (failure = failureOf(error)),
    annotations: (kind) => (system === 'github' ? annotations(report(), kind) : []),
    write: () => places.write(report(), gated),
  }
}

interface Places {
  readonly write: (report: JobReport, gated: GateReport | undefined) => Promise<readonly string[]>
}

/** The files that the runner made for this step. */
async function gitHubPlaces(world: World): Promise<Places> {
  const outputs = await runnerFile('GITHUB_OUTPUT', world)
  const summary = await runnerFile('GITHUB_STEP_SUMMARY', world)
  return {
    async write(report) {
      const delimiter = `countersign_${randomUUID()}`
      // An open line of somebody else would take ours for its end.
      await appendToFile(outputs, ({ isOpen }) => `${isOpen ? '\n' : ''}${stepOutputs(outputsOf(report), delimiter)}`)
      await appendToFile(summary, ({ bytes, isOpen }) => {
        const text = summaryOf(report, limits.stepSummaryBytes - bytes - 1)
        if (text !== undefined) return `${isOpen ? '\n' : ''}${text}`
        throw new CountersignError('output-failed', 'the summary of this step is full', {
          hint: 'what other programs of the step wrote leaves no room; the outputs are written',
        })
      })
      return []
    },
  }
}

async function runnerFile(name: string, { env, cwd }: World): Promise<string> {
  const path = env[name] ?? ''
  if (!isAbsolute(path)) throw foreign('github', `${name} names no file`)
  await refuseLinksBelow(cwd, path)
  const stats = await lstat(path).catch(() => undefined)
  if (stats?.isFile() !== true) throw foreign('github', `${name} names no file`)
  return path
}

/** Files in the folder of the project, from where the job hands them on as artifacts. */
async function gitLabPlaces(
  { env }: World,
  command: CiOutputRequest['command'],
  style: Pick<Style, 'options'>,
): Promise<Places> {
  const project = env['CI_PROJECT_DIR'] ?? ''
  if (!isAbsolute(project) || !(await isFolder(project))) throw foreign('gitlab', 'CI_PROJECT_DIR names no folder')
  const variables = join(project, `countersign-${command}.env`)
  const tests = join(project, `countersign-${command}.xml`)
  const quality = join(project, 'countersign-gate-codequality.json')
  const own = [...(command === 'attest' ? [] : [tests]), ...(command === 'gate' ? [quality] : [])]
  for (const path of [variables, ...own]) {
    await refuseLinksBelow(project, path)
    const stats = await lstat(path).catch(() => undefined)
    if (stats?.isFile() === false) throw new CountersignError('output-failed', `${path} is not a regular file`)
  }
  return {
    async write(report, gated) {
      const { text, leftOut } = dotenvOf(fromProject(report, project))
      await writeWholeFile(variables, text, { present: 'replace' })
      if (report.command !== 'attest') await writeWholeFile(tests, junitOf(report), { present: 'replace' })
      // One of a run before would read as what this one found.
      if (command === 'gate') {
        const text = gated === undefined ? '[]\n' : codeQualityOf(gated, style)
        await writeWholeFile(quality, text, { present: 'replace' })
      }
      return leftOut.map((name) => `${name} is left out: a dotenv report cannot carry its value`)
    },
  }
}

/** Later jobs have the project in another folder, so what lies in it is named from there. */
function fromProject(report: JobReport, project: string): JobReport {
  if (report.command !== 'attest') return report
  const { signed, prepared } = report
  const short = (path: string): string => (isBelow(path, project) ? relative(project, path) : path)
  return {
    ...report,
    signed: signed.map((it) => (it.written === undefined ? it : { ...it, written: short(it.written) })),
    ...(prepared === undefined ? {} : { prepared: prepared.map(short) }),
  }
}

function foreign(system: CiSystem, message: string): CountersignError {
  return new CountersignError('usage', message, {
    option: 'ciOutput',
    hint: `${option('ciOutput')} ${system} is for jobs of ${system === 'github' ? 'GitHub Actions' : 'GitLab CI'}; leave it out elsewhere`,
  })
}
