/** The packages without what `scripts/package/left-out.ts` leaves out answer what they answer with it. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as cel from '@bufbuild/cel'
import * as commander from 'commander'
import { build } from 'esbuild'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leftOut } from '../scripts/package/left-out.ts'
import { packedJson } from '../scripts/package/packed-json.ts'
import { CountersignError } from '../src/errors.ts'
import * as preset from '../src/collect/redact/preset.ts'
import * as yaml from '../src/model/yaml/yaml-text.ts'
import * as tuf from '../src/sigstore/trust/tuf-metadata.ts'
import { bodiesFrom } from './redaction/alphabets.ts'
import { carriers, planted } from './redaction/carriers.ts'
import { kinds } from './redaction/planted-kinds.ts'
import { runs } from './world/runs.ts'
import { publication, roleKeys, signedRoot } from './world/tuf-repository.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Bundled {
  readonly cel: typeof cel
  readonly commander: typeof commander
  readonly carried: { readonly default: unknown }
  readonly preset: typeof preset
  readonly yaml: typeof yaml
  readonly tuf: typeof tuf
}

let folder: string
let bundled: Bundled
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-left-out-'))
  const names = {
    cel: '@bufbuild/cel',
    commander: 'commander',
    carried: './src/sigstore/trust/github-tuf-root.json',
    preset: './src/collect/redact/preset.ts',
    yaml: './src/model/yaml/yaml-text.ts',
    tuf: './src/sigstore/trust/tuf-metadata.ts',
  }
  const contents = Object.entries(names).map(([name, path]) => `export * as ${name} from '${path}'`)
  const outfile = join(folder, 'bundled.mjs')
  await build({
    stdin: { contents: contents.join('\n'), resolveDir: root },
    ...{ outfile, bundle: true, format: 'esm', platform: 'node', minify: true, plugins: [leftOut, packedJson] },
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
  bundled = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as Bundled
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A value, or the words of the error. */
function answer(run: () => unknown): unknown {
  try {
    return run()
  } catch (thrown) {
    return String(thrown)
  }
}

describe('YAML', () => {
  const read = ({ parseYamlText }: typeof yaml, text: string): unknown =>
    answer(
      () =>
        parseYamlText(
          Buffer.from(text),
          (place, what) => new CountersignError('policy-malformed', JSON.stringify([place, what])),
        ).value,
    )

  it('reads the policies of the repository', () => {
    const files = readdirSync(join(root, 'policies')).map((it) => readFileSync(join(root, 'policies', it), 'utf8'))
    expect(files.length).toBeGreaterThan(2)
    for (const text of files) {
      expect(read(bundled.yaml, text)).toEqual(read(yaml, text))
      expect(typeof read(yaml, text)).toBe('object')
    }
  })

  it('reads and refuses all else alike (property)', () => {
    const words = [
      'a',
      'b: ',
      'c:\n',
      '- ',
      '? ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      ', ',
      '"',
      "'",
      '|',
      '>-',
      '# x',
      '!!set',
      '!!binary',
      '&a',
      '*a',
      '<<: ',
    ]
    const scalars = [
      '1',
      '0x1f',
      '0o7',
      '1.5e3',
      '.inf',
      '.nan',
      '~',
      'true',
      'No',
      '2001-12-14',
      '1:30',
      '"\\u00e9"',
      '__proto__',
    ]
    const text = fc.array(fc.constantFrom(...words, ...scalars), { maxLength: 30 }).map((it) => it.join(''))
    fc.assert(
      fc.property(fc.oneof(text, fc.json()), (it) => {
        expect(read(bundled.yaml, it)).toEqual(read(yaml, it))
      }),
      { numRuns: runs(500) },
    )
  })
})

describe("secretlint's preset", () => {
  it('finds the same places of every kind of secret, however it is written', async () => {
    const bodies = bodiesFrom(7)
    let found = 0
    for (const kind of kinds) {
      const { mark, body, behind = '' } = kind.make(bodies)
      for (const carrier of carriers) {
        const text = planted(kind, `${mark}${body}${behind}`, carrier)
        if (text === undefined) continue
        const places = await preset.presetPlaces(text)
        expect(await bundled.preset.presetPlaces(text)).toEqual(places)
        found += places.length
      }
    }
    expect(found).toBeGreaterThan(100)
  })
})

