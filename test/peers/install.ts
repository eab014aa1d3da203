/**
 * `node test/peers/install.ts`: installs what is missing in the cache, one tool after the other, with go, pip, npm and Maven.
 * What could not be installed is said here, and again by the suite: the test that needs it fails.
 */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { absenceFile, cacheFolder, isInstalled, keptPath, programPath, toolFolder } from './cache.ts'
import { tools } from './versions.ts'
import type {
  GoModuleTool,
  GoTool,
  MavenTool,
  NpmTool,
  PythonFileTool,
  PythonSourceTool,
  PythonTool,
  Tool,
} from './versions.ts'

// At a low priority (below): the build shares the machine with whatever runs there.
const goEnvironment = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-trimpath', GOWORK: 'off' }
const linkerFlags = '-ldflags=-s -w'
const patience = 30 * 60_000

for (const tool of tools) {
  if (isInstalled(tool)) continue
  const start = Date.now()
  process.stderr.write(`installing ${tool.title} ${tool.version} …\n`)
  const failure = install(tool)
  const seconds = Math.round((Date.now() - start) / 1_000)
  if (failure === undefined) {
    rmSync(absenceFile(tool), { force: true })
    process.stderr.write(`installed ${tool.title} ${tool.version} in ${seconds} s\n`)
    continue
  }
  writeFileSync(absenceFile(tool), failure)
  process.stderr.write(`not installed: ${tool.title} ${tool.version}: ${failure}\n`)
}

/** Undefined, or why it failed. */
function install(tool: Tool): string | undefined {
  mkdirSync(cacheFolder(), { recursive: true })
  switch (tool.kind) {
    case 'go':
      return (
        keepFile(tool) ??
        (existsSync(programPath(tool))
          ? undefined
          : intoPlace(tool, (folder) =>
              run('go', ['install', linkerFlags, `${tool.package}@${tool.version}`], { env: { GOBIN: folder } }),
            ))
      )
    case 'go-module':
      return (
        pinnedOtherwise(tool) ??
        intoPlace(tool, (folder) =>
          run('go', ['build', '-mod=readonly', linkerFlags, '-o', folder, tool.package ?? '.'], { cwd: pins(tool) }),
        )
      )
    case 'python':
      return whole(tool, environment(tool))
    case 'python-source':
      return whole(tool, environment(tool, tool.beside) ?? source(tool, toolFolder(tool)))
    case 'python-file':
      return intoPlace(tool, (folder) => sourceFile(tool, folder))
    case 'npm':
      return npmPackage(tool)
    case 'maven':
      return whole(tool, jars(tool))
  }
}

/** Half an environment would look like a whole one. */
function whole(tool: Tool, failure: string | undefined): string | undefined {
  if (failure !== undefined) rmSync(toolFolder(tool), { recursive: true, force: true })
  return failure
}

function environment(tool: PythonTool | PythonSourceTool, beside: readonly string[] = []): string | undefined {
  const folder = toolFolder(tool)
  return (
    run('python3', ['-m', 'venv', '--clear', folder]) ??
    run(join(folder, 'bin', 'pip'), [
      ...['install', '--quiet', '--disable-pip-version-check', '--constraint', join(pins(tool), 'constraints.txt')],
      ...[`${tool.package}==${tool.version}`, ...beside],
    ])
  )
}

/** The package as its makers released it, and of that one file. */
function sourceFile(tool: PythonFileTool, folder: string): string | undefined {
  const { package: name, version, keeps } = tool
  const member = `${name}-${version}/${keeps}`
  return released(tool, (archive) =>
    run('tar', ['-xzf', archive, '-C', folder, `--strip-components=${keeps.split('/').length}`, member]),
  )
}

/** The same, all of it. */
function source(tool: PythonSourceTool, folder: string): string | undefined {
  return released(tool, (archive) => {
    const unpacked = mkdtempSync(join(folder, 'unpacked-'))
    const failure = run('tar', ['-xzf', archive, '-C', unpacked, '--strip-components=1'])
    if (failure === undefined) renameSync(unpacked, join(folder, 'source'))
    return failure
  })
}

