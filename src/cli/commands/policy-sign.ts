/** `countersign policy sign`: a policy → its approval, signed, and how others ask for it. */
import type { Command } from 'commander'
import { approvePolicy } from '../../attest.ts'
import type { CommandContext } from '../command.ts'
import { shellCommand } from '../shell.ts'
import { say } from '../terminal.ts'
import { saySigned, spokenRequest, withSpokenOptions } from './spoken-flags.ts'
import type { SpokenFlags } from './spoken-flags.ts'

export function policySignCommand(policy: Command, { terminal, done }: CommandContext): void {
  const command = policy
    .command('sign')
    .description('sign that a policy is approved, for verify --policy-signer')
    .argument('<file>', 'the policy; what it extends is named in it by its digest')
  withSpokenOptions(command, 'FILE.sigstore.json').action(async (file: string, flags: SpokenFlags) => {
    const attestation = await approvePolicy({ policy: file, ...spokenRequest(flags, terminal) })
    const path = saySigned(attestation, 'that the policy is approved', flags, terminal)
    const { signer, issuer } = attestation.question
    const asked = typeof signer === 'string' && typeof issuer === 'string' ? [signer, issuer] : [attestation.signer]
    const bundle = path === `${file}.sigstore.json` ? [] : ['--policy-bundle', path]
    const words = ['countersign', 'verify', 'ARTIFACT', '--policy', file, ...bundle, '--policy-signer', asked[0] ?? '']
    say(terminal, `others ask with: ${shellCommand([...words, '--policy-issuer', asked[1] ?? 'ISSUER'])}`)
    done(0)
  })
}
