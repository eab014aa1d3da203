/** For one artifact, what each rule of a policy asked, and what it saw: also where it passed. */
import type { AskedRule, PolicyCheck } from '../model/policy-report.ts'
import { questionParts } from '../model/question-parts.ts'
import type { Check, Verdict } from '../model/verdict.ts'
import { decidingChecks } from '../model/verdict.ts'
import { jsonOf } from '../model/written-json.ts'
import { unsteeringJson } from '../one-line.ts'
import { fold } from './fold.ts'
import { isUnanswered } from './policy-lines.ts'
import { plainStyle } from './style.ts'
import type { Style } from './style.ts'
import { cell, fields } from './table.ts'
import { outcomeWord } from './verdict.ts'

/** Characters of a value that are shown; a list may have thousands of items. */
const most = 400

const signersRule = 'identity/signers'

/**
 * Ends with a newline.
 *
 * @example
 * ```ts
 * import { explain } from 'countersign/policy'
 * import { renderExplanation } from 'countersign/report'
 *
 * const request = { policy: { file: 'countersign.yaml' }, trust: { kind: 'file', path: 'trusted_root.json' } } as const
 * for await (const { verdict, asked } of explain(['dist/app.tgz'], request)) {
 *   process.stdout.write(renderExplanation(verdict, asked))
 * }
 * ```
 */
export function renderExplanation(verdict: Verdict, asked: readonly AskedRule[], style: Style = plainStyle): string {
  const { outcome, artifact, policy } = verdict
  const checks = policy?.checks ?? []
  const rules = [...new Set([...checks, ...asked].map(({ rule }) => rule))]
  const failure = outcome === 'pass' ? undefined : verdict.failure
  const unseen = asked.filter(({ rule }) => !checks.some((it) => it.rule === rule))
  // Who signs is asked part by part, and so is the work tree; what else of a bundle fails keeps them from being looked at.
  const parts = decidingChecks(verdict).flatMap((it) => partLines(it, verdict, style))
  const lines = [
    `${outcomeWord(outcome, style)}  ${style.strong(cell(artifact.name))}`,
    ...fields([
      ...(policy === undefined ? [] : [['policy', identityOf(policy)] as const]),
      ...(failure === undefined ? [] : [['reason', `${cell(failure.message)} (${failure.code})`] as const]),
      ...(failure?.hint === undefined ? [] : [['hint', style.options(cell(failure.hint))] as const]),
    ]),
    ...rules.flatMap((rule) => [
      ...ruleLines(
        rule,
        checks.filter((it) => it.rule === rule),
        asked.filter((it) => it.rule === rule),
        style,
      ),
      ...(rule === signersRule ? parts : []),
    ]),
    ...(parts.length === 0 || rules.includes(signersRule)
      ? []
      : [`  ${style.strong('asked of the signature')}`, ...parts]),
    ...(unseen.length === 0
      ? []
      : [style.faint(`  ${unseen.length} of ${asked.length} had nothing verified to look at`)]),
    '',
  ]
  const text = lines.join('\n')
  return style.width === undefined ? text : fold(text, style.width)
}

function identityOf({ name, profile, sha256 }: NonNullable<Verdict['policy']>): string {
  return `${cell(profile === undefined ? name : `${name}:${profile}`)} sha256:${sha256}`
}

function ruleLines(rule: string, checks: readonly PolicyCheck[], asked: readonly AskedRule[], style: Style): string[] {
  const layers = new Set(asked.map(({ layer }) => layer))
  return [
    `  ${style.strong(cell(rule))}`,
    ...fields(
      asked.map(({ layer, member, value }) => [
        'asks',
        `${cell(member)}: ${valueWords(value)}${layers.size > 1 ? ` (${cell(layer)})` : ''}`,
      ]),
      '    ',
    ),
    ...(checks.length === 0 ? [`    ${style.faint('not looked at')}`] : checks.flatMap((it) => rowLines(it, style))),
  ]
}

function rowLines(check: PolicyCheck, style: Style): string[] {
  const { outcome, severity, expected, found } = check
  const place = placeWords(check)
  const code = outcome === 'fail' || outcome === 'waived' ? ` (${check.code})` : ''
  const weight = severity === 'error' ? '' : `, ${severity} only`
  const word = outcome === 'pass' ? style.good(outcome) : outcome === 'fail' ? style.bad(outcome) : outcome
  const note = outcome === 'pass' ? undefined : check.note
  const others = outcome === 'fail' || outcome === 'waived' ? (check.alternatives ?? []) : []
  // What was found of the nearest stands below, part by part.
  const isBelow = isUnanswered(check)
  return [
    `    ${word}${code}${weight}`,
    ...fields(
      [
        ...(place === '' ? [] : [['at', place] as const]),
        ...(expected === undefined ? [] : [['expected', cell(expected)] as const]),
        ...(found === undefined || isBelow ? [] : [['found', cell(found)] as const]),
        ...(outcome === 'waived'
          ? [
              [
                'waived',
                `${cell(check.waiver.reason)} by ${cell(check.waiver.signer)}, until ${cell(check.waiver.expires)}`,
              ] as const,
            ]
          : []),
        ...(note === undefined ? [] : [[outcome === 'fail' ? 'hint' : 'note', style.options(cell(note))] as const]),
        ...others.map((it) => ['or', style.options(cell(it))] as const),
      ],
      '      ',
      'expected'.length,
    ),
  ]
}

function placeWords({ at: { commit, path, session } = {} }: PolicyCheck): string {
  return Object.entries({ commit, path, session })
    .flatMap(([what, value]) => (value === undefined ? [] : [`${what} ${cell(value)}`]))
    .join(', ')
}

function valueWords(value: unknown): string {
  const json = unsteeringJson(jsonOf(value))
  return json.length <= most ? json : `${json.slice(0, most)}… and ${json.length - most} characters more`
}

/** Names of rules that look at one part of a question, and of that part. */
const partOf: ReadonlyMap<string, string> = new Map(
  questionParts.flatMap(({ name, rule }) => (rule === undefined ? [] : [[rule.name, name] as const])),
)

/** What fails, and each part that is asked; a part that nobody asked is no matter of the policy. */
function partLines(check: Check, { question }: Verdict, style: Style): string[] {
  const { rule, outcome } = check
  const part = partOf.get(rule)
  const words = part === undefined ? undefined : (question as { readonly [name: string]: string | undefined })[part]
  const isAsked = words !== undefined && !words.endsWith('(default)')
  if (outcome !== 'fail' && !isAsked) return []
  const word = outcome === 'pass' ? style.good(outcome) : outcome === 'fail' ? style.bad(outcome) : outcome
  const { expected = words, found } = outcome === 'skipped' ? { found: check.note } : check
  return [
    `    ${isAsked ? style.options(`\`${part ?? rule}\``).replaceAll('`', '') : cell(rule)}`,
    `      ${word}${outcome === 'fail' ? ` (${check.code})` : ''}`,
    ...fields(
      [
        ...(expected === undefined ? [] : [['expected', cell(expected)] as const]),
        ...(found === undefined ? [] : [[outcome === 'skipped' ? 'note' : 'found', cell(found)] as const]),
      ],
      '        ',
      'expected'.length,
    ),
  ]
}
