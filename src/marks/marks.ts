/**
 * Marks of a change at its forge: labels and a check, asked for by name. They are set when the gate has decided, change nothing of what it says,
 * and what could not be set is said.
 */
import { forgeAddress } from '../collect/forge/api-address.ts'
import type { ForgeAddress } from '../collect/forge/api-address.ts'
import { openRepository } from '../collect/git/repository.ts'
import { readRemote } from '../collect/git/read-remote.ts'
import { CountersignError, option } from '../errors.ts'
import type { GateMark, GateReport } from '../model/gate-report.ts'
import { limits } from '../model/limits.ts'
import { openRetryBudget } from '../platform/retry-budget.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { bitbucketMarks } from './bitbucket.ts'
import { checkOf } from './check-words.ts'
import { MarkTrouble, openForgeDoor } from './forge-door.ts'
import type { ForgeDoor } from './forge-door.ts'
import { githubMarks } from './github.ts'
import { gitlabMarks } from './gitlab.ts'
import type { MarkRow } from './row.ts'

/** Which marks, and where. */
export interface MarksRequest {
  readonly marks: readonly GateMark['mark'][]
  /** The API of a forge of one's own. */
  readonly forgeApi?: string
  /** Parts of the world to use in place of the process's own. */
  readonly world?: Partial<World>
}

/** In the environment, which other users of the machine cannot read as they can the arguments of a program. */
const tokenVariable = 'COUNTERSIGN_FORGE_TOKEN'

const rows: { readonly [id in ForgeAddress['row']['id']]: MarkRow } = {
  github: githubMarks,
  gitlab: gitlabMarks,
  bitbucket: bitbucketMarks,
}

/**
 * Sets them, for what the gate has said of the checkout around us; the answer is the report with `marks`. Labels are those of the report and no
 * others, at the request that the job names, if that one has the same head still. It fails by saying so.
 *
 * @example
 * ```ts
 * import { gate, setMarks } from 'countersign/gate'
 *
 * const report = await gate({ base: 'HEAD~1', policy: 'countersign.yaml', network: 'none' })
 * const { marks = [] } = await setMarks(report, { marks: ['labels'], world: { env: {} } }) // in a job: leave `world` out
 * console.log(marks.map((it) => it.code).join()) // token-missing
 * ```
 */
export async function setMarks(report: GateReport, request: MarksRequest): Promise<GateReport> {
  const world = worldOf(request.world)
  const kinds = [...new Set(request.marks)]
  const token = world.env[tokenVariable] ?? ''
  if (token === '') {
    const hint = `the verdict is the same without them; a job of the repository itself takes a token that may write in ${tokenVariable}, and one of a fork is given none that may write`
    return withMarks(
      report,
      kinds.map((mark) => ({ mark, ...notSet('token-missing', 'there is no token that may write', hint) })),
    )
  }
  if (!/^[!-~]+$/.test(token) || token.length > limits.forgeTokenBytes) {
    const detail = `${tokenVariable} is not one line of visible characters`
    return withMarks(
      report,
      kinds.map((mark) => ({ mark, ...notSet('token-missing', detail) })),
    )
  }
  const address = await addressOf(request.forgeApi, world)
  if (!('api' in address))
    return withMarks(
      report,
      kinds.map((mark) => ({ mark, ...address })),
    )
  const budget = openRetryBudget({ budget: limits.markBudget }, world)
  try {
    const { api, row } = address
    const door = openForgeDoor({ api, headers: row.headers, token }, budget)
    const marks: GateMark[] = []
    for (const mark of kinds) {
      world.progress(`telling the forge: ${mark}`, 'step')
      marks.push({ mark, ...(await setOne(mark, report, address, door)) })
    }
    return withMarks(report, marks)
  } finally {
    budget.close()
  }
}

type Became = Omit<GateMark, 'mark'>

async function setOne(
  mark: GateMark['mark'],
  report: GateReport,
  { row, repository }: ForgeAddress,
  door: ForgeDoor,
): Promise<Became> {
  const { [row.id]: of } = rows
  const change = { repository, head: report.head }
  try {
    if (mark === 'check-run') return { outcome: await of.check(door, change, checkOf(report)) }
    if (of.labels === undefined) return notSet('not-at-this-forge', 'its requests have no labels')
    const number = numberOf(report.request, of.sign)
    if (number === undefined) {
      const hint = 'labels are set in the job of a request, in which the range is not named'
      return notSet('request-unknown', 'the job does not say which request it is', hint)
    }
    return { outcome: await of.labels(door, { ...change, number }, report.labels) }
  } catch (thrown) {
    if (!(thrown instanceof MarkTrouble)) throw thrown
    const hint =
      thrown.code === 'mark-refused'
        ? 'the token needs the right to write it: the guide of the gate says which'
        : thrown.code === 'forge-unreachable'
          ? 'run it again; the answer of the gate stands'
          : 'the next job of the request sets it'
    return notSet(thrown.code, thrown.message, hint)
  }
}

/** Of this kind of forge, and nothing but digits. */
function numberOf(request: string | undefined, sign: '#' | '!'): string | undefined {
  return request?.startsWith(sign) === true ? /^[1-9]\d{0,9}$/.exec(request.slice(1))?.[0] : undefined
}

/** Where it is, and which repository: that of the clone, if the job does not say that it is another. */
async function addressOf(forgeApi: string | undefined, world: World): Promise<ForgeAddress | Became> {
  let address: ForgeAddress
  try {
    const repository = await openRepository(world.cwd, world)
    address = forgeAddress(await readRemote(repository), forgeApi)
  } catch (thrown) {
    if (!(thrown instanceof CountersignError)) throw thrown
    const hint = `GitHub, GitLab and Bitbucket take marks; ${option('forgeApi')} names one of your own`
    return notSet('not-at-this-forge', thrown.message, hint)
  }
  const said = jobRepository(world)
  if (said !== undefined && said.toLowerCase() !== address.repository.join('/').toLowerCase()) {
    const hint = 'marks go to the repository of the job alone; see where `origin` leads'
    return notSet('request-differs', 'the clone is one of another repository than that of the job', hint)
  }
  return address
}

/** For which repository the request is; in a fork's own pipeline that is not the one of the job. */
function jobRepository({ env }: World): string | undefined {
  const names = ['GITHUB_REPOSITORY', 'CI_MERGE_REQUEST_PROJECT_PATH', 'CI_PROJECT_PATH', 'BITBUCKET_REPO_FULL_NAME']
  return names.map((it) => env[it]).find((it) => it !== undefined && it !== '')
}

function notSet(code: NonNullable<GateMark['code']>, detail: string, hint?: string): Became {
  return { outcome: 'not-set', code, detail, ...(hint === undefined ? {} : { hint }) }
}

function withMarks(report: GateReport, marks: GateMark[]): GateReport {
  return { ...report, marks }
}
