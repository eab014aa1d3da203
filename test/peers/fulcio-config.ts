/**
 * Fulcio's configuration for our issuers, with the claim templates of the public instance as the released module has them
 * (config/identity/config.yaml), so that certificates carry what they carry there.
 */
import { readFileSync } from 'node:fs'
import { keptPath } from './cache.ts'
import { toolNamed } from './versions.ts'

/** Kind of job → the name of its templates there; undefined for a person. */
const templates = {
  github: 'github-workflow',
  gitlab: 'gitlab-pipeline',
  buildkite: 'buildkite-job',
  circleci: 'circleci-job',
  email: undefined,
} as const

export type IssuerKind = keyof typeof templates

export const issuerKinds = Object.keys(templates) as IssuerKind[]

/** As YAML; `issuers` by kind, URLs. */
export function fulcioConfig(issuers: { readonly [kind in IssuerKind]: string }): string {
  const rows = issuerKinds.map((kind) => {
    const provider = templates[kind]
    const type = provider === undefined ? { type: 'email' } : { type: 'ci-provider', 'ci-provider': provider }
    return [issuers[kind], { 'issuer-url': issuers[kind], 'client-id': 'sigstore', ...type }]
  })
  const released = readFileSync(keptPath(toolNamed('fulcio')) ?? '', 'utf8')
  // The names of the templates are aliases of what stands under `define`.
  return `${section(released, 'define')}oidc-issuers: ${JSON.stringify(Object.fromEntries(rows))}\n${section(released, 'ci-issuer-metadata')}`
}

/** A member of the document, as it is written: up to the next line that is not indented. */
function section(yaml: string, name: string): string {
  const [text] = new RegExp(`^${name}:\\n(?:[ #].*\\n|\\n)+`, 'm').exec(yaml) ?? []
  if (text === undefined) throw new Error(`Fulcio's released configuration has no ${name}`)
  return text
}
