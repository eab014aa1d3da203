/** The forgeries of verification summaries. */
import { refusesAll } from './refuses-all.ts'
import { summaryForgeries } from './summary.ts'

refusesAll(summaryForgeries)
