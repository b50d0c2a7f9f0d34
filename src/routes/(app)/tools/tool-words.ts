/** "The tools can search Jira issues." -> "Search Jira issues", as an entry of a list. */
export function abilityInWords(hint: string): string {
  const ability = hint.replace(/^The tools can /, '').replace(/\.$/, '');
  return ability.charAt(0).toUpperCase() + ability.slice(1);
}

/** `tool_refresh` or `tool-refresh` -> "Tool refresh". */
export function jobTypeInWords(type: string): string {
  const words = type.replace(/[_-]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
