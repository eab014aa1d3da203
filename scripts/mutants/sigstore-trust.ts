/** Trusted roots: TUF, its mirror and cache, roots that were imported. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const tuf = ['sigstore/trust/tuf.test.ts']

export const sigstoreTrust: readonly Edit[] = [
  ...inFile(
    'trust/export-trust.ts',
    ['cli/trust.test.ts'],
    [
      {
        rule: 'A root by which nothing can be verified is handed on',
        find: 'openTrusts(found).map(',
        replace: 'found.map(',
      },
    ],
  ),

  ...inFile('sigstore/trust/tuf-metadata.ts', tuf, [
    {
      rule: 'A root that the one before did not sign',
      find: "checkSigned(current, 'root', next)",
      replace: '',
    },
    { rule: 'A root that did not sign itself', find: "checkSigned(next, 'root', next)", replace: '' },
    {
      rule: 'A timestamp role signed by another key',
      find: '  checkSigned(root, kind, role)\n  return role\n}\n\n/** §5.6 */',
      replace: '  return role\n}\n\n/** §5.6 */',
    },
    {
      rule: 'A snapshot or targets role signed by another key',
      find: 'checkSigned(root, kind, role)\n  if (versionOf',
      replace: 'if (versionOf',
    },
    {
      rule: 'Targets of another version than the snapshot names',
      find: 'if (versionOf(role) !== meta.version)',
      replace: 'if (false)',
    },
    {
      rule: 'A trusted root that is not the one in the targets role',
      find: 'bytes.length !== file.length || !fits',
      replace: 'bytes.length !== file.length',
    },
  ]),

  ...inFile('sigstore/trust/tuf-refresh.ts', tuf, [
    {
      rule: 'What a revoked key has signed',
      find: 'stillSigned(state.roles, (it) => readRoles(root, bytesOf(it)))',
      replace: 'state.roles',
    },
    { rule: 'A root that came before the mirror fell silent, forgotten', find: '    saw(current)', replace: '' },
    {
      rule: 'A timestamp whose snapshot did not come, forgotten',
      find: '  saw(withSeen(state, { ...seen, timestamp }))',
      replace: '',
    },
    {
      rule: 'A snapshot whose targets did not come, forgotten',
      find: '  saw(withSeen(state, { ...seen, timestamp, snapshot }))',
      replace: '',
    },
    {
      rule: 'A timestamp forgotten with a revoked key of another role',
      find: 'stillSigned(timestamp, ({ bytes }) => readTimestamp(root, bytes))',
      replace: 'undefined',
    },
    {
      rule: 'A new snapshot held against the last whole refresh alone',
      find: 'snapshot: ahead.snapshot ?? roles?.snapshot',
      replace: 'snapshot: roles?.snapshot',
    },
    { rule: 'A role that has expired', find: 'if (expires <= now)', replace: 'if (false)' },
    { rule: 'A timestamp role that goes back', find: 'if (after < before)', replace: 'if (false)' },
    {
      rule: 'A new snapshot role that names older targets',
      find: 'if (seen.snapshot !== undefined) checkLaterSnapshot(seen.snapshot, snapshot)',
      replace: '',
    },
  ]),

  ...inFile('sigstore/trust/tuf-mirror.ts', tuf, [
    {
      rule: 'A mirror that anybody on the way can change',
      find: 'return isSecure(url) && ',
      replace: 'return ',
    },
  ]),

  ...inFile('sigstore/trust/tuf-cache.ts', tuf, [
    { rule: 'A trusted root that was changed in the cache', find: '    named.verify(content)', replace: '' },
    {
      rule: 'What is older, put in the place of what another process has seen',
      find: 'if (behind < 0) {',
      replace: 'if (false) {',
    },
    {
      rule: 'A newer timestamp that another process has seen, forgotten',
      find: 'return compare([now], [before]) < 0 ? before : now',
      replace: 'return now',
    },
    {
      rule: 'A newer timestamp seen while another process came to its end with less, forgotten',
      find: 'return isMore ? { ...present, state: withSeen(present.state, seen) } : undefined',
      replace: 'return undefined',
    },
    {
      rule: 'A file that the targets of the cache do not name',
      find: 'if (named === undefined || named instanceof CountersignError) return false',
      replace: 'if (named === undefined || named instanceof CountersignError) return true',
    },
    {
      rule: 'A cache that is too large to be read again',
      find: 'kept.state.roots.length - 1 > mostRoots || Buffer.byteLength(content) > limits.tufCacheBytes',
      replace: 'false',
    },
    {
      rule: 'Files that another process has fetched, lost',
      find: 'new Map([...others, ...state.files])',
      replace: 'state.files',
    },
    {
      rule: 'The cache of another first root',
      find: '${sha256Hex(firstRoot)}',
      replace: '',
    },
  ]),

  ...inFile('sigstore/trust/tuf.ts', tuf, [
    {
      rule: 'Stale trust that nobody has accepted',
      find: "if (staleTrust === undefined) throw new CountersignError('trust-stale', reason)",
      replace: '',
    },
    {
      rule: 'A cache that was not refreshed for a week',
      find: 'if (age > limits.trustStale)',
      replace: 'if (false)',
    },
    {
      rule: 'A cache that gives itself a new date while its roles have expired',
      find: 'if (long !== undefined)',
      replace: 'if (false)',
    },
    { rule: 'A built-in root that has expired', find: 'if (expires <= now) {', replace: 'if (false) {' },
    {
      rule: 'A mirror that forges, passed over for something older',
      find: "if (failure.code !== 'trust-unavailable') throw failure\n  if (cache",
      replace: 'if (cache',
    },
    {
      rule: 'What a refresh has shown that failed, forgotten',
      find: 'if (state !== known.state && !(cache instanceof CountersignError)) await keep(session, rest)',
      replace: '',
    },
    {
      rule: 'What an update has shown that failed, forgotten',
      find: 'if (state !== known.state && !(cache instanceof CountersignError)) await keep(session, { ...known, state })',
      replace: '',
    },
  ]),

  ...inFile('sigstore/trust/tuf-session.ts', tuf, [
    {
      rule: 'A cache that somebody changed, passed over for a new one',
      find: "thrown instanceof CountersignError && thrown.code === 'input-unreadable'",
      replace: 'thrown instanceof CountersignError',
    },
  ]),

  ...inFile(
    'sigstore/trust/imported-root.ts',
    ['sigstore/trust/imported-root.test.ts'],
    [
      {
        rule: 'A name that leads out of the folder of trusted roots',
        find: 'if (namePattern.test(name)) return',
        replace: 'return',
      },
      {
        rule: 'The same root twice at one moment, taken for another',
        find: 'if (present?.equals(bytes) !== true) throw taken(path, name)',
        replace: 'throw taken(path, name)',
      },
    ],
  ),
]
