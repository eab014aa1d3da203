/** The lineage of a release: what it says of statements, and what may be drawn of texts from outside. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const drawn = ['graph/lineage.test.ts']
const asked = ['cli/graph.test.ts']

export const graph: readonly Edit[] = [
  ...inFile('graph/change-lineage.ts', drawn, [
    {
      rule: 'A review by an agent, taken for that of a person',
      find: 'reviews.filter(({ agent }) => agent === undefined || agent === null)',
      replace: 'reviews',
    },
    {
      rule: 'An approval that did not see the last commit of AI',
      find: "order === 'after-last-ai' && ",
      replace: '',
    },
    { rule: 'A verdict that is no approval', find: " && verdict === 'approved'", replace: '' },
    {
      rule: 'What nobody looked for, as none',
      find: "why: looked[missing] ? 'none' : 'not-looked'",
      replace: "why: 'none'",
    },
    {
      rule: 'Reviews of another change, as looked for in this one',
      find: 'review: isTold(context.reviews)',
      replace: "review: saw('reviews')",
    },
  ]),
  ...inFile('graph/lineage.ts', drawn, [
    {
      rule: 'Another story of the same commit, under a build that does not name it',
      find: 'it.sha256 === undefined ? it.commit === commit : it.sha256 === changeStatement',
      replace: 'it.commit === commit',
    },
    {
      rule: 'A story under a build that names none',
      find: 'if (changeStatement === undefined) return undefined',
      replace: '',
    },
  ]),
  ...inFile('report/lineage/mermaid.ts', drawn, [
    {
      rule: 'A text that draws an arrow',
      find: '/[\\p{L}\\p{N} .,:/@_+…-]/u.test(it)',
      replace: 'true',
    },
  ]),
  ...inFile('report/lineage/dot.ts', drawn, [
    { rule: 'A text that ends its own quotes', find: ".replace(/[\\\\\"]/g, '\\\\$&')", replace: '' },
  ]),
  ...inFile('cli/commands/graph.ts', asked, [
    {
      rule: 'A bundle that was not read, and nobody is told',
      find: 'for (const it of problems) say(',
      replace: 'for (const it of []) say(',
    },
  ]),
  ...inFile('cli/commands/question-flags.ts', asked, [
    {
      rule: 'What is asked of a verification, and none is made',
      find: 'if (needless === undefined) return',
      replace: 'if (true) return',
    },
  ]),
]
