/** The forgeries of deployments. */
import { deploymentForgeries } from './deployment.ts'
import { refusesAll } from './refuses-all.ts'

refusesAll(deploymentForgeries)
