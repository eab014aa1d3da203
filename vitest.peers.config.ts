import { defineConfig } from 'vitest/config'
import { interopReporter } from './test/peers/reporter.ts'

export default defineConfig({
  test: {
    include: ['test/peers/**/*.test.ts'],
    globalSetup: ['test/peers/global-setup.ts'],
    // One stack and two cores: the servers are part of what is measured against time limits.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', interopReporter(), './test/world/closing-line.ts'],
    env: { TZ: 'UTC', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', NO_COLOR: '1' },
  },
})
