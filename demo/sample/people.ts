/** The shop's invented authors, by the name the change files call them. */
export const people = {
  ana: { name: 'Ana Duarte', email: 'ana@shop.example' },
  ben: { name: 'Ben Okafor', email: 'ben@shop.example' },
  chiara: { name: 'Chiara Conti', email: 'chiara@shop.example' },
  dmitri: { name: 'Dmitri Volkov', email: 'dmitri@shop.example' },
  emma: { name: 'Emma Larsen', email: 'emma@shop.example' },
  farid: { name: 'Farid Rahimi', email: 'farid@shop.example' },
} as const;

export type Person = keyof typeof people;

/** Whether a word is one of the authors' short names. */
export function isPerson(word: string): word is Person {
  return Object.hasOwn(people, word);
}
