/** `A..B` as a person writes it, for every command that looks at the commits of a release. */
import type { RangeRequest } from '../../attest.ts'
import { CountersignError } from '../../index.ts'

/** No name of a ref holds two dots (git-check-ref-format(1)), so the first two are the only ones. Error: `usage`. */
export function rangeOf(words: string | undefined): Pick<RangeRequest, 'since' | 'until'> {
  if (words === undefined) return {}
  const parts = words.split('..')
  const [start = '', end = ''] = parts
  if (words === '' || words === '..' || parts.length > 2 || end.startsWith('.')) {
    throw new CountersignError('usage', `${JSON.stringify(words.slice(0, 200))} is no range`, {
      hint: 'a range is A..B, A for A..HEAD, or ..B to begin at the version before B',
    })
  }
  return { ...(start === '' ? {} : { since: start }), ...(end === '' ? {} : { until: end }) }
}

/** Of a command that takes a range or a file: whoever misspelt the file hears of files. */
export async function orFile<T>(words: string | undefined, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (thrown) {
    if (words === undefined || !(thrown instanceof CountersignError) || thrown.code !== 'revision-unknown') throw thrown
    throw new CountersignError(
      thrown.code,
      `${thrown.message}, and there is no file ${JSON.stringify(words.slice(0, 200))}`,
      {
        ...(thrown.option === undefined ? {} : { option: thrown.option }),
        hint: 'name a file that is there, or a commit, tag or branch',
        cause: thrown,
      },
    )
  }
}
