/** A list as a sentence has it: `Ana`, `Ana or Bo`, `Ana, Bo or Cy`. */
export function listedWords(words: readonly string[], last: 'and' | 'or'): string {
  const end = words.at(-1) ?? 'nobody';
  return words.length < 2 ? end : `${words.slice(0, -1).join(', ')} ${last} ${end}`;
}
