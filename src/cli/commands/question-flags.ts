/** The flags of a question about artifacts: who must have signed, where bundles and trust come from. */
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import { questionParts } from '../../verify.ts'
import type { QuestionOptions, QuestionRequest } from '../../verify.ts'
import { kebab, repeated, withFlags, withShortForm } from '../flags.ts'
import { bundleInputBytes, readStandardInput } from '../standard-input.ts'
import { worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { trustSource, withTrustOptions } from './trust-flags.ts'
import type { TrustFlags } from './trust-flags.ts'

/** The flags as commander gives them; those of the question are the parts of its table. */
export interface QuestionFlags extends TrustFlags {
  readonly bundle?: string
  /** Path of the key; the library takes its PEM. */
  readonly key?: string
  readonly [part: string]: unknown
}

/** Adds the flags of `QuestionFlags`. */
export function withQuestionOptions(
  command: Command,
  {
    required,
    heading = required
      ? 'Who must have signed, and what (required):'
      : 'Who must have signed, to draw only what is verified:',
  }: { readonly required: boolean; readonly heading?: string },
): Command {
  withPartOptions(command, heading)
  command
    .optionsGroup('Where bundle and trust come from:')
    .option(
      withShortForm('--bundle <FILE>'),
      'bundle or .jsonl of bundles, or - for standard input (default: beside the artifact)',
    )
  return withTrustOptions(command)
}

/** Adds those of the question alone, all or the ones that `fits` takes; `heading` says what the signer is asked for. */
export function withPartOptions(
  command: Command,
  heading: string,
  fits: (name: (typeof questionParts)[number]['name']) => boolean = () => true,
): Command {
  const groups = [
    ['signer', heading],
    ['condition', 'Additional conditions:'],
  ] as const
  for (const [group, title] of groups) {
    command.optionsGroup(title)
    const parts = questionParts.filter((it) => it.group === group && fits(it.name))
    for (const part of parts) command.addOption(flagOf(part))
  }
  return command
}

/** Whether any part of a question is asked. */
export function asksQuestion(flags: QuestionFlags): boolean {
  return questionParts.some(({ name }) => flags[name] !== undefined)
}

/** What is nothing to a range or a bundle as it is; `offline` is both. */
const ofVerification = [
  ...(['bundle', 'trustedRoot', 'sigstore', 'localState'] as const),
  ...(['staleTrust', 'tufMirror', 'tufRoot', 'refreshTimeout'] as const),
]

/** Where no question is asked nothing is verified, and what says how would be passed over; `what` is done then. Error: `usage`. */
export function refuseTrustAlone(flags: QuestionFlags, what: string): void {
  const needless = ofVerification.find((it) => flags[it] !== undefined)
  if (needless === undefined) return
  const flag = `--${kebab(needless)}`
  throw new CountersignError('usage', `${flag} is of an artifact that is verified: say who must have signed it`, {
    hint: `to ${what} what a bundle claims, name the bundle, without ${flag}; a question (--repo and --workflow, or --signer, --issuer and --source) is of the artifact`,
  })
}

/** Flags → the library's own request. Errors: `usage`, `question-conflict`, `path-missing`, `input-unreadable`. */
export async function questionRequest(flags: QuestionFlags, terminal: Terminal): Promise<QuestionRequest> {
  const { bundle, key } = flags
  const asked = questionParts.flatMap(({ name }) => (flags[name] === undefined ? [] : [[name, flags[name]] as const]))
  return {
    // Read by the library, which refuses what makes no sense.
    question: {
      ...Object.fromEntries(asked),
      ...(key === undefined ? {} : { key: await readKey(resolve(terminal.cwd, key)) }),
    } as unknown as QuestionOptions,
    ...(bundle === undefined
      ? {}
      : { bundle: bundle === '-' ? await readStandardInput(terminal, bundleInputBytes, 'bundle') : bundle }),
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
      throw new CountersignError(
        'path-missing',
        `the key file ${JSON.stringify(path.slice(0, 200))} does not exist`,
        detail,
      )
    }
    throw new CountersignError('input-unreadable', 'the key file cannot be read', detail)
  }
}

/** A part of the question as a flag. */
function flagOf(part: (typeof questionParts)[number]): Option {
  const flag = `--${kebab(part.name)}`
  const written = withShortForm('value' in part ? `${flag} <${part.value}>` : flag)
  const option = new Option(written, withFlags(part.summary))
  if (part.kind === 'one-of' || part.kind === 'pairs') option.argParser(repeated)
  return part.kind === 'waiver' && part.answer === 'allow' ? option.choices([part.answer]) : option
}
