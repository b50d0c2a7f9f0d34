/** Of a conversation's title, whoever gives it. */
export const titleMaxCharacters = 120;
