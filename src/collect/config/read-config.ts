/**
 * The configuration of a commit: the blob at its one path, never the file in the work tree, so that whoever has the commit has the
 * configuration that counted.
 */
import { CountersignError } from '../../errors.ts'
import { configPath } from '../../model/evidence-config.ts'
import type { EvidenceConfig } from '../../model/evidence-config.ts'
import { limits } from '../../model/limits.ts'
import { readBlobs } from '../git/objects.ts'
import type { Repository } from '../git/repository.ts'
import { walkTrees } from '../git/trees.ts'
import type { TreeEntry } from '../git/trees.ts'
import { malformed } from './place.ts'

const [folder = ''] = configPath.split('/')

/**
 * Undefined where the commit has none. Errors: `config-malformed` (it is no file, or not what its schema says), `config-refused` (it
 * would hide a tool, or claim what is everybody's), `object-altered`, `git-failed`.
 */
export async function readEvidenceConfig(repository: Repository, commit: string): Promise<EvidenceConfig | undefined> {
  const blob = await blobAt(repository, commit)
  if (blob === undefined) return undefined
  for await (const { contents } of readBlobs(repository, [blob], limits.configBytes)) {
    if (contents === 'missing') throw new CountersignError('git-failed', `${configPath} is not in this clone`)
    if (contents === 'too-large') throw malformed(undefined, `it has more than ${limits.configBytes} bytes`)
    const { readConfigBytes } = await import('./config-bytes.ts')
    return readConfigBytes(contents)
  }
  throw new CountersignError('git-failed', `git did not give ${configPath}`)
}

async function blobAt(repository: Repository, commit: string): Promise<string | undefined> {
  let found: TreeEntry | undefined
  await walkTrees(repository, commit, (entry) => {
    const { path, type, mode } = entry
    if (path === folder) {
      if (type !== 'tree') throw malformed(undefined, `${folder} is no folder, but ${kindOf(mode)}`)
      return true
    }
    // Nobody who wrote one should think that it counts.
    if (/^\.countersign\/config\.(?:yml|json)$/.test(path)) throw malformed(undefined, `it is not called ${path}`)
    if (path === configPath && found !== undefined) throw malformed(undefined, 'it is there twice')
    if (path === configPath) found = entry
    return false
  })
  if (found === undefined) return undefined
  if (!/^100(?:644|664|755)$/.test(found.mode)) throw malformed(undefined, `it is no file, but ${kindOf(found.mode)}`)
  return found.id
}

function kindOf(mode: string): string {
  if (mode === '120000') return 'a symbolic link'
  if (mode === '160000') return 'a submodule'
  return /^0?40000$/.test(mode) ? 'a folder' : 'a file'
}
