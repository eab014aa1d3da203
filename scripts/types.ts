/** src → dist/types: the declarations of what is public. */
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeDeclarations } from './package/declarations.ts'
import { subpaths } from './package/subpaths.ts'

const folder = fileURLToPath(new URL('../dist/types/', import.meta.url))
rmSync(folder, { recursive: true, force: true })
await writeDeclarations(subpaths, folder)
