/** Where a value differs from the one that was asked for, in the words of the forge, and never a value that would pass (DESIGN rule 17). */
import { questionParts } from '../model/question-parts.ts'
import type { FailedCheck } from '../model/verdict.ts'

type Difference = NonNullable<FailedCheck['differs']>

/** `in its owner from OPTION`; undefined where the name of the option would be advice. */
export function differenceWords(differs: FailedCheck['differs']): string | undefined {
  return differs === undefined || isWaiver(differs.option)
    ? undefined
    : `in its ${partWord(differs)} from \`${differs.option}\``
}

/** Options that name a workflow, or from which one follows. */
const fileOptions: readonly Difference['option'][] = [
  'signer',
  'workflow',
  'signerWorkflow',
  'repo',
  'owner',
  'builderId',
]

/** The part in the words of the forge. */
function partWord({ option, part }: Difference): string {
  const isFile = fileOptions.includes(option)
  const words = {
    owner: 'owner',
    name: 'repository',
    path: isFile ? 'workflow' : 'path',
    ref: 'ref',
    case: 'letter case',
  }
  return part === 'value' ? part : words[part]
}

/** Its name is the very word that would let the attestation pass. */
function isWaiver(option: Difference['option']): boolean {
  return questionParts.some((it) => it.name === option && it.kind === 'waiver')
}
