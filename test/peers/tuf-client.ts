/**
 * `node tuf-client.ts`: our TUF client for python-tuf's tests (tools/python-tuf/judge.py). A question a line on standard
 * input, its answer a line on standard output; both JSON. Each question has the whole state: mirror, first root, folder of the
 * cache, time.
 */
import { createInterface } from 'node:readline'
import { CountersignError } from '../../src/errors.ts'
import { limits } from '../../src/model/limits.ts'
import { worldOf } from '../../src/platform/world.ts'
import { cachePath } from '../../src/sigstore/trust/tuf-cache.ts'
import { obtainTarget, updateTarget } from '../../src/sigstore/trust/tuf.ts'
import { privateRepository } from '../../src/sigstore/trust/tuf-repository.ts'

interface Question {
  /** `open`: read the first root. `update`: refresh and fetch `target`. `kept`: `target` without network. */
  readonly ask: 'open' | 'update' | 'kept'
  readonly mirror: string
  /** Path of the first root. */
  readonly root: string
  /** Stands for the person's cache folder. */
  readonly cache: string
  /** ISO 8601 */
  readonly now: string
  readonly target: string
  /** Bounds of python-tuf's configuration under their names here. */
  readonly limits: { readonly [name: string]: number }
}

type Answer =
  /** The file, or where the cache lies. */
  | { readonly file: string; readonly replaced: boolean }
  | { readonly cache: string }
  | { readonly code: string; readonly flaw: string; readonly message: string; readonly replaced: boolean }

/**
 * python-tuf has an exception a flaw, we have a code for what a person can do about it. The words tell them apart; words that
 * changed are no flaw known here, and fail every test that waits for one.
 */
const flaws: readonly (readonly [string, RegExp])[] = [
  ['no-target', /the repository names no /],
  ['signatures', /was signed by \d+\/\d+ keys/],
  ['expired', /has expired on/],
  ['version', /has version \d+, |went back |names an older /],
  ['hash', /hash|length|is not the file that targets\.json names/i],
  ['too-long', /more than \d+ bytes/],
  ['too-many-roots', /more than \d+ new roots/],
  ['missing', /the mirror has no /],
]

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answerTo(JSON.parse(line) as Question))}\n`)
}

async function answerTo(question: Question): Promise<Answer> {
  const { ask, mirror, root, cache, now, target } = question
  // A cache that does not verify is thrown away as a whole.
  let replaced = false
  const world = worldOf({
    env: { HOME: cache, XDG_CACHE_HOME: cache },
    now: () => new Date(now),
    warn: (message) => (replaced ||= message.endsWith('; it is replaced')),
  })
  const usual = { ...limits }
  try {
    const repository = await privateRepository(mirror, root)
    if (ask === 'open') return { cache: cachePath(repository.mirror, repository.firstRoot.bytes, world) }
    Object.assign(limits, question.limits)
    const file =
      ask === 'update'
        ? (await updateTarget(repository, target, {}, world)).after
        : await obtainTarget(repository, target, { network: 'none' }, world)
    return { file: Buffer.from(file.bytes).toString('base64'), replaced }
  } catch (thrown) {
    if (!(thrown instanceof CountersignError)) throw thrown
    const { code, message } = thrown
    return { code, flaw: flaws.find(([, words]) => words.test(message))?.[0] ?? '', message, replaced }
  } finally {
    Object.assign(limits, usual)
  }
}
