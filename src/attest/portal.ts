/** A portal that knows sessions, where its address and a token for it are given. */
import { join, resolve } from 'node:path'
import type { AskedPortal } from '../collect/sessions/portal.ts'
import { CountersignError, option } from '../errors.ts'
import { writeWholeFile } from '../platform/files.ts'
import { refuseLinksBelow } from '../platform/links.ts'
import type { World } from '../platform/world.ts'
import type { StatementRequest } from './request.ts'
import { tokenIn } from './token-file.ts'

/** The part of a request that says it. */
export type PortalRequest = Pick<StatementRequest, 'portal' | 'portalAdapter' | 'portalTokenFile' | 'keepRecords'>

/** Whom to ask, once it is known which repository is attested. */
export type PortalFor = (repository: string | undefined) => AskedPortal

/**
 * Undefined where nobody is to be asked. All of it comes from the caller, and nothing from the checkout, whose `root` this is. Errors, before
 * anything else is done: `usage`, `symlink-in-checkout`, `input-too-large`, and those of reading a file.
 */
export async function askedPortal(
  { portal: address, portalAdapter, portalTokenFile, keepRecords }: PortalRequest,
  root: string,
  world: World,
): Promise<PortalFor | undefined> {
  if (address === undefined) {
    if (portalTokenFile !== undefined) throw needs('portalTokenFile', 'portal')
    if (portalAdapter !== undefined) throw needs('portalAdapter', 'portal')
    return undefined
  }
  if (portalTokenFile === undefined) throw needs('portal', 'portalTokenFile')
  const token = await tokenIn(resolve(world.cwd, portalTokenFile), 'the portal’s token', 'portalTokenFile')
  const folder = keepRecords === undefined ? undefined : resolve(world.cwd, keepRecords)
  if (folder !== undefined) await refuseLinksBelow(root, folder)
  // With the schemas of answers, which nobody else needs.
  const { openPortal } = await import('../collect/portals/open-portal.ts')
  const keepSummary = folder === undefined ? undefined : keeperIn(folder)
  const portal = openPortal({ adapter: portalAdapter ?? 'contract', address, token, keepSummary }, world)
  return (repository) => ({ portal, repository })
}

/** Under its digest, which is signed; for the owner's eyes alone, as the records beside it. Error: `output-failed`. */
function keeperIn(folder: string): (sha256: string, text: string) => Promise<void> {
  return async (sha256, text) => {
    await writeWholeFile(join(folder, `${sha256}.txt`), text, { present: 'replace', mode: 0o600, folders: 'make' })
  }
}

function needs(one: PortalOption, other: PortalOption): CountersignError {
  return new CountersignError('usage', `${option(one)} needs ${option(other)}`, { option: other })
}

type PortalOption = 'portal' | 'portalAdapter' | 'portalTokenFile'
