/**
 * What npm runs once the packages of this checkout have changed: a checkout, and an install from git, is built. `prepare` would do the
 * same, but it would stand in the manifest of the package, whose users have nothing to prepare. Old syntax, so that any Node can say
 * what is wrong.
 */
'use strict'
const { spawnSync } = require('node:child_process')

// The `node` among the packages comes first on the path that npm sets, and builds whatever Node npm itself runs under.
const major = Number(spawnSync('node', ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }).stdout)
if (major >= 22) {
  const { status } = spawnSync('npm', ['run', '--silent', 'prepack'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  process.exitCode = status === null ? 1 : status
} else {
  console.error(
    'countersign: not built: building needs Node 22.22.2, 24.15 or 26. With one of them: npm rebuild node && npm run build',
  )
}
