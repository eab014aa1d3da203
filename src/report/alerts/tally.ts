/** Verdicts → the alert that is sent of those that are no pass: counted and bounded while they come. */
import { hintOf, kindOf } from '../../errors.ts'
import type { CountersignError, ErrorCode } from '../../errors.ts'
import { alertKey, alertType, failureKey } from '../../model/alert.ts'
import type { Alert, AlertFailure, AlertingCommand } from '../../model/alert.ts'
import { limits } from '../../model/limits.ts'
import type { PolicyPlace } from '../../model/policy-report.ts'
import type { Verdict } from '../../model/verdict.ts'
import { checkRows } from '../check-rows.ts'
import type { CheckRow } from '../check-rows.ts'
import { cut } from '../ci/job-report.ts'
import type { Style } from '../style.ts'

export interface AlertTally {
  readonly add: (verdict: Verdict) => void
  /** What ended the command before it could say yes or no. */
  readonly failed: (error: CountersignError) => void
  /** Undefined where all is a pass. `time` is RFC 3339, UTC. */
  readonly alert: (time: string) => Alert | undefined
}

/** Hints name options in the words of `style`. */
export function newAlertTally(command: AlertingCommand, { options }: Pick<Style, 'options'>): AlertTally {
  const keys = new Set<string>()
  const shown: AlertFailure[] = []
  let isNo = false
  const keep = ({ rule, outcome, artifact, code, times, at }: Failed): void => {
    const key = failureKey(rule, artifact, outcome)
    isNo ||= outcome === 'fail'
    if (keys.has(key)) return
    keys.add(key)
    if (shown.length === limits.alertFailures) return
    const hint = hintOf(code)
    shown.push({
      ...{ key, rule: short(rule), outcome },
      ...(artifact === undefined ? {} : { artifact: shownArtifact(artifact) }),
      ...{ code, times },
      ...(at === undefined ? {} : { at: shownPlace(at) }),
      ...(hint === undefined ? {} : { hint: options(hint) }),
    })
  }
  return {
    add: (verdict) => failuresOf(verdict).forEach(keep),
    failed({ code }) {
      // A command line that is wrong says nothing of an artifact, and whoever typed it is told.
      const kind = kindOf(code)
      if (kind === 'usage') return
      keep({ rule: code, outcome: kind === 'no' ? 'fail' : 'undecided', artifact: undefined, code, times: 1 })
    },
    alert(time) {
      if (keys.size === 0) return undefined
      return {
        ...{ type: alertType, idempotencyKey: alertKey(keys), time, command },
        ...{ outcome: isNo ? 'fail' : 'undecided', failures: [...shown], more: keys.size - shown.length },
      }
    },
  }
}

interface Failed {
  readonly rule: string
  readonly outcome: AlertFailure['outcome']
  readonly artifact: Verdict['artifact'] | undefined
  readonly code: ErrorCode
  readonly times: number
  readonly at?: PolicyPlace
}

/** One for each rule that fails; where no rule is named, what the verdict says of itself. */
function failuresOf(verdict: Verdict): readonly Failed[] {
  const { outcome, artifact } = verdict
  if (outcome === 'pass') return []
  const byRule = Map.groupBy(checkRows(verdict).filter(isFailed), ({ rule }) => rule)
  const failed = [...byRule].flatMap(([rule, [first, ...others]]) =>
    first === undefined
      ? []
      : [
          {
            ...{
              rule,
              outcome,
              artifact,
              code: first.code,
              times: [first, ...others].reduce((sum, it) => sum + 1 + (it.more?.length ?? 0), 0),
            },
            ...(first.at === undefined ? {} : { at: first.at }),
          },
        ],
  )
  if (failed.length > 0) return failed
  const code = verdict.failure?.code ?? 'verification-failed'
  return [{ rule: code, outcome, artifact, code, times: 1 }]
}

function isFailed(row: CheckRow): row is CheckRow & { readonly code: ErrorCode } {
  return row.outcome === 'failed' && row.code !== undefined
}

function short(text: string): string {
  return cut(text, limits.alertCharacters)
}

/** Of a path of this machine its last part: what lies above it may be a person's name. */
function shownArtifact({ name, digest }: Verdict['artifact']): NonNullable<AlertFailure['artifact']> {
  const isOfMachine = /^(?:[/\\]|[A-Za-z]:|~|\.\.(?:[/\\]|$))/.test(name)
  const last = name.split(/[/\\]/).findLast((it) => it !== '' && it !== '..')
  const digests = Object.entries(digest)
    .slice(0, mostDigests)
    .map(([algorithm, value]) => [short(algorithm), cut(value, digestCharacters)] as const)
  return { name: short(isOfMachine ? (last ?? '') : name), digest: Object.fromEntries(digests) }
}

const mostDigests = 3
/** The longest is sha512. */
const digestCharacters = 128

function shownPlace({ commit, path, session }: PolicyPlace): NonNullable<AlertFailure['at']> {
  return {
    ...(commit === undefined ? {} : { commit: short(commit) }),
    ...(path === undefined ? {} : { path: short(path) }),
    ...(session === undefined ? {} : { session: short(session) }),
  }
}
