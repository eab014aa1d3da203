import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/corpus/**', 'test/peers/**'],
    reporters: ['default', './test/world/closing-line.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The machine of a developer must not decide a test: no proxy, no git configuration, no time zone.
    env: { TZ: 'UTC', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', NO_COLOR: '1' },
  },
})
