/** Trusted roots: TUF, its mirror and cache, roots that were imported. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const tuf = ['sigstore/trust/tuf.test.ts']

export const sigstoreTrust: readonly Edit[] = [
  ...inFile('sigstore/trust/tuf-metadata.ts', tuf, [
    {
      rule: 'A root that the one before did not sign',
      find: "checkSigned(current, 'root', next)",
      replace: '',
    },
    { rule: 'A root that did not sign itself', find: "checkSigned(next, 'root', next)", replace: '' },
    {
      rule: 'A timestamp role signed by another key',
      find: "checkSigned(root, 'timestamp', timestamp)",
      replace: '',
    },
    {
      rule: 'A snapshot or targets role signed by another key',
      find: 'checkSigned(root, kind, role)',
      replace: '',
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
      find: 'state.roles === undefined ? undefined : stillSigned(newest, state.roles)',
      replace: 'state.roles',
    },
    { rule: 'A role that has expired', find: 'if (expires <= now)', replace: 'if (false)' },
    { rule: 'A timestamp role that goes back', find: 'if (after < before)', replace: 'if (false)' },
    {
      rule: 'A new snapshot role that names older targets',
      find: 'if (known !== undefined) checkLaterSnapshot(known.snapshot, snapshot)',
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
      find: 'if (at >= 0) return (before?.[at] ?? 0) > (now?.[at] ?? 0) ? undefined : fetched',
      replace: 'if (at >= 0) return fetched',
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
      find: "if (thrown.code === 'trust-unavailable') return",
      replace: 'return',
    },
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
