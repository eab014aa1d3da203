/** What is taken out, with the kind of rule that found it; said to people, and of no weight. */
import { placesOf } from './form.ts'
import type { Form, Place } from './form.ts'
import { keyTails } from './key-tails.ts'
import { knownForms } from './known-forms.ts'
import { namedValues } from './named-values.ts'
import { plainForms } from './plain-forms.ts'
import { presetPlaces } from './preset.ts'
import { randomRuns } from './random-runs.ts'
import { wholeSecrets } from './secrets.ts'
import { secretWordsIn } from './secret-words.ts'
import { tokenForms } from './token-forms.ts'

/** As the report of redaction has it (`model/redaction-report.ts`). */
type SecretRule = 'preset' | 'token' | 'form' | 'name' | 'random' | 'escaped'

export interface FoundSecret {
  readonly place: Place
  readonly rule: SecretRule
}

/** The very places that `redactSecrets` takes out, in their order. */
export async function findSecrets(text: string, before = ''): Promise<readonly FoundSecret[]> {
  const whole = await wholeSecrets(text, before)
  if (whole.length === 0) return []
  const found = secretWordsIn(text)
  const of = (forms: readonly Form[]): Place[] => forms.flatMap((it) => [...placesOf(it, text, found)])
  const rules: readonly (readonly [SecretRule, readonly Place[]])[] = [
    ['preset', await presetPlaces(text, found)],
    ['token', of(tokenForms)],
    ['form', of(plainForms)],
    ['name', of(namedValues)],
    ['random', randomRuns(text, before)],
    ['form', [...knownForms(text, found), ...keyTails(text, found)]],
  ]
  return whole.map((place) => {
    const [rule] = rules.find(([, places]) => places.some((it) => overlap(it, place))) ?? ['escaped' as const]
    return { place, rule }
  })
}

function overlap([from, to]: Place, [start, end]: Place): boolean {
  return from < end && start < to
}
