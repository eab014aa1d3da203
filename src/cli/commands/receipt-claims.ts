/** Flags → the payload of a receipt. */
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import type { IssueRequest } from '../../vouch.ts'
import { kebab, repeated } from '../flags.ts'
import { readStandardInput } from '../standard-input.ts'
import type { Terminal } from '../terminal.ts'

/** The flags as commander gives them. */
export interface ClaimFlags {
  readonly payload?: string
  readonly issuer?: string
  readonly audience?: string[]
  readonly subject?: string
  readonly session?: string
  readonly tool?: string
  readonly parent?: string
  readonly startedAt?: string
  readonly endedAt?: string
  readonly model?: string[]
  readonly commit?: string[]
}

/** Adds them. */
export function withClaimOptions(command: Command): Command {
  return command
    .option('--payload <FILE>', 'the payload as JSON, in place of the flags that follow; - reads stdin')
    .option('--issuer <URL>', 'who issues it, as lists of issuers have it')
    .option('--audience <URI>', 'a repository that it is for, as git+https://HOST/PATH, repeatable', repeated)
    .option('--subject <WHO>', 'who was signed in: an address, or a name that the list of issuers knows')
    .option('--session <ID>', 'id of the session')
    .option('--tool <ID>', 'id of the tool, as sessions have it: claude-code')
    .option('--parent <ID>', 'id of the session that started it')
    .option('--started-at <TIME>', 'of the first request, as RFC 3339')
    .option('--ended-at <TIME>', 'of the last request that was seen')
    .option('--model <ID>', 'a model that answered, repeatable', repeated)
    .option('--commit <SHA>', 'a commit of the session, whole, repeatable: then no others are of it', repeated)
}

const members = [
  ...(['issuer', 'audience', 'subject', 'session', 'tool', 'parent', 'startedAt', 'endedAt'] as const),
  ...(['model', 'commit'] as const),
]
const needed = ['issuer', 'audience', 'subject', 'session', 'tool', 'startedAt', 'endedAt'] as const

/** As much as the library reads of a file. */
const payloadBytes = 64 * 1024

/** Errors: `usage`, and those of stdin. */
export async function claimsOf(flags: ClaimFlags, terminal: Terminal): Promise<IssueRequest['payload']> {
  if (flags.payload !== undefined) {
    const other = members.find((it) => flags[it] !== undefined)
    if (other !== undefined) {
      throw new CountersignError('usage', `--payload and --${kebab(other)} do not go together`)
    }
    if (flags.payload !== '-') return { path: flags.payload }
    return { json: await readStandardInput(terminal, payloadBytes, 'payload') }
  }
  const missing = needed.find((it) => flags[it] === undefined)
  if (missing !== undefined) {
    throw new CountersignError('usage', `--${kebab(missing)} is missing, or --payload in place of all of them`)
  }
  const { issuer, audience, subject, session, tool, parent, startedAt, endedAt, model = [], commit } = flags
  return {
    members: {
      ...{ iss: issuer, aud: audience?.length === 1 ? audience[0] : audience, sub: subject },
      session: {
        ...{ id: session, tool, started_at: startedAt, ended_at: endedAt, models: model.map((id) => ({ id })) },
        ...(parent === undefined ? {} : { parent }),
      },
      ...(commit === undefined ? {} : { commits: commit }),
    },
  }
}
