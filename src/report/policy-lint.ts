/** What is wrong with a policy, a line each as compilers write it, so that editors find the place. */
import type { PolicyLint } from '../model/policy-lint.ts'
import type { Style } from './style.ts'
import { cell } from './table.ts'

export function policyLintText({ file, outcome, findings }: PolicyLint, style: Style): string {
  const lines = findings.flatMap(({ severity, code, message, hint, ...at }) => {
    const place = [at.file, at.line, at.column].filter((it) => it !== undefined).join(':')
    const word = severity === 'error' ? style.bad(severity) : severity
    return [
      `${cell(place)}: ${word}: ${style.options(cell(message))} (${code})`,
      ...(hint === undefined ? [] : [`  ${style.options(cell(hint))}`]),
    ]
  })
  const count = (severity: string): string => {
    const many = findings.filter((it) => it.severity === severity).length
    return `${many} ${severity}${many === 1 ? '' : 's'}`
  }
  const end = `${outcome === 'pass' ? style.good(outcome) : style.bad(outcome)}  ${cell(file)}: ${count('error')}, ${count('warning')}`
  return [...lines, end, ''].join('\n')
}
