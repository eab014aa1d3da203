/**
 * Rules that a policy wrote itself, in CEL (cel-spec) over the verified evidence. Anything but `true` fails, also an error, and also a member
 * that is not there. Loaded where a policy has some.
 */
import { celEnv, isCelError, parse, plan } from '@bufbuild/cel'
import type { CelInput } from '@bufbuild/cel'
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { PolicyInput } from '../../model/policy-input.ts'
import type { OwnRule } from '../../model/policy.ts'
import type { RuleResult } from '../families/row.ts'
import { formOf, identifiersIn, isDeeper, longestIn, stepsOf } from './work.ts'

const environment = celEnv()

/** Error: `policy-malformed` (no expression of the language, or one that is nested too deep). */
export function checkOwnRule({ expr }: OwnRule): void {
  parsed(expr)
}

function parsed(expr: string): ReturnType<typeof parse> {
  // Depth is stack for whoever parses it.
  if (deepest(expr) > limits.celDepth) throw malformed(`is nested more than ${limits.celDepth} deep`)
  const expression = attemptParse(expr)
  // A chain (`1 + 1 + …`) is nested without a bracket, and is stack for whoever walks it.
  if (isDeeper(expression.expr, limits.celLinks))
    throw malformed(`has more than ${limits.celLinks} parts one in another`)
  return expression
}

function attemptParse(expr: string): ReturnType<typeof parse> {
  try {
    return parse(expr)
  } catch {
    // What the parser says repeats what stands there.
    throw malformed('is no expression in CEL')
  }
}

function malformed(reason: string): CountersignError {
  return new CountersignError('policy-malformed', `the expression ${reason}`, { option: 'policy' })
}

function deepest(expr: string): number {
  let [depth, most] = [0, 0]
  for (const sign of expr) {
    if ('([{'.includes(sign)) most = Math.max(most, (depth += 1))
    if (')]}'.includes(sign)) depth -= 1
  }
  // Signs before an operand are nested too.
  const signs = Math.max(0, ...[...expr.matchAll(/[!-]+/g)].map(([it]) => it.length))
  return Math.max(most, signs)
}

/** Names that an expression looks up in the document; also those of its own walks, which hide them. */
export function namesIn({ expr }: OwnRule): ReadonlySet<string> {
  return identifiersIn(parsed(expr).expr)
}

/** All rules over one document, or a part of it, within one amount of work. */
export function evaluateOwn(rules: readonly OwnRule[], input: Partial<PolicyInput>): readonly RuleResult[] {
  const bindings = celValue(input) as { readonly [name: string]: CelInput }
  const longest = longestIn(input)
  let left = limits.celSteps
  return rules.map((rule) => {
    const common = { rule: `rules/${rule.id}`, expected: rule.message, ...severityOf(rule) }
    const note = rule.hint === undefined ? {} : { note: rule.hint }
    const expression = parsed(rule.expr)
    const steps = stepsOf(formOf(expression.expr), longest)
    if (steps > left) {
      const found = `it could take ${steps} steps over this evidence, and ${left} are left`
      return { outcome: 'fail', code: 'rule-too-costly', ...common, found }
    }
    left -= steps
    const answer = answerOf(expression, bindings)
    if (answer === true) return { outcome: 'pass', ...common }
    const isNo = answer === false
    const found = isNo ? 'false' : answer
    return { outcome: 'fail', code: isNo ? 'rule-refused' : 'rule-failed', ...common, found, ...note }
  })
}

function severityOf({
  severity,
}: OwnRule): Pick<OwnRule, 'severity'> & { readonly severity?: NonNullable<OwnRule['severity']> } {
  return severity === undefined ? {} : { severity }
}

/** `true`, `false`, or why there is neither; without what the evidence says, which could steer whoever reads it. */
function answerOf(
  expression: ReturnType<typeof parse>,
  bindings: { readonly [name: string]: CelInput },
): boolean | string {
  try {
    const answer: unknown = plan(environment, expression)(bindings)
    if (typeof answer === 'boolean') return answer
    return isCelError(answer) ? `no answer: ${answer.message.slice(0, 200)}` : `no answer of yes or no`
  } catch {
    return 'no answer: it cannot be evaluated'
  }
}

/** Whole numbers are integers of CEL, so that they compare as such; members without a value are not there. */
function celValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(celValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, it]) => (it === undefined ? [] : [[name, celValue(it)]])),
  )
}
