import { expect, test } from 'vitest'
import { levelReason } from '../../src/model/level-words.ts'

test.for<[Parameters<typeof levelReason>[0], RegExp[], RegExp[]]>([
  [{ level: 'claimed' }, [/no record/], [/signed/]],
  [{ level: 'claimed', signers: ['person'] }, [/no record/, /names it is signed by a person$/], []],
  [{ level: 'claimed', signers: ['forge', 'person'] }, [/by a forge and a person$/], []],
  [{ level: 'recorded' }, [/record was found/, /nobody whose key is known/], []],
  [{ level: 'recorded', recordSigner: 'forge' }, [/signed by a forge/, /whatever is typed/], []],
  [{ level: 'signed', recordSigner: 'agent-platform' }, [/signed by an agent platform/, /no receipt/], []],
  [{ level: 'vouched', recordSigner: 'person' }, [/a receipt of an independent party agrees/], [/no receipt/]],
  // A later version knows more kinds; a forger writes anything.
  [{ level: 'claimed', signers: ['a\n::error::robot'] }, [/^[^\n]*robot[^\n]*$/], []],
])('the reason of %j', ([session, present, absent]) => {
  const reason = levelReason(session)
  for (const words of present) expect(reason).toMatch(words)
  for (const words of absent) expect(reason).not.toMatch(words)
})
