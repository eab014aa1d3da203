/**
 * commander with short names for what its classes keep to themselves, without the subcommands that are programs of their own (ours
 * are functions), and without what it says to whoever registers commands wrongly: our tests register all of them with the whole package.
 * It is a part of what every command loads.
 */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { transform } from 'esbuild'

/** Of a file of `commander/lib`: its text as it is bundled. Throws where the package is no longer what was looked at. */
export async function shortCommander(text: string, path: string): Promise<string> {
  const whole = path.endsWith('command.js') ? withoutPrograms(text) : text
  const { code } = await transform(whole.replace(toAuthors, "throw new Error('of commander')"), {
    mangleProps: new RegExp(`^(?:${[...shortNames(dirname(path)).keys()].join('|')})$`),
    mangleCache: Object.fromEntries(shortNames(dirname(path))),
    sourcemap: 'inline',
  })
  return code
}

/** What a user can bring about is a CommanderError. */
const toAuthors = /throw new Error\(\s*(?:`[^`]*`|'[^']*')[^;]*?\);/g

/** The same names in each of the files: they read what another one keeps. */
function shortNames(folder: string): ReadonlyMap<string, string> {
  const texts = globSync('*.js', { cwd: folder }).map((name) => readFileSync(join(folder, name), 'utf8'))
  const names = new Set(texts.flatMap((it) => it.match(/(?<=\.)_[A-Za-z]\w+\b/g) ?? []))
  return new Map([...names].sort().map((name, index) => [name, `_${index.toString(36)}`]))
}

function withoutPrograms(text: string): string {
  const start = text.indexOf('  _checkForMissingExecutable(executableFile,')
  const last = '    this.runningCommand = proc;\n  }\n'
  const end = text.indexOf(last)
  if (start < 0 || end < start || !text.includes('this._executeSubCommand(')) {
    throw new Error('the programs of commander are not what they were; look again at what may be left out')
  }
  const thrower = "  _executeSubCommand() { throw Error('programs are left out') }\n"
  return text.slice(0, start) + thrower + text.slice(end + last.length)
}
