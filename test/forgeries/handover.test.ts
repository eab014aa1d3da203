/** The forgeries of what is handed over, and what a job finds. */
import { handoverForgeries } from './handover.ts'
import { refusesAll } from './refuses-all.ts'

refusesAll(handoverForgeries)
