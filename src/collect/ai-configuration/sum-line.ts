/**
 * A line of what is hashed: what `sha256sum` of GNU prints of a file. So anybody can make the same text without us, and nobody can make
 * one that reads otherwise: a name with a line end in it stays in its line.
 */
import type { ConfigurationEntry } from '../../model/ai-configuration.ts'

/** In the place where `sha256sum` says how it read the file; it has never any of the last two there. */
const signs: { readonly [entry in ConfigurationEntry['entry']]: string } = { file: ' ', link: '@', submodule: '+' }

/** `path` in the bytes of its name as Latin-1, and so is the line. */
export function sumLine({
  sha256,
  path,
  entry,
}: Pick<ConfigurationEntry, 'sha256' | 'entry'> & { path: string }): string {
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return `${escaped === path ? '' : '\\'}${sha256} ${signs[entry]}${escaped}\n`
}
