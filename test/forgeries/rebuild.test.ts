/** The forgeries of rebuilds. */
import { rebuildForgeries } from './rebuild.ts'
import { refusesAll } from './refuses-all.ts'

refusesAll(rebuildForgeries)
