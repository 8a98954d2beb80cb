/** What failed and what to do next, as two sentences on one line. */
export function inSentences({ message, hint }: { message: string; hint: string }): string {
  return `${message}${/[.!?:;…]$/u.test(message) ? '' : '.'} ${hint}`;
}
