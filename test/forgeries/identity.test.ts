/** The forgeries of who signed, or says so. */
import { identityForgeries } from './identity.ts'
import { refusesAll } from './refuses-all.ts'

refusesAll(identityForgeries)
