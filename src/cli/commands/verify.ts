/** `countersign verify`: flags → the library's request, one verdict an artifact, its rendering, the exit code. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import { documentFormats, formats, newVerdictSeries, render } from '../../report.ts'
import type { DocumentFormat, Format, Style, VerdictSeries } from '../../report.ts'
import { findArtifacts, judgeAll } from '../../verify.ts'
import type { Verdict } from '../../verify.ts'
import { withAlertOptions } from '../alerts.ts'
import type { AlertFlags } from '../alerts.ts'
import { ciOutputOption } from '../ci-output.ts'
import type { CiSystem, CommandContext } from '../command.ts'
import { exitCodeOf, exitCodeOfVerdicts } from '../exit-code.ts'
import type { Answer } from '../exit-code.ts'
import { progressOn } from '../progress.ts'
import { say, styleOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { explainRecords, withExplainOptions } from './explain-records.ts'
import type { ExplainFlags } from './explain-records.ts'
import { withPolicy, withProfileOptions } from './policy-flags.ts'
import type { PolicyFlags } from './policy-flags.ts'
import { styleUnder, wordsUnder } from '../policy-members.ts'
import { questionRequest, withQuestionOptions } from './question-flags.ts'
import type { QuestionFlags } from './question-flags.ts'
import { asksSummary, withSummaryOptions } from './summary-flags.ts'
import type { SummaryFlags } from './summary-flags.ts'

interface VerifyFlags extends QuestionFlags, SummaryFlags, PolicyFlags, AlertFlags, ExplainFlags {
  readonly format: Format | DocumentFormat | 'policy-input'
  readonly ciOutput?: CiSystem
  readonly quiet?: true
  readonly verbose?: true
}

export function verifyCommand(
  program: Command,
  { terminal, done, ciOutput, alerts: openAlerts }: CommandContext,
): void {
  const command = program
    .command('verify')
    .description('check the attestation of each artifact; exit 0 if and only if all pass')
    .argument('<artifact...>', 'files, folders, quoted globs, a digest as sha256:HEX, or - for standard input')
  const asked = withQuestionOptions(command, { required: true })
    .optionsGroup('Policy, with which all above is optional and narrows it:')
    .option('--policy <FILE>', 'rules that a release must satisfy, as schemas/policy/v1.md describes them')
  const output = withExplainOptions(withSummaryOptions(withProfileOptions(asked)))
    .optionsGroup('Output:')
    .addOption(
      new Option('--format <format>', 'verdict as text or JSON Lines; of all verdicts one document; or policy-input')
        .choices([...formats, ...documentFormats, 'policy-input'])
        .default('text'),
    )
    .option('--quiet', 'say only what does not pass or is not verified')
    .option('--verbose', 'show the verdict of each of many artifacts in full')
    .addOption(ciOutputOption())
  withAlertOptions(output).action(async (words: string[], flags: VerifyFlags) => {
    const ci = await ciOutput('verify', flags.ciOutput, wordsUnder(flags))
    const alerts = await openAlerts('verify', flags, wordsUnder(flags))
    refuseTogether(words, flags)
    const request = withPolicy(await questionRequest(flags, terminal), flags)
    const { artifacts, notes } = await findArtifacts(words, { cwd: terminal.cwd, input: terminal.stdin })
    // Whatever else is not said: what has no verdict is never passed over in silence.
    for (const note of notes) say(terminal, `note: ${note}`)
    if (flags.format === 'policy-input') {
      const { writeInputs } = await import('./policy-input-output.ts')
      const answers: Answer[] = []
      for await (const verdict of writeInputs(artifacts, request, terminal)) {
        answers.push(answerOf(verdict))
        ci?.verdict(verdict)
        alerts?.verdict(verdict)
      }
      done(exitCodeOfVerdicts(answers))
      return
    }
    const progress = progressOn(terminal.stderr, artifacts.length, terminal.now)
    const writer = await writerOf(
      artifacts.length,
      { ...flags, format: flags.format },
      styleUnder(flags, styleOf(terminal.stdout, terminal.env)),
    )
    const write = (text: string): void => {
      if (text === '') return
      if (terminal.stdout.isTTY === true) progress.clear()
      terminal.stdout.write(text)
    }
    const answers: Answer[] = []
    const said = new Set<string>()
    const sessions: VerifiedSession[] = []
    const summary = asksSummary(flags) ? await (await import('./summary.ts')).openSummary(flags, terminal) : undefined
    for await (const verdict of summary?.judge(artifacts, request) ?? judgeAll(artifacts, request)) {
      answers.push(answerOf(verdict))
      ci?.verdict(verdict)
      alerts?.verdict(verdict)
      sessions.push(...verifiedSessions(verdict))
      progress.step()
      write(writer.add(verdict))
      if (flags.format !== 'text' || terminal.stdout.isTTY !== true) sayUndecided(verdict, said, terminal)
    }
    progress.clear()
    const exitCode = exitCodeOfVerdicts(answers)
    try {
      write(writer.end())
    } catch (thrown) {
      // What cannot be written takes a yes away, and never a no.
      if (exitCode !== exitCodeOf('no') || !(thrown instanceof CountersignError)) throw thrown
      say(terminal, `error: ${thrown.message} (${thrown.code})`)
    }
    await explainRecords(sessions, flags, terminal, request.trust)
    await summary?.sign()
    done(exitCode)
  })
}

type VerifiedSession = Parameters<typeof explainRecords>[0][number]

/** Of a yes alone: what a signature does not hold for needs no explanation. */
function verifiedSessions(verdict: Verdict): readonly VerifiedSession[] {
  if (verdict.outcome !== 'pass') return []
  return verdict.attestations.flatMap((it) => (it.outcome === 'pass' ? (it.summary.sessions ?? []) : []))
}

