/**
 * What the product answers, from outside: the built library makes a statement and signs nothing. A process of its own, so that time
 * and memory are the product's. Prints one line of JSON: `node test/evidence-counter/product.ts REPOSITORY [SINCE]`.
 */
const [repository = '.', since] = process.argv.slice(2)

interface Library {
  readonly buildStatement: (request: unknown) => Promise<{
    readonly statement: string
    readonly notes: readonly string[]
  }>
  readonly embeddedSigstore: () => unknown
}
const built = (name: string): Promise<Partial<Library>> =>
  import(new URL(`../../dist/${name}.js`, import.meta.url).href) as Promise<Partial<Library>>
const { buildStatement } = (await built('attest')) as Library
const { embeddedSigstore } = (await built('embedded')) as Library

const started = performance.now()
const { statement, notes } = await buildStatement({
  subjects: { named: [`nothing=sha256:${'0'.repeat(64)}`] },
  sigstore: embeddedSigstore(),
  ...(since === undefined ? { adopt: true } : { since }),
  worktree: 'allow-dirty',
  world: { cwd: repository, env: {} },
})
process.stdout.write(
  `${JSON.stringify({
    ...{ statement: JSON.parse(statement) as unknown, notes },
    seconds: (performance.now() - started) / 1000,
    // Kilobytes, of this process without the git that it ran.
    megabytes: process.resourceUsage().maxRSS / 1000,
  })}\n`,
)
