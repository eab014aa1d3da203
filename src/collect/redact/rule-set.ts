// Made by scripts/redaction-rules.ts (npm run tables) from the files of this folder and the versions of the rules that they use.
/** SHA-256 over what decides which texts are secrets: two records that have the same were redacted alike. */
export const ruleSet = 'af1a8c823a196d74f531c2dd62d369e3a3597370ad25a5478506d5b1d961cf70'
