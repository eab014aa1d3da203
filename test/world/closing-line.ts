/** A reporter that closes a run with how many tests ran, in words that any CI can read; `.ci/run` adds the suites up. */
import { appendFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'
import { isWhole } from './runs.ts'

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state))
    const count = (state: string): number => states.filter((it) => it === state).length
    const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length
    const line = `${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped') + count('pending')} skipped`
    const ledger = process.env['COUNTERSIGN_TEST_LEDGER']
    if (ledger !== undefined) appendFileSync(ledger, `${line}\n`)
    // After the default reporter's summary, whatever the order in which the two are told.
    const left = isWhole ? '' : '; of long tables and random inputs a part, and no whole stories: CI=true tries all'
    process.once('exit', () => process.stdout.write(`${line}${left}\n`))
  }
}