/** What makes no sense together, refused before anything is read. Errors: `usage`, `question-conflict`. */
function refuseTogether(words: readonly string[], { bundle, format, quiet, verbose, vsa }: VerifyFlags): void {
  if (format === 'policy-input' && (quiet ?? verbose ?? vsa) !== undefined) {
    throw new CountersignError('question-conflict', '--format policy-input prints evidence, and no verdict')
  }
  if (quiet === true && verbose === true) {
    throw new CountersignError('question-conflict', '--quiet and --verbose ask for less and for more')
  }
  if (isDocument(format) && (quiet === true || verbose === true)) {
    throw new CountersignError('question-conflict', `--format ${format} has all verdicts, and each in full`)
  }
  if (!words.includes('-') || (bundle !== undefined && bundle !== '-')) return
  const [message, hint] =
    bundle === undefined
      ? ['nothing lies beside an artifact from standard input', 'name its bundle (`bundle`)']
      : ['standard input is either the artifact or the bundle', 'write one of them to a file']
  throw new CountersignError('usage', message, { option: 'bundle', hint })
}

function isDocument(format: VerifyFlags['format']): format is DocumentFormat {
  return documentFormats.some((it) => it === format)
}

/** How verdicts are written: JSON a line each, one alone in full, many in brief, or all in one document. */
async function writerOf(
  count: number,
  { format, quiet, verbose }: VerifyFlags & { readonly format: Format | DocumentFormat },
  style: Style,
): Promise<VerdictSeries> {
  if (isDocument(format)) {
    const { newVerdictDocument } = await import('../../report.ts')
    return newVerdictDocument(format, style)
  }
  const isAlone = count === 1 && quiet !== true
  if (format === 'text' && !isAlone) {
    return newVerdictSeries(quiet === true ? 'quiet' : verbose === true ? 'verbose' : 'brief', style)
  }
  const isSilent = (verdict: Verdict): boolean => quiet === true && verdict.outcome === 'pass'
  return { add: (verdict) => (isSilent(verdict) ? '' : render(verdict, format, style)), end: () => '' }
}

/** What the exit code needs of a verdict; the rest of it is not kept, so that memory stays flat. */
function answerOf(verdict: Verdict): Answer {
  const { outcome } = verdict
  return outcome === 'undecided' ? { outcome, failure: { code: verdict.failure.code } } : { outcome }
}

/**
 * What kept a verdict from being made is talk as well as value, but for a person who reads both in one place; what keeps many from
 * being made is said once.
 */
function sayUndecided(verdict: Verdict, said: Set<string>, terminal: Terminal): void {
  if (verdict.outcome !== 'undecided') return
  const { code, message, hint } = verdict.failure
  const line = `error: ${message} (${code})`
  if (said.has(line)) return
  if (said.size < rememberedLines) said.add(line)
  say(terminal, line)
  if (hint !== undefined) say(terminal, `hint: ${hint}`)
}

const rememberedLines = 1_000
