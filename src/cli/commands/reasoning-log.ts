/** `countersign reasoning-log`: what was asked and decided behind a release, from redacted records. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { collectReasoningLog } from '../../attest.ts'
import type { ReasoningLogRequest } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import { inspectFile } from '../../inspect.ts'
import { reasoningFormats, writeReasoningLog } from '../../report.ts'
import type { ReasoningFormat } from '../../report.ts'
import { findArtifacts, verify } from '../../verify.ts'
import type { CommandContext } from '../command.ts'
import { exitCodeOf } from '../exit-code.ts'
import { repeated, withShortForm } from '../flags.ts'
import { statusOn } from '../progress.ts'
import { say, worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { isThere } from '../there.ts'
import { asksQuestion, questionRequest, withQuestionOptions } from './question-flags.ts'
import type { QuestionFlags } from './question-flags.ts'
import { rangeOf } from './range-words.ts'

interface ReasoningFlags extends QuestionFlags {
  readonly records?: string[]
  readonly transcript?: string[]
  readonly adopt?: true
  readonly out?: string
  readonly overwrite?: true
  readonly summaries?: string
  readonly format: ReasoningFormat
}

export function reasoningLogCommand(program: Command, { terminal, done }: CommandContext): void {
  const command = program
    .command('reasoning-log')
    .description('write what was asked and decided in the sessions behind a release, from redacted records')
    .argument('[what]', 'a range A..B (default: what attest would take), a bundle, or with a question its artifact')
    .optionsGroup('Records of sessions:')
    .option('--records <FOLDER>', 'records as --keep-records wrote them; repeatable', repeated)
    .option(
      '--transcript <PATH>',
      "a tool's transcript of a session, whose secrets are taken out; repeatable",
      repeated,
    )
    .option('--adopt', 'the release begins with the first commit, however many there are')
  withQuestionOptions(command, { required: false })
    .optionsGroup('Output:')
    .addOption(
      new Option('--format <format>', 'Markdown, an HTML page, or PDF, which needs a package of its own')
        .choices(reasoningFormats)
        .default('markdown'),
    )
    .option(withShortForm('--out <PATH>'), 'write it there, as a whole (default: standard output; PDF needs it)')
    .option('--overwrite', 'replace the file if it is there')
    .option('--summaries <FOLDER>', 'write a short page without texts there, named as the end of the release')
    .action(async (word: string | undefined, flags: ReasoningFlags) => {
      if (flags.format === 'pdf' && flags.out === undefined) {
        throw new CountersignError('usage', 'PDF is no text: say where it goes (--out)')
      }
      if (flags.overwrite === true && flags.out === undefined) {
        throw new CountersignError('usage', '--overwrite belongs to --out')
      }
      const status = statusOn(terminal.stderr, terminal.now)
      const log = await collectReasoningLog({
        ...(await askedFor(word, flags, terminal)),
        ...(flags.records === undefined ? {} : { records: flags.records }),
        ...(flags.transcript === undefined ? {} : { transcripts: flags.transcript }),
        world: worldOf({ ...terminal, progress: status.show }),
      }).finally(() => status.clear())
      const { text, sha256 } = await writeReasoningLog(log, {
        format: flags.format,
        ...(flags.out === undefined
          ? {}
          : { out: { path: flags.out, whenPresent: flags.overwrite === true ? 'replace' : 'refuse' } }),
        ...(flags.summaries === undefined ? {} : { summaries: flags.summaries }),
        world: worldOf(terminal),
      })
      if (flags.out === undefined && text !== undefined) terminal.stdout.write(text)
      say(terminal, `sha256:${sha256}`)
      const refused = log.refused.length + log.sessions.filter((it) => it.record === 'differs').length
      if (refused > 0)
        say(terminal, `warning: ${refused} records were refused: their digests are not those that were claimed`)
      done(refused > 0 ? exitCodeOf('no') : 0)
    })
}

/** Errors: `usage`, those of inspecting, and those of verifying where a question is answered with no. */
async function askedFor(
  word: string | undefined,
  flags: ReasoningFlags,
  terminal: Terminal,
): Promise<Pick<ReasoningLogRequest, 'range' | 'release'>> {
  if (word !== undefined && asksQuestion(flags)) {
    const { artifacts } = await findArtifacts([word], { cwd: terminal.cwd, input: terminal.stdin })
    const [artifact] = artifacts
    if (artifact === undefined || artifacts.length > 1) {
      throw new CountersignError('usage', 'a question is asked of one artifact')
    }
    const evidence = await verify({ ...(await questionRequest(flags, terminal)), artifact })
    const sessions = evidence.statements.flatMap(({ predicate }) =>
      predicate.kind === 'build-provenance' ? predicate.sessions : [],
    )
    return { release: { name: word, verified: true, sessions } }
  }
  if (word !== undefined && isThere(terminal.cwd, word)) {
    const sessions = (await inspectFile(word, worldOf(terminal))).flatMap((it) => it.sessions)
    return { release: { name: word, verified: false, sessions } }
  }
  const { since, until } = rangeOf(word)
  return {
    range: {
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
      ...(flags.adopt === undefined ? {} : { adopt: flags.adopt }),
      network: 'none',
    },
  }
}
