/** `countersign policy explain`: one artifact under a policy → what each rule asked and saw. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import { explain } from '../../policy.ts'
import { render, renderExplanation } from '../../report.ts'
import { findArtifacts } from '../../verify.ts'
import type { Verdict } from '../../verify.ts'
import type { CommandContext } from '../command.ts'
import { exitCodeOfVerdicts } from '../exit-code.ts'
import { styleUnder } from '../policy-members.ts'
import { say, styleOf } from '../terminal.ts'
import { withPolicy, withProfileOptions } from './policy-flags.ts'
import type { PolicyFlags } from './policy-flags.ts'
import { writeInputs } from './policy-input-output.ts'
import { questionRequest, withQuestionOptions } from './question-flags.ts'
import type { QuestionFlags } from './question-flags.ts'

interface ExplainFlags extends QuestionFlags, Omit<PolicyFlags, 'policy'> {
  readonly format: 'text' | 'json' | 'policy-input'
}

export function policyExplainCommand(policy: Command, { terminal, done }: CommandContext): void {
  const command = policy
    .command('explain')
    .description('show what each rule asked of one artifact, and what it saw; the exit code is that of the verdict')
    .argument('<file>', 'the policy')
    .argument('<artifact>', 'a file, or a digest as sha256:HEX')
  withProfileOptions(
    withQuestionOptions(command, { required: false, heading: 'What narrows the policy:' }).optionsGroup('Policy:'),
  )
    .optionsGroup('Output:')
    .addOption(
      new Option('--format <format>', 'rules as text, the verdict as JSON, or the verified evidence')
        .choices(['text', 'json', 'policy-input'])
        .default('text'),
    )
    .action(async (file: string, word: string, flags: ExplainFlags) => {
      const request = withPolicy(await questionRequest(flags, terminal), { ...flags, policy: file })
      const { artifacts } = await findArtifacts([word], { cwd: terminal.cwd, input: terminal.stdin })
      if (artifacts.length !== 1) {
        throw new CountersignError('usage', `one artifact is explained, and here are ${artifacts.length}`, {
          option: 'artifact',
        })
      }
      const verdicts: Verdict[] = []
      if (flags.format === 'policy-input') {
        for await (const verdict of writeInputs(artifacts, request, terminal)) verdicts.push(verdict)
      } else {
        const style = styleUnder({ ...flags, policy: file }, styleOf(terminal.stdout, terminal.env))
        for await (const { verdict, asked } of explain(artifacts, request)) {
          verdicts.push(verdict)
          terminal.stdout.write(
            flags.format === 'json' ? render(verdict, 'json', style) : renderExplanation(verdict, asked, style),
          )
          if (verdict.outcome === 'undecided')
            say(terminal, `error: ${verdict.failure.message} (${verdict.failure.code})`)
        }
      }
      done(exitCodeOfVerdicts(verdicts))
    })
}
