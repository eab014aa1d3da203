/** In a process of its own: megabytes that a file costs at the peak, above what the process has with its code. */
import { inspectFile } from '../../src/inspect/inspect.ts'
import { indexBundleFile } from '../../src/store/bundle-index.ts'

const [what, path = ''] = process.argv.slice(2)
const before = process.resourceUsage().maxRSS
// What becomes of the file is for other tests.
await (what === 'inspect' ? inspectFile(path) : indexBundleFile(path)).catch(() => undefined)
process.stdout.write(String((process.resourceUsage().maxRSS - before) / 1_024))
