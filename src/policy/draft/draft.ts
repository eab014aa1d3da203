/** One good release → the strictest policy that it passes, as a text for a person to read and to relax. */
import type { PolicyEvidence } from '../../model/policy-evidence.ts'
import { policyVersion } from '../../model/policy.ts'
import { draftedRules } from './candidates.ts'
import { draftedSigner } from './signer.ts'
import { memberLines, sectionLines, valueText } from './yaml-lines.ts'
import type { DraftMember } from './yaml-lines.ts'

/**
 * Where an editor finds the schema, from the root of a project that has the package: it reads paths, and knows nothing of what a package
 * exports under other names.
 */
export const schemaLine = '# yaml-language-server: $schema=./node_modules/countersign/dist/schemas/policy/v1.json'

export interface Drafting {
  /** PEM of the key that was asked for. */
  readonly key: string | undefined
  /** Whether a person said who must have signed, or the bundle did. */
  readonly signer: 'asked' | 'found'
  /** Switches of the section `provenance` that the release may not pass. */
  readonly switches: readonly ('cleanTree' | 'strict')[]
}

const year = 365 * 24 * 60 * 60 * 1_000

/** Error: `policy-not-drafted`. */
export function draftPolicy(evidence: PolicyEvidence, { key, signer, switches }: Drafting): string {
  const { artifact, provenance, statements, now } = evidence
  const rules = draftedRules(evidence)
  const identity = draftedSigner(provenance, key)
  const beside = [...new Set(statements.map(({ statement }) => statement.predicateType))].filter(
    (it) => it !== provenance.statement.predicateType,
  )
  const companions: DraftMember[] =
    beside.length === 0
      ? []
      : [
          {
            ...{ name: 'companions', says: 'Statements that stood beside it, by the same signer.' },
            value: beside.map((predicateType, index) => ({
              ...{ name: `beside-${index + 1}`, predicateType },
              signers: [
                Object.fromEntries(identity.filter(({ name }) => name !== 'builders').map((it) => [it.name, it.value])),
              ],
            })),
          },
        ]
  const [digest] = Object.entries(artifact.digest)
  const [first, ...others] = memberLines(identity, '')
  return [
    schemaLine,
    `# The strictest policy that ${valueText(artifact.name)} (${digest?.join(':') ?? ''}) passes, as it was on ${now}.`,
    '# Read every line, and relax what changes from release to release; `policy lint` says what is weak.',
    `apiVersion: ${policyVersion}`,
    'name: release',
    '# From then on it passes nothing: look at it again before.',
    `expires: ${new Date(Date.parse(now) + year).toISOString().slice(0, 10)}T00:00:00Z`,
    'identity:',
    '  signers:',
    ...(signer === 'found'
      ? ['    # TAKEN FROM THE BUNDLE: check it. Whoever made the bundle chose who stands here.']
      : []),
    ...signerLines([first ?? '', ...others]),
    ...sectionLines('provenance', [
      ...rules.provenance,
      ...companions,
      ...switches.map((name) => ({ name, value: true })),
    ]),
    ...(rules.ai.length === 0 ? ['# Nothing was signed about AI, so nothing can be asked of it.'] : []),
    ...sectionLines('ai', rules.ai),
    '',
  ].join('\n')
}

/** An item of a list: its dash stands before the first member, behind the comments. */
function signerLines(lines: readonly string[]): string[] {
  const first = lines.findIndex((it) => !it.startsWith('#'))
  return lines.map((it, index) => `    ${index === first ? '- ' : index < first ? '' : '  '}${it}`)
}
