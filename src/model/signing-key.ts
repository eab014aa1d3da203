/** Whether the key by which records of sessions are to be signed can be used: what is wrong with it, in words, and what to do. */
export const keyProblems = {
  'key-unnamed': 'no key is named: git config countersign.signingKey ~/.ssh/id_ed25519',
  'key-missing':
    'the file of the key is not there: make it (ssh-keygen -t ed25519), or name another (git config countersign.signingKey FILE)',
  'key-malformed': 'it is no SSH key: name one (git config countersign.signingKey FILE)',
  'key-locked': 'the key needs a passphrase, or its file may not be read, and no agent has it: ssh-add',
  'key-not-in-agent': 'only the public half is here, and the agent has not the other: ssh-add',
  'agent-missing': 'only the public half is here, and no agent runs (SSH_AUTH_SOCK)',
  'program-missing': 'the program that signs is not there: install OpenSSH (ssh-keygen), or see gpg.ssh.program',
  'program-other': 'gpg.ssh.program names another program, which was not asked',
  'key-unread': 'it is named by a place that git alone can expand',
} as const
export type KeyProblem = keyof typeof keyProblems

/** `unknown`: it may be usable, and nobody can say without signing. */
export type SigningKeyState =
  { readonly state: 'usable' } | { readonly state: 'unusable' | 'unknown'; readonly code: KeyProblem }
