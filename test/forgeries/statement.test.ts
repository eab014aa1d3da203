/** The forgeries of what is signed. */
import { statementForgeries } from './statement.ts'
import { refusesAll } from './refuses-all.ts'

refusesAll(statementForgeries)
