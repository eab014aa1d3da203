/** The forgeries of the certificate, the log and the time. */
import { materialForgeries } from './material.ts'
import { refusesAll } from './refuses-all.ts'

refusesAll(materialForgeries)
