import fc from 'fast-check';

/** One thing a generated history does; numbers are taken modulo what there is, so that every list of them makes sense. */
export type Act =
  | { kind: 'edit'; file: number; at: number; remove: number; insert: number; also: number | undefined }
  | { kind: 'add'; name: number; lines: number }
  | { kind: 'delete'; file: number }
  | { kind: 'move'; file: number; name: number; edit: boolean }
  | { kind: 'revert'; unit: number }
  | { kind: 'release'; at: number; file: number }
  | { kind: 'odd'; what: (typeof odd)[number]; file: number }
  | { kind: 'empty' };

/** A unit of the development branch: straight on it, or merged from branches that began `back` units earlier. */
export interface Shape {
  acts: Act[];
  sides: number;
  back: number;
  /** The merge was resolved by hand: it holds a line that neither side has. */
  byHand: boolean;
  pullRequest: number | undefined;
  /** Someone picked it to production, where it fits. */
  picked: boolean;
}

export interface History {
  units: Shape[];
  /** Files the base has. */
  files: number;
  /** Something of its own happened on the base. */
  hotfix: boolean;
}

const odd = ['mode', 'symlink', 'submodule', 'binary', 'folder', 'name', 'no newline', 'back'] as const;

const small = fc.nat({ max: 40 });
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('edit'),
      file: small,
      at: small,
      remove: fc.nat({ max: 3 }),
      insert: fc.nat({ max: 3 }),
      also: fc.option(small, { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add'), name: small, lines: fc.nat({ max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete'), file: small }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('move'), file: small, name: small, edit: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('revert'), unit: small }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release'), at: small, file: small }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('odd'), what: fc.constantFrom(...odd), file: small }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('empty') }) },
);

const unit: fc.Arbitrary<Shape> = fc.record({
  acts: fc.array(act, { minLength: 1, maxLength: 2 }),
  sides: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.constant(2) },
  ),
  back: fc.nat({ max: 4 }),
  byHand: fc.boolean(),
  pullRequest: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined, freq: 2 }),
  picked: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

/** Histories of up to `most` waiting units. */
export function histories(most: number): fc.Arbitrary<History> {
  return fc.record({
    units: fc.array(unit, { minLength: 2, maxLength: most }),
    files: fc.integer({ min: 1, max: 4 }),
    hotfix: fc.oneof(
      { weight: 6, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  });
}
