import { describe, expect, it } from 'vitest';
import { onlyInBodies, withoutBodies } from '../../../src/planning/detectors/api/bodies.ts';
import { offerOf } from '../../../src/planning/detectors/api/offers.ts';
import type { FileDiff } from '../../../src/planning/diff.ts';

const module = `
import { a } from './a.ts';

export function one(first: string) {
  secret();
}

export async function two(
  first: string,
): Promise<void> {
  secret();
}

export function three(): {
  kept: string;
} {
  kept(); // what follows a type written over several lines is not recognised
}

export const four = {
  kept() {
    kept();
  },
};

export const ten = async (first: string): Promise<void> => {
  secret();
};

const eleven: Twelve<string> = function (first) {
  secret();
};

const thirteen: () => {
  kept: string;
} = () => fourteen();

export abstract class Five<T> extends Six {
  kept: string;
  typed: () => {
    kept: string;
  };

  constructor(private readonly kept: string) {
    secret();
  }

  static seven(
    first: T,
  ): void {
    secret();

    secret();
  }

  #eight = async (first: string) => {
    secret();
  };

  is(first: unknown): first is {
    kept: string;
  } {
    kept();
  }

  abstract kept: {
    kept: string;
  };
}

interface Nine {
  kept(): {
    kept: string;
  };
}
`;

describe('modules without the bodies of their functions', () => {
  const stripped = withoutBodies(module);

  it('D4 loses bodies of functions and methods, and no declaration', () => {
    expect(stripped).not.toContain('secret');
    expect(stripped.split('kept')).toHaveLength(module.split('kept').length);
    expect([...(offerOf('module.ts', stripped) ?? [])]).toEqual([...(offerOf('module.ts', module) ?? [])]);
  });

  it.each<[string, text: string]>([
    ['a template at the left edge', 'export function one() {\n  return `\nexport const two = 1;\n`;\n}\n'],
    ['one in a class', 'export class A {\n  one() {\n    return `\n  x`;\n  }\n}\n'],
    ['a body that never ends', 'export function one() {\n  two();\n'],
  ])('D4 leaves %s as it is', (_, text) => {
    expect(withoutBodies(text)).toBe(text);
  });

  it.each(
    [...module.split('\n').entries()].flatMap(([index, text]) =>
      /secret|kept/u.test(text) ? [{ line: index + 1, text, inBody: text.includes('secret') }] : [],
    ),
  )('D4 tells whether a change of line $line is in a body: $inBody', ({ line, text, inBody }) => {
    const changed = [{ line, text }];
    const file: FileDiff = {
      path: 'a.ts',
      oldPath: 'a.ts',
      status: 'modified',
      additions: 1,
      deletions: 1,
      binary: false,
      hunks: [],
      added: changed,
      removed: changed,
    };
    expect(onlyInBodies(file, { before: module, after: module })).toBe(inBody);
  });
});

function changed(text: string, numbers: readonly number[]): FileDiff {
  const lines = text.split('\n');
  return {
    path: 'a.ts',
    oldPath: 'a.ts',
    status: 'modified',
    oldBlob: '1'.repeat(40),
    newBlob: '2'.repeat(40),
    additions: numbers.length,
    deletions: 0,
    binary: false,
    hunks: [],
    added: numbers.map((line) => ({ line, text: lines[line - 1] ?? '' })),
    removed: [],
  };
}

describe('D4 changed lines', () => {
  it('are in bodies when each of them is, whatever stands between them', () => {
    const text = 'function a() {\n  x;\n  y;\n}\nexport const b = {\n  c: 1,\n};\nfunction d() {\n  z;\n}\n';
    const told = (...numbers: number[]) =>
      onlyInBodies(changed(text, numbers), { before: text, after: text });
    expect(told(2, 3, 9)).toBe(true);
    expect(told(2, 6)).toBe(false);
    expect(told(2, 6, 9)).toBe(false);
    expect(told(6)).toBe(false);
  });

  it('of one endless body are told in time that grows with its lines alone', () => {
    const rows = 330_000;
    const text = `function a() {\n${' a\n'.repeat(rows)}}\n`;
    const last = Array.from({ length: 2000 }, (_, i) => rows - 2000 + i);
    const file = changed(text, last);
    // Each line that looks for its outer line by itself makes minutes of this: the test's time limit would end it.
    for (let i = 0; i < 8; i += 1) expect(onlyInBodies(file, { before: text, after: text })).toBe(true);
  });
});
