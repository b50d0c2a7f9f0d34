/** `searchPages` -> "search pages". */
export function capabilityInWords(capability: string): string {
  return capability.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();
}

/** `tool_refresh` or `tool-refresh` -> "Tool refresh". */
export function jobTypeInWords(type: string): string {
  const words = type.replace(/[_-]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
