/** `countersign policy init`: a good release, or a starter policy → the text of a policy. */
import { lstat, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import { lintPolicy, policyFromRelease, starterPolicies, starterPolicy } from '../../policy.ts'
import type { StarterPolicy } from '../../policy.ts'
import { unsteering } from '../../report.ts'
import { findArtifacts } from '../../verify.ts'
import type { CommandContext } from '../command.ts'
import { withShortForm } from '../flags.ts'
import { say, worldOf } from '../terminal.ts'
import { questionRequest, withQuestionOptions } from './question-flags.ts'
import type { QuestionFlags } from './question-flags.ts'

interface InitFlags extends QuestionFlags {
  readonly from?: StarterPolicy
  readonly previous?: string
  readonly out?: string
  readonly repo?: string
}

export function policyInitCommand(policy: Command, { terminal, done }: CommandContext): void {
  const command = policy
    .command('init')
    .description('print the strictest policy that a good release passes, or a starter policy')
    .argument('[artifact]', 'of the release: a file, or a digest as sha256:HEX')
    .addOption(
      new Option('--from <NAME>', 'in place of a release: a starter policy for --repo').choices(starterPolicies),
    )
    .option('--previous <FILE>', 'bundles of the release before, so that ranges have no gap')
    .option(withShortForm('--out <FILE>'), 'new file for the policy (default: standard output)')
  withQuestionOptions(command, {
    required: false,
    heading: 'Who must have signed (default: the signer of the bundle, and a comment says so):',
  }).action(async (word: string | undefined, flags: InitFlags) => {
    const { out } = flags
    if (out !== undefined) await refuseThere(out)
    const text = await textOf(word, flags)
    if (out === undefined) terminal.stdout.write(text)
    else {
      await writeNew(out, text)
      terminal.stdout.write(`${unsteering(out)}\n`)
    }
    await sayWeak(out, text)
    done(0)
  })

  /** A policy that somebody edited is worth more than any draft. Errors: `output-exists`, `output-failed`. */
  async function writeNew(out: string, text: string): Promise<void> {
    const path = resolve(terminal.cwd, out)
    try {
      await writeFile(path, text, { flag: 'wx' })
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') await refuseThere(out)
      // Half a policy asks less than the whole one.
      else await rm(path, { force: true }).catch(() => undefined)
      throw new CountersignError('output-failed', `${JSON.stringify(out)} cannot be written`, { option: 'out', cause })
    }
  }

  async function refuseThere(out: string): Promise<void> {
    const status = await lstat(resolve(terminal.cwd, out)).catch(() => undefined)
    if (status === undefined) return
    throw new CountersignError('output-exists', `${JSON.stringify(out)} is there already`, {
      option: 'out',
      hint: 'choose another place, or remove it first: nothing here replaces a policy',
    })
  }

  /** Whoever takes the text away may not lint it before it decides. */
  async function sayWeak(out: string | undefined, text: string): Promise<void> {
    const { findings } = await lintPolicy({ file: out ?? 'countersign.yaml', text }, worldOf(terminal))
    for (const { message, line, code, hint } of findings) {
      const place = line === undefined ? '' : `line ${line}: `
      say(terminal, `note: ${place}${message} (${code})${hint === undefined ? '' : `; ${hint}`}`)
    }
  }

  async function textOf(word: string | undefined, flags: InitFlags): Promise<string> {
    const { from, previous, repo } = flags
    if ((word === undefined) === (from === undefined)) {
      throw new CountersignError('usage', 'name a release (ARTIFACT), or a starter policy (--from)')
    }
    if (from !== undefined) {
      if (repo !== undefined) return starterPolicy(from, repo)
      throw new CountersignError('question-incomplete', 'a starter policy is for a repository', {
        option: 'repo',
        hint: 'name the one that you release (`repo`)',
      })
    }
    const { question, ...rest } = await questionRequest(flags, terminal)
    const { artifacts } = await findArtifacts([word ?? ''], { cwd: terminal.cwd, input: terminal.stdin })
    const [artifact, ...more] = artifacts
    if (artifact === undefined || more.length > 0) {
      throw new CountersignError('usage', `a policy is made from one artifact, and here are ${artifacts.length}`, {
        option: 'artifact',
      })
    }
    const { policy: _, ...surroundings } = rest
    return policyFromRelease({
      ...{ ...surroundings, artifact, question },
      ...(previous === undefined ? {} : { previous }),
    })
  }
}
