/** Rules that take one of several values, or ask for each of them: the type of the predicate, what the build ran on, its inputs. */
import { providerRows } from '../../providers/index.ts'
import { memberAt } from '../../model/json.ts'
import { differs, differsFromAll, fail, noteOf, pass, skip } from '../checks.ts'
import { noCertificate } from './row.ts'
import type { RuleRow } from './row.ts'

export const predicateType: RuleRow = {
  rule: 'predicate-type',
  check({ statement, question: { predicateTypes } }) {
    const found = statement.statement.predicateType
    const expected = predicateTypes.join(' or ')
    return [
      predicateTypes.includes(found)
        ? pass('predicate-type', expected, found)
        : differsFromAll('predicate-type', 'predicate-type-mismatch', 'predicateType', predicateTypes, found),
    ]
  },
}

export const trigger: RuleRow = {
  rule: 'trigger',
  check({ question: { triggers }, certificate, build }) {
    if ('accept' in triggers) {
      const expected = triggers.accept.join(' or ')
      if (certificate === undefined) return [fail('trigger', 'not-answerable', expected, noCertificate)]
      const found = build.trigger
      return [
        found !== undefined && triggers.accept.includes(found)
          ? pass('trigger', expected, found)
          : differsFromAll('trigger', 'trigger-refused', 'trigger', triggers.accept, found),
      ]
    }
    if (certificate === undefined) return [skip('trigger', noCertificate)]
    const found = build.trigger
    if (found === undefined) return [skip('trigger', 'the certificate names no trigger')]
    const expected = `any but ${triggers.refuse.join(', ')}`
    return [
      triggers.refuse.includes(found)
        ? differs('trigger', 'trigger-refused', 'trigger', expected, found)
        : pass('trigger', expected, found),
    ]
  },
}

/** An allow-list: CircleCI's `ssh-rerun` and whatever comes next are not "hosted" either. */
const hostedRunners: readonly string[] = providerRows.flatMap((row) => row.hostedRunners)

export const runner: RuleRow = {
  rule: 'runner',
  check({ question, certificate, build }) {
    if (certificate === undefined) return [skip('runner', noCertificate)]
    if (question.selfHostedRunner === 'allow') return [skip('runner', 'waived by `selfHostedRunner`')]
    const found = build.runner
    if (found === undefined) return [skip('runner', 'the certificate does not say where the job ran')]
    const expected = 'hosted by the CI provider'
    return [
      hostedRunners.includes(found)
        ? pass('runner', expected, found)
        : differs('runner', 'runner-refused', 'selfHostedRunner', expected, found),
    ]
  },
}

/** Of each input that is asked for, by name: the provenance declares it with just that value. */
export const inputs: RuleRow = {
  rule: 'input',
  check({ statement: { predicate }, question }) {
    if (question.inputs.length === 0) return [skip('input', 'not asked for')]
    const expected = question.inputs.map(({ name, value }) => `${name}=${value}`).join(', ')
    const declared = predicate.kind === 'build-provenance' ? predicate.externalParameters['inputs'] : undefined
    const found = question.inputs.map(({ name, value }) => ({ name, value, declared: memberAt(declared, name) }))
    const words = found
      .flatMap(({ name, declared: it }) => (typeof it === 'string' ? [`${name}=${it}`] : []))
      .join(', ')
    if (found.every((it) => it.declared === it.value)) return [pass('input', expected, words)]
    const missing = found.filter((it) => it.declared === null).map(({ name }) => name)
    const shown = words === '' ? undefined : words
    if (missing.length === 0) return [differs('input', 'input-mismatch', 'requireInput', expected, shown)]
    // There is nothing that could differ: the name may be another one, or the job did not name it when it attested.
    const note = `no input of this name is declared: ${missing.join(', ')}`
    return [{ ...fail('input', 'input-mismatch', expected, shown), ...noteOf('input-mismatch', note) }]
  },
}
