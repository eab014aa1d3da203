/** `countersign reasoning-log`: what was asked and decided behind a release, from redacted records. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { collectReasoningLog } from '../../attest.ts'
import type { ReasoningLog, ReasoningLogRequest } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import { inspectFile } from '../../inspect.ts'
import type { Inspection } from '../../inspect.ts'
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
import { explainRequest, withExplainOptions } from './explain-records.ts'
import type { ExplainFlags } from './explain-records.ts'
import { asksQuestion, questionRequest, refuseTrustAlone, withQuestionOptions } from './question-flags.ts'
import type { QuestionFlags } from './question-flags.ts'
import { orFile, rangeOf } from './range-words.ts'

interface ReasoningFlags extends QuestionFlags, ExplainFlags {
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
  withExplainOptions(withQuestionOptions(command, { required: false }))
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
      const request = {
        ...(await askedFor(word, flags, terminal)),
        ...explainRequest(flags),
        ...(flags.records === undefined ? {} : { records: flags.records }),
        ...(flags.transcript === undefined ? {} : { transcripts: flags.transcript }),
        world: worldOf({ ...terminal, progress: status.show }),
      }
      const log = await orFile(word, () => collectReasoningLog(request)).finally(() => status.clear())
      const { text, sha256, isSigned } = await writeReasoningLog(log, {
        format: flags.format,
        ...(flags.out === undefined
          ? {}
          : { out: { path: flags.out, whenPresent: flags.overwrite === true ? 'replace' : 'refuse' } }),
        ...(flags.summaries === undefined ? {} : { summaries: flags.summaries }),
        world: worldOf(terminal),
      })
      if (flags.out === undefined && text !== undefined) terminal.stdout.write(text)
      say(terminal, `sha256:${sha256}`)
      if (log.signed !== undefined) say(terminal, signedWords(log.signed, flags.format, isSigned === true))
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
): Promise<Pick<ReasoningLogRequest, 'range' | 'release' | 'trust'>> {
  if (word !== undefined && asksQuestion(flags)) {
    const { artifacts } = await findArtifacts([word], { cwd: terminal.cwd, input: terminal.stdin })
    const [artifact] = artifacts
    if (artifact === undefined || artifacts.length > 1) {
      throw new CountersignError('usage', 'a question is asked of one artifact')
    }
    const request = await questionRequest(flags, terminal)
    const evidence = await verify({ ...request, artifact })
    const said = evidence.statements.flatMap(({ predicate }) =>
      predicate.kind === 'build-provenance' ? [predicate] : [],
    )
    const { trust } = request
    return {
      ...(trust === undefined ? {} : { trust }),
      release: { name: word, verified: true, ...releaseOf(said) },
    }
  }
  refuseTrustAlone(flags, 'log')
  if (word !== undefined && isThere(terminal.cwd, word)) {
    return { release: { name: word, verified: false, ...releaseOf(await inspectFile(word, worldOf(terminal))) } }
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

type Release = NonNullable<ReasoningLogRequest['release']>
type NamedLog = NonNullable<ReasoningLog['signed']>
interface Said extends Pick<Inspection, 'reasoningLog' | 'attribution'> {
  readonly sessions: Release['sessions']
}

/** Provenances of several artifacts of one release say the same of its sessions: each is told once. */
function releaseOf(said: readonly Said[]): Pick<Release, 'sessions' | 'signed'> {
  const sessions = new Map(said.flatMap((it) => it.sessions).map((it) => [JSON.stringify(it), it]))
  const [signed] = said.flatMap(({ reasoningLog, attribution }) => {
    if (reasoningLog === undefined || attribution === undefined) return []
    const { range, commits } = attribution
    return [{ ...reasoningLog, until: range.until, unclaimed: commits.total - commits.claimed }]
  })
  return { sessions: [...sessions.values()], signed }
}

function signedWords({ sha256, mediaType }: NamedLog, format: ReasoningFormat, isSigned: boolean): string {
  if (isSigned) return 'it is the very log that the bundle names'
  const signedAs = reasoningFormats.find((it) => mediaType?.endsWith(`/${it}`) === true)
  const hint = signedAs === undefined || signedAs === format ? '' : `; that one is --format ${signedAs}`
  return `note: it is not the log that the bundle names, sha256:${sha256}${hint}`
}