describe('CEL', () => {
  const parsed = ({ parse }: typeof cel, text: string): unknown =>
    answer(() => JSON.stringify(parse(text), (_, it: unknown) => (typeof it === 'bigint' ? `${it}n` : it)))

  it('parses and refuses alike (property)', () => {
    const words = [
      'a',
      'b.c',
      'has(',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '?',
      ':',
      ',',
      '.',
      ' && ',
      ' || ',
      '!',
      '-',
      '+',
      '==',
      '<=',
      ' in ',
      '%',
    ]
    const literals = ['1', '2u', '0x1f', '1.5', 'true', 'null', '"x"', "r'\\d'", 'b"\\x41"', '"""y"""', '\n', '// z']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words, ...literals), { maxLength: 12 }), (it) => {
        expect(parsed(bundled.cel, it.join(''))).toBe(parsed(cel, it.join('')))
      }),
      { numRuns: runs(500) },
    )
  })

  it.each([
    'ai.sessions.all(s, s.level in ["signed", "vouched"]) && !has(ai.x)',
    'a ? b.c[0].d(1, 2u) : {"k": [1.5, -2]}["k"]',
    'T{x: 1}.y.matches(r"^\\d+$") || timestamp("2026-01-01T00:00:00Z") < now',
  ])('parses %s', (text) => {
    expect(parsed(cel, text)).toContain('callExpr')
    expect(parsed(bundled.cel, text)).toBe(parsed(cel, text))
  })
})

describe('TUF', () => {
  it('reads targets that leave some paths to others', () => {
    const keys = roleKeys()
    const files = publication({ targets: { 'a.json': 'x' }, keys, version: 1, delegated: 'registry.npmjs.org/*' })
    const first = signedRoot({ version: 1, keys })
    const names = ({ readFirstRoot, readSeen, namedTarget }: typeof tuf): unknown => {
      const targets = readSeen('targets', readFirstRoot(first), files.get('1.targets.json')!)
      return ['a.json', 'registry.npmjs.org/b.json'].map((it) => namedTarget(targets, it)?.hash)
    }
    expect(JSON.parse(files.get('1.targets.json')!.toString())).toMatchObject({
      signed: { delegations: { roles: [{}] } },
    })
    expect(names(bundled.tuf)).toEqual(names(tuf))
    expect(names(tuf)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), undefined])
  })
})

describe('commander', () => {
  /** All that a small program says and does, on a line. */
  const said = ({ Argument, Command, Option }: typeof commander, line: readonly string[]): readonly string[] => {
    const out: string[] = []
    const write = (text: string): void => void out.push(text)
    const program = new Command('prog')
      .exitOverride()
      .configureOutput({ writeOut: write, writeErr: write })
      .configureHelp({ sortSubcommands: true, showGlobalOptions: true })
      .version('1.2.3')
      .option('-v, --verbose', 'say more')
      .hook('preAction', (_, it) => write(`before ${it.name()}\n`))
      .showSuggestionAfterError()
    const shared = new Option('--level <n>', 'how much').choices(['low', 'high']).default('low')
    program
      .command('make', { isDefault: line.length % 2 === 0 })
      .aliases(['mk'])
      .addArgument(new Argument('<file...>', 'what').argOptional())
      .addOption(shared)
      .addOption(new Option('--quiet').conflicts('loud').implies({ level: 'low' }))
      .addOption(new Option('--loud').hideHelp())
      .addOption(new Option('--no-colour').env('PROG_COLOUR').helpGroup('Looks'))
      .requiredOption('--to <where>', 'where to')
      .action((...given: unknown[]) => write(JSON.stringify(given.slice(0, 2))))
    const group = program.command('group').description('more of them').helpCommand(false)
    group
      .command('one')
      .allowUnknownOption()
      .passThroughOptions(false)
      .action(() => write('one\n'))
    try {
      program.parse(line, { from: 'user' })
    } catch (thrown) {
      const { code, message } = thrown as commander.CommanderError
      out.push(code, message)
    }
    return out
  }

  it('says and does the same on every line (property)', () => {
    const words = [
      'make',
      'mk',
      'maek',
      'group',
      'one',
      'on',
      'help',
      '--help',
      '--version',
      '-v',
      '--verbos',
      '--',
      'x',
    ]
    const options = ['--level', 'high', 'middle', '--quiet', '--loud', '--no-colour', '--to', '--to=a', '--level=low']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words, ...options), { maxLength: 6 }), (line) => {
        expect(said(bundled.commander, line)).toEqual(said(commander, line))
      }),
      { numRuns: runs(300) },
    )
    expect(said(bundled.commander, ['group', '--verbos']).join('')).toContain('Did you mean')
  })

  it('throws all the same where a command is registered wrongly', () => {
    const twice = (it: typeof commander): unknown => answer(() => new it.Command('a').option('--b').option('--b'))
    expect([twice(commander), twice(bundled.commander)]).toEqual([
      expect.stringContaining('conflicting flag'),
      expect.stringContaining('of commander'),
    ])
  })

  it('has no subcommands that are programs', () => {
    const program = new bundled.commander.Command('prog').command('other', 'a program of its own')
    expect(answer(() => program.parse(['other'], { from: 'user' }))).toContain('left out')
  })
})

describe("the root of GitHub's trust", () => {
  it('is the same when it is unpacked', () => {
    const text = readFileSync(join(root, 'src/sigstore/trust/github-tuf-root.json'), 'utf8')
    expect(bundled.carried.default).toEqual(JSON.parse(text))
  })
})
