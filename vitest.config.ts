import { accessSync, constants, existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { readFileSync, readdirSync, rmSync, statfsSync, symlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { isWhole } from './test/world/runs.ts'

const elsewhere = ['test/corpus/**', 'test/peers/**', 'test/browser/**']

/**
 * Files with a process of their own: those about how a program is started, and those that give the product other limits, or other
 * files. All others share two processes, which saves loading the product three hundred times, and start programs by way of a small
 * one (`test/world/starter`).
 */
const apart = [
  'test/collect/archives/compare-builds.test.ts',
  'test/collect/git/{fetch,process}.test.ts',
  'test/platform/program.test.ts',
  'test/policy/files.test.ts',
  'test/store/bundle-file.test.ts',
]

/**
 * Whole stories: a job, a person's day, an attack from its release on, a flood, a command from its flags to what it draws. What each of
 * their steps must do has tests beside it. Of the attacks a desk tries a quarter, as the bundles that came of them
 * (`test/fixtures/forged.test.ts`). CI tries them all, and so does whoever names them.
 */
const stories = [
  'test/{bin,examples,guides,package}.test.ts',
  'test/{capture-story,floods,forgeries,property,redaction,release-story}/**',
  'test/attest/{changes-later,receipts,redact-record,redaction-leftovers,secrets,session-records}.test.ts',
  'test/capture/{codex,commits,install,managers,undone}.test.ts',
  'test/cli/{alerts,ci-output,reasoning-log,sessions,steering,verify-many}.test.ts',
  'test/fixtures/{entire,statements}.test.ts',
  'test/gate/{guide,twelve-requests}.test.ts',
  'test/policy/less-evidence.test.ts',
  // Under other limits, in a process of its own each.
  'test/collect/archives/compare-builds.test.ts',
  'test/collect/git/fetch.test.ts',
  'test/policy/files.test.ts',
  'test/store/bundle-file.test.ts',
  // Many threads, or processes, at one work.
  'test/collect/transcripts/reading-pool.test.ts',
  'test/store/at-once.test.ts',
  'test/verify/pool.test.ts',
]

// What a test frees goes back to the system at once, where this is known (mallopt(3)): one test with a message of ten megabytes
// would make the process larger for all behind it.
Object.assign(process.env, {
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_ARENA_MAX: '1',
})

/**
 * Where tests make their folders: in memory, where Linux has room for them there and runs programs from it. On a disk a good part of
 * a repository's cost is its file system's. Whoever names a folder gets that.
 */
const temporary = ((): { TMPDIR?: string; PATH?: string } => {
  if (process.env['TMPDIR'] !== undefined) return {}
  const memory = '/dev/shm'
  try {
    accessSync(memory, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = statfsSync(memory)
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .find((it) => it.split(' ')[1] === memory)
    const isFit = mount?.split(' ')[2] === 'tmpfs' && !/\bnoexec\b/.test(mount) && bavail * bsize > 4 * 2 ** 30
    if (!isFit) return {}
    const folder = mkdtempSync(`${memory}/countersign-tests-`)
    // What a test leaves there would take memory until somebody restarts the machine.
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
    return { TMPDIR: folder, PATH: nearPath(folder) }
  } catch {
    return {}
  }
})()

/**
 * The search path with a folder before it that has what tests start most. npm puts a folder into the path for each folder above
 * this one, and the copy of a large process would try them all, twenty thousand times.
 */
function nearPath(folder: string): string {
  const path = process.env['PATH'] ?? ''
  const near = join(folder, 'bin')
  mkdirSync(near)
  for (const name of ['git', 'sh']) {
    const found = path.split(delimiter).find((it) => isProgram(join(it, name)))
    if (found !== undefined) symlinkSync(join(found, name), join(near, name))
  }
  return near + delimiter + path
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * What a test starts of the source, or of what was built from it, is compiled once. Here and not in the product: code in a folder that
 * others can write would be theirs. Each run loads the test files under names of its own, and Node never drops what it keeps for them:
 * after some runs the folder is begun again, since with a hundred runs in it a run takes a tenth longer than with none.
 */
const compiled = ((): string => {
  const folder = fileURLToPath(new URL('node_modules/.cache/countersign-tests', import.meta.url))
  const isLarge = existsSync(folder) && readdirSync(folder, { recursive: true }).length > 20_000
  if (isLarge) rmSync(folder, { recursive: true, force: true })
  return folder
})()

/** Words behind `vitest run`: who names files is about those, and gets all of them (`test/world/runs.ts`). */
const isNamed = process.argv.slice(2).some((it) => !it.startsWith('-') && !['run', 'watch', 'dev'].includes(it))
const leftOut = isWhole || isNamed ? elsewhere : [...elsewhere, ...stories]

export default defineConfig({
  test: {
    reporters: ['default', './test/world/closing-line.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: '100%',
    // Both processes are busy: threads that help one to collect its garbage take their time from the other.
    execArgv: ['--single-threaded-gc'],
    // The machine of a developer must not decide a test: no proxy, no git configuration, no time zone.
    env: {
      ...{ TZ: 'UTC', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', NO_COLOR: '1' },
      ...temporary,
      ...(isNamed ? { COUNTERSIGN_TEST_FILES: 'named' } : {}),
      NODE_COMPILE_CACHE: compiled,
    },
    projects: [
      { extends: true, test: { name: 'apart', include: apart, exclude: leftOut, isolate: true } },
      {
        extends: true,
        test: {
          name: 'shared',
          // Node loads the source itself, as it does for those who run it from here, and keeps what it compiled. Other files it
          // would not put into the place of those that are there.
          experimental: { viteModuleRunner: false },
          setupFiles: ['test/world/starter/setup.ts'],
          include: ['test/**/*.test.ts'],
          exclude: [...leftOut, ...apart],
          isolate: false,
        },
      },
    ],
  },
})
