/** `countersign policy init`: a good release, or a starter policy → the text of a policy. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import { policyFromRelease, starterPolicies, starterPolicy } from '../../policy.ts'
import type { StarterPolicy } from '../../policy.ts'
import { findArtifacts } from '../../verify.ts'
import type { CommandContext } from '../command.ts'
import { questionRequest, withQuestionOptions } from './question-flags.ts'
import type { QuestionFlags } from './question-flags.ts'

interface InitFlags extends QuestionFlags {
  readonly from?: StarterPolicy
  readonly previous?: string
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
  withQuestionOptions(command, {
    required: false,
    heading: 'Who must have signed (default: the signer of the bundle, and a comment says so):',
  }).action(async (word: string | undefined, flags: InitFlags) => {
    terminal.stdout.write(await textOf(word, flags))
    done(0)
  })

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
