/** `countersign verify`: flags → the library's request, one verdict an artifact, its rendering, the exit code. */
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import { formats, render } from '../../report.ts'
import type { Format } from '../../report.ts'
import { judgeAll, questionParts } from '../../verify.ts'
import type { ArtifactInput, BulkRequest, QuestionOptions, Verdict } from '../../verify.ts'
import { ciOutputOption } from '../ci-output.ts'
import type { CiSystem, CommandContext } from '../command.ts'
import { exitCodeOfVerdicts } from '../exit-code.ts'
import type { Answer } from '../exit-code.ts'
import { kebab, repeated, withFlags, withShortForm } from '../flags.ts'
import { progressOn } from '../progress.ts'
import { isThere } from '../there.ts'
import { say, styleOf, worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { trustSource, withTrustOptions } from './trust-flags.ts'
import type { TrustFlags } from './trust-flags.ts'

/** The flags as commander gives them; those of the question are the parts of its table. */
export interface VerifyFlags extends TrustFlags {
  readonly bundle?: string
  /** Path of the key; the library takes its PEM. */
  readonly key?: string
  readonly format: Format
  readonly ciOutput?: CiSystem
  readonly [part: string]: unknown
}

const groups = [
  ['signer', 'Who must have signed, and what (required):'],
  ['condition', 'Additional conditions:'],
] as const

export function verifyCommand(program: Command, { terminal, done, ciOutput }: CommandContext): void {
  const command = program
    .command('verify')
    .description('check the attestation of each artifact; exit 0 if and only if all pass')
    .argument('<artifact...>', 'files, or a digest as sha256:HEX')
  for (const [group, heading] of groups) {
    command.optionsGroup(heading)
    for (const part of questionParts.filter((it) => it.group === group)) command.addOption(flagOf(part))
  }
  command
    .optionsGroup('Where bundle and trust come from:')
    .option(withShortForm('--bundle <FILE>'), 'bundle or .jsonl of bundles (default: beside the artifact)')
  withTrustOptions(command)
    .optionsGroup('Output:')
    .addOption(new Option('--format <format>', 'verdict as text or JSON Lines').choices(formats).default('text'))
    .addOption(ciOutputOption())
    .action(async (artifacts: string[], flags: VerifyFlags) => {
      const ci = await ciOutput('verify', flags.ciOutput)
      const request = await verifyRequest(flags, terminal)
      const style = styleOf(terminal.stdout, terminal.env)
      const progress = progressOn(terminal.stderr, artifacts.length, terminal.now)
      const answers: Answer[] = []
      for await (const verdict of judgeAll(
        artifacts.map((it) => artifactOf(it, terminal.cwd)),
        request,
      )) {
        answers.push(answerOf(verdict))
        ci?.verdict(verdict)
        progress.step()
        if (terminal.stdout.isTTY === true) progress.clear()
        terminal.stdout.write(render(verdict, flags.format, style))
        sayUndecided(verdict, terminal)
      }
      progress.clear()
      done(exitCodeOfVerdicts(answers))
    })
}

/** What the exit code needs of a verdict; the rest of it is not kept, so that memory stays flat. */
function answerOf(verdict: Verdict): Answer {
  const { outcome } = verdict
  return outcome === 'undecided' ? { outcome, failure: { code: verdict.failure.code } } : { outcome }
}

/** A part of the question as a flag. */
function flagOf(part: (typeof questionParts)[number]): Option {
  const flag = `--${kebab(part.name)}`
  const written = withShortForm('value' in part ? `${flag} <${part.value}>` : flag)
  const option = new Option(written, withFlags(part.summary))
  if (part.kind === 'one-of' || part.kind === 'pairs') option.argParser(repeated)
  return part.kind === 'waiver' && part.answer === 'allow' ? option.choices([part.answer]) : option
}

/** A file, whatever it is called; only what is none can be a digest. */
function artifactOf(text: string, cwd: string): ArtifactInput {
  const isDigest = /^sha(256|384|512):[0-9a-f]+$/.test(text)
  return isDigest && !isThere(cwd, text) ? { digest: text } : { path: text }
}

/** What kept a verdict from being made is talk as well as value. */
function sayUndecided(verdict: Verdict, terminal: Terminal): void {
  if (verdict.outcome !== 'undecided') return
  const { code, message, hint } = verdict.failure
  say(terminal, `error: ${message} (${code})`)
  if (hint !== undefined) say(terminal, `hint: ${hint}`)
}

/** Flags → the library's own request. Errors: `usage`, `question-conflict`, `path-missing`, `input-unreadable`. */
export async function verifyRequest(flags: VerifyFlags, terminal: Terminal): Promise<BulkRequest> {
  const { bundle, key } = flags
  const asked = questionParts.flatMap(({ name }) => (flags[name] === undefined ? [] : [[name, flags[name]] as const]))
  return {
    // Read by the library, which refuses what makes no sense.
    question: {
      ...Object.fromEntries(asked),
      ...(key === undefined ? {} : { key: await readKey(resolve(terminal.cwd, key)) }),
    } as unknown as QuestionOptions,
    ...(bundle === undefined ? {} : { bundle }),
    trust: await trustSource(flags, terminal),
    world: worldOf(terminal),
  }
}

/** More than any key in PEM has: a longer file is cut here, and then holds no key. */
const keyFileBytes = 128 * 1024

async function readKey(path: string): Promise<string> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of createReadStream(path, { end: keyFileBytes })) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks).toString('utf8')
  } catch (cause) {
    const detail = { option: 'key', cause } as const
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) {
      throw new CountersignError('path-missing', 'the key file does not exist', detail)
    }
    throw new CountersignError('input-unreadable', 'the key file cannot be read', detail)
  }
}
