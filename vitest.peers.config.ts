import { defineConfig } from 'vitest/config'
import { isInstalled } from './test/peers/cache.ts'
import { interopReporter } from './test/peers/reporter.ts'
import { tools } from './test/peers/versions.ts'
import { isRequired, leftOut } from './test/world/required.ts'

const missing = tools.filter((it) => !isInstalled(it)).map((it) => it.title)

export default defineConfig({
  test:
    missing.length === 0 || isRequired('peers')
      ? {
          include: ['test/peers/**/*.test.ts'],
          globalSetup: ['test/peers/global-setup.ts'],
          // One stack and two cores: the servers are part of what is measured against time limits.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          reporters: ['default', interopReporter(), './test/world/closing-line.ts'],
          env: { TZ: 'UTC', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', NO_COLOR: '1' },
        }
      : leftOut(`these are not installed: ${missing.join(', ')}`),
})
