/** The forgeries of waivers and of policies. */
import { policyForgeries } from './policy.ts'
import { refusesAll } from './refuses-all.ts'

refusesAll(policyForgeries)
