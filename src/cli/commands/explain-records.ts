/** What became of session records that were replaced after a release had signed their digests; for commands that show such a release. */
import type { Command } from 'commander'
import type { FatesRequest } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import type { Inspection } from '../../index.ts'
import { replacementWords, unsignedWords } from '../../report.ts'
import { repeated } from '../flags.ts'
import { say, worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'

type RecordFateShown = NonNullable<Inspection['records']>[number]

/** The flags as commander gives them. */
export interface ExplainFlags {
  readonly allowedSigners?: string
  readonly allowedIdentity?: string[]
}

/** Adds them. */
export function withExplainOptions(command: Command): Command {
  return command
    .optionsGroup('Session records of this clone:')
    .option('--allowed-signers <FILE>', 'say of records that were replaced what these people signed, by their SSH keys')
    .option('--allowed-identity <ISSUER=NAME>', 'the same of Sigstore identities, repeatable', repeated)
}

/** Whose redactions count. */
export function explainRequest({ allowedSigners, allowedIdentity }: ExplainFlags): Omit<FatesRequest, 'world'> {
  return {
    ...(allowedSigners === undefined ? {} : { allowedSigners }),
    ...(allowedIdentity === undefined ? {} : { allowedIdentities: allowedIdentity }),
  }
}

interface Pinned {
  readonly tool: string
  readonly id?: string | undefined
  readonly digest?: { readonly [algorithm: string]: string } | undefined
}

/**
 * On standard error, a line each: no verdict depends on it; and for a document. Nothing where nobody was named; where nobody could look, that is said. Errors: those of
 * `recordFates`, but for what git says.
 */
export async function explainRecords(
  sessions: readonly Pinned[],
  flags: ExplainFlags,
  terminal: Terminal,
  trust?: FatesRequest['trust'],
): Promise<readonly RecordFateShown[] | undefined> {
  if (flags.allowedSigners === undefined && flags.allowedIdentity === undefined) return undefined
  const pinned = sessions.flatMap(({ tool, id, digest }) => {
    const sha256 = digest?.['sha256']
    return sha256 === undefined || id === undefined ? [] : [{ digest: sha256, tool, session: id }]
  })
  // Whoever asks nothing of records loads nothing of git.
  const { recordFates } = await import('../../attest.ts')
  let fates: Awaited<ReturnType<typeof recordFates>>
  try {
    const asked = { ...explainRequest(flags), ...(trust === undefined ? {} : { trust }), world: worldOf(terminal) }
    fates = await recordFates(pinned, asked)
  } catch (error) {
    if (!(error instanceof CountersignError) || !isOfGit(error.code)) throw error
    say(terminal, `warning: nobody could look whether a record was replaced: ${error.message} (${error.code})`)
    return undefined
  }
  for (const { isHere, replacements, unsigned, newest } of fates) {
    for (const it of replacements) say(terminal, `note: ${replacementWords(it)}`)
    if (replacements.length > 0 && newest === undefined) {
      say(terminal, 'warning: these replacements lead to no newest record (session-record-redaction-loop)')
    }
    if (!isHere) for (const it of unsigned) say(terminal, `warning: ${unsignedWords(it)}`)
  }
  return fates.map(({ digest, tool, session, isHere, newest, replacements, unsigned }) => ({
    ...{ digest, tool, session, isHere, ...(newest === undefined ? {} : { newest }), unsigned: [...unsigned] },
    replacements: replacements.map(({ replaces, digest: by, by: signer, reason, redactedAt, level, removed }) => ({
      ...{ replaces, digest: by, by: signer, reason, redactedAt, level, removed },
    })),
  }))
}

function isOfGit(code: string): boolean {
  return code === 'git-no-repository' || code === 'git-failed'
}
