/** Which member of a policy asks for a rule: where a person looks who wants to change it. */
import type { AskedRule } from '../model/policy-report.ts'
import type { Policy, PolicySections } from '../model/policy.ts'
import { policyRules } from './families/index.ts'

type AskedMember = Pick<AskedRule, 'member' | 'value'>

/** Members whose names do not follow from the id of the rule. */
const named: { readonly [rule: string]: string } = { 'provenance/age': 'maxAgeDays' }

/** Every rule that the policy asks for, layer by layer, in the order in which they are reported. */
export function askedRules({ layers, expires }: Policy): readonly AskedRule[] {
  const [first] = layers
  const expiry = { rule: 'policy/expiry', layer: first.name, member: 'expires', value: expires }
  return [
    ...(expires === undefined ? [] : [expiry]),
    ...layers.flatMap(({ name, sections }) => {
      const ids = [...policyRules.map(({ id }) => id), ...(sections.rules ?? []).map(({ id }) => `rules/${id}`)]
      return ids.flatMap((rule) => {
        const asked = askedMember(rule, sections)
        return asked === undefined ? [] : [{ rule, layer: name, ...asked }]
      })
    }),
  ]
}

/** Undefined where these sections do not ask for the rule. */
export function askedMember(rule: string, sections: PolicySections): AskedMember | undefined {
  const [family = '', name = ''] = rule.split('/')
  if (family === 'revoked')
    return of(
      'revoked',
      all(sections.revoked, (it) => it.kind === name),
    )
  if (family === 'rules') return of('rules', name === '' ? sections.rules : all(sections.rules, (it) => it.id === name))
  const part: unknown = { identity: sections.identity, provenance: sections.provenance, ai: sections.ai }[family]
  const member = named[rule] ?? name.replace(/-[a-z]/g, (it) => it.slice(1).toUpperCase())
  if (typeof part !== 'object' || part === null || !Object.hasOwn(part, member)) return undefined
  return of(`${family}.${member}`, (part as { readonly [member: string]: unknown })[member])
}

function of(member: string, value: unknown): AskedMember | undefined {
  return value === undefined ? undefined : { member, value }
}

function all<T>(list: readonly T[] | undefined, fits: (item: T) => boolean): readonly T[] | undefined {
  const some = list?.filter(fits) ?? []
  return some.length === 0 ? undefined : some
}
