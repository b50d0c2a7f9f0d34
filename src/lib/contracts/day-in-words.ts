/** "November 25, 2026": the day of a time, the same on the server and in every browser, or a page would change under its reader. */
export function dayInWords(at: number): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(at);
}
