/** In a process of its own: megabytes that a file costs at the peak, above what the process has with its code. */
const [what, path = ''] = process.argv.slice(2)
// Neither loads the code of the other, which takes longer than most of what is measured.
const read =
  what === 'inspect'
    ? (await import('../../src/inspect/inspect.ts')).inspectFile
    : (await import('../../src/store/bundle-index.ts')).indexBundleFile
const before = process.resourceUsage().maxRSS
// What becomes of the file is for other tests.
await read(path).catch(() => undefined)
process.stdout.write(String((process.resourceUsage().maxRSS - before) / 1_024))
