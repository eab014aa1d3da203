#!/usr/bin/env node
// Old syntax on purpose: any Node must be able to read this far and say what is wrong.
var parts = process.versions.node.split('.').map(Number)
var ok =
  parts[0] >= 26 ||
  (parts[0] === 24 && parts[1] >= 15) ||
  (parts[0] === 22 && (parts[1] > 22 || (parts[1] === 22 && parts[2] >= 2)))
if (!ok) {
  process.stderr.write(
    'countersign: error: Node ' +
      process.versions.node +
      ' is too old or unsupported: countersign needs ^22.22.2, ^24.15.0 or >=26 (node-too-old)\n',
  )
  process.exitCode = 2
} else if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(require('../package.json').version + '\n')
} else {
  require('../dist/run.js')
}
