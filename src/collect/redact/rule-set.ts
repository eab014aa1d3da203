// Made by scripts/redaction-rules.ts (npm run tables) from the files of this folder and the versions of the rules that they use.
/** SHA-256 over what decides which texts are secrets: two records that have the same were redacted alike. */
export const ruleSet = 'e1216af312e870ba918d6a739a733f4a11bfab57413dc7492bf69de16b6f09dc'
