/** `node typeset.ts MODULE IN OUT`: a log, as JSON in IN, as PDF, by our own code and the package that stands at MODULE. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { ReasoningLog } from '../../src/model/reasoning-log.ts'
import { typesetPdf } from '../../src/platform/typst.ts'
import { typstData, typstSource } from '../../src/report/reasoning/typst.ts'

const [module = '', from = '', to = ''] = process.argv.slice(2)
const log = JSON.parse(readFileSync(from, 'utf8')) as ReasoningLog
const load = (): unknown => createRequire(import.meta.url)(module) as unknown
writeFileSync(to, typesetPdf(typstSource, { data: typstData(log) }, load))
