/** Under a policy: parts of the question that stand in its file are called by their place there, and not by a flag that nobody typed. */
import type { OptionName } from '../index.ts'
import type { Style } from '../report.ts'
import { withFlags } from './flags.ts'

const ofSigner = (name: string): string => `identity.signers.${name}`

/** What a policy calls otherwise, or has elsewhere; where it has no member of that kind, the flag is all there is. */
const members: { readonly [name in OptionName]?: string } = {
  ...Object.fromEntries(
    [
      ...['signer', 'issuer', 'certificateWithoutIssuer', 'source', 'anySource', 'repo', 'owner', 'signerWorkflow'],
      ...[
        'workflow',
        'anyCaller',
        'key',
        'sourceId',
        'ownerId',
        'signerDigest',
        'selfHostedRunner',
        'allowBuiltCommit',
      ],
    ].map((name) => [name, ofSigner(name)]),
  ),
  ref: ofSigner('refs'),
  sourceTag: ofSigner('tags'),
  builderId: ofSigner('builders'),
  trigger: ofSigner('triggers'),
  predicateType: 'provenance.predicateTypes',
  requireInput: 'provenance.inputs',
  cleanTree: 'provenance.cleanTree',
  strict: 'provenance.strict',
}

/** Our words about options, as whoever gave these flags calls them. They have a policy where what is asked stands in its file. */
export function wordsUnder(flags: { readonly policy?: unknown }): Style['options'] {
  return flags.policy === undefined ? withFlags : (text) => withMembers(text, flags)
}

export function styleUnder(flags: { readonly policy?: unknown }, style: Style): Style {
  return { ...style, options: wordsUnder(flags) }
}

/** `flags`: what was typed; those are called by their flags all the same. */
function withMembers(text: string, flags: object): string {
  const typed = new Set(Object.keys(flags))
  return withFlags(
    text.replace(/`([A-Za-z]+)`/g, (written, name: string) =>
      typed.has(name) || !Object.hasOwn(members, name) ? written : (members[name as OptionName] ?? written),
    ),
  )
}
