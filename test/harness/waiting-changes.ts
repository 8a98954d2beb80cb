import { gitIn } from './git-in.ts';

const lines = (n: number, text: string) =>
  Array.from({ length: n }, (_, i) => `export const ${text}${i} = ${i};\n`).join('');

const small = (i: number) => ({
  [`src/piece${i}/small${i}.mjs`]: lines(4 + (i % 9), 'part'),
  [`test/small${i}.test.mjs`]: lines(3, 'case'),
});
const large = (i: number) =>
  Object.fromEntries(
    Array.from({ length: 6 }, (_, part) => [`src/wide${i}/part${part}/code.mjs`, lines(110, 'line')]),
  );

const many = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

/** More changes than anybody can weigh by hand, each in files of its own; the ones to be careful with came first. */
const changes: readonly { message: string; files: Record<string, string> }[] = [
  ...many(8, (i) => ({ message: `refactor(wide${i}): all of part ${i}`, files: large(i) })),
  ...many(2, (i) => ({
    message: `feat(old${i})!: the old way ${i} is gone`,
    files: { [`src/old${i}.mjs`]: lines(5, 'old') },
  })),
  ...many(5, (i) => ({ message: `docs: page ${i}`, files: { [`docs/page${i}.md`]: `# Page ${i}\n` } })),
  ...many(8, (i) => ({
    message: `feat(middle${i}): a thing nobody tested ${i}`,
    files: { [`src/middle${i}/code.mjs`]: lines(90, 'line') },
  })),
  ...many(30, (i) => ({
    message: i % 3 === 0 ? `fix(piece${i}): mend small thing ${i}` : `feat(piece${i}): small thing ${i}`,
    files: small(i),
  })),
  {
    message: 'fix(greeter): do not greet with what a header says\n\nCVE-2026-31337',
    files: { 'src/header.mjs': lines(6, 'header'), 'test/header.test.mjs': lines(3, 'case') },
  },
];

/** How many changes `addChanges` commits. */
export const changesWaiting = changes.length;

/** Commits them on the branch that is checked out, each as a pull request of its own from number 101 on. */
export function addChanges(repository: string): void {
  const git = gitIn(repository);
  for (const [i, { message, files }] of changes.entries()) {
    const [subject = '', ...body] = message.split('\n');
    git.write(files);
    git.commit([`${subject} (#${101 + i})`, ...body].join('\n'));
  }
}