function released(
  { package: name, version }: PythonFileTool | PythonSourceTool,
  unpack: (archive: string) => string | undefined,
): string | undefined {
  const download = mkdtempSync(join(cacheFolder(), 'download-'))
  try {
    const quiet = ['--quiet', '--disable-pip-version-check']
    const sources = ['--no-deps', '--no-binary', ':all:', '--dest', download]
    return (
      run('python3', ['-m', 'pip', 'download', ...quiet, ...sources, `${name}==${version}`]) ??
      unpack(join(download, `${name}-${version}.tar.gz`))
    )
  } finally {
    rmSync(download, { recursive: true, force: true })
  }
}

/** By its lock, without scripts of the packages. */
function npmPackage(tool: NpmTool): string | undefined {
  const folder = toolFolder(tool)
  mkdirSync(folder, { recursive: true })
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(pins(tool), file), join(folder, file))
  const failure = run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder })
  // npm unpacks programs as the archive has them, and this one is no program there.
  if (failure === undefined) chmodSync(programPath(tool), 0o755)
  else rmSync(folder, { recursive: true, force: true })
  return failure
}

/** With all that it stands on. */
function jars(tool: MavenTool): string | undefined {
  const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'
  return run('mvn', ['-q', '-B', '-f', join(pins(tool), 'pom.xml'), plugin, `-DoutputDirectory=${toolFolder(tool)}`])
}

/** What is committed of a tool. */
function pins({ name }: Tool): string {
  return join(import.meta.dirname, 'tools', name)
}

/** The cache and the table go by versions.ts, the build by go.mod: why they do not agree, or undefined. */
function pinnedOtherwise(tool: GoModuleTool): string | undefined {
  const pinned = readFileSync(join(pins(tool), 'go.mod'), 'utf8').split(/\s+/)
  const agrees = pinned[pinned.indexOf(tool.module) + 1] === tool.version
  return agrees ? undefined : `tools/${tool.name}/go.mod does not require ${tool.module} ${tool.version}`
}

/** The module's own file, as it was released. */
function keepFile(tool: GoTool): string | undefined {
  const kept = keptPath(tool)
  if (kept === undefined || tool.keeps === undefined) return undefined
  const { status, stdout, stderr } = spawnSync('go', ['mod', 'download', '-json', `${tool.package}@${tool.version}`], {
    env: { ...process.env, ...goEnvironment },
    encoding: 'utf8',
    timeout: patience,
  })
  if (status !== 0) return reasonOf(stderr)
  const { Dir: module } = JSON.parse(stdout) as { Dir: string }
  mkdirSync(toolFolder(tool), { recursive: true })
  // By its bytes: the files of the module cache may not be written, and a copy would not be either.
  writeFileSync(kept, readFileSync(join(module, tool.keeps)))
  return undefined
}

/** Builds into a folder of its own and renames: a program in the cache is a whole one, and two may both be called `posix`. */
function intoPlace(tool: Tool, build: (folder: string) => string | undefined): string | undefined {
  const folder = mkdtempSync(join(cacheFolder(), 'build-'))
  try {
    const failure = build(folder)
    if (failure !== undefined) return failure
    const [binary] = readdirSync(folder)
    if (binary === undefined) return 'the build left no program'
    mkdirSync(toolFolder(tool), { recursive: true })
    renameSync(join(folder, binary), programPath(tool))
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface RunOptions {
  readonly env?: { readonly [name: string]: string }
  readonly cwd?: string
}

function run(command: string, args: readonly string[], { env, cwd }: RunOptions = {}): string | undefined {
  const { status, error, stderr } = spawnSync('nice', ['-n', '15', command, ...args], {
    cwd,
    env: { ...process.env, ...goEnvironment, ...env },
    encoding: 'utf8',
    timeout: patience,
    maxBuffer: 64 * 1024 * 1024,
  })
  if (error !== undefined) return error.message
  if (status === 0) return undefined
  return `${command} ${args[0] ?? ''}: ${reasonOf(stderr)}`
}

/** The reason alone, without addresses: docs/interop.md prints it, and where packages come from has no place there. */
function reasonOf(stderr: string): string {
  const [reason = ''] = stderr.trim().split('\n').slice(-1)
  return reason.replace(/https?:\/\/\S+/g, 'its address').trim() || 'no reason given'
}
