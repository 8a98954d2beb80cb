import { counted } from '../../src/domain/counted.ts';
import { inSentences } from '../../src/domain/in-sentences.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import type { Need, Place, ProofState } from '../../store/state.ts';
import { type Line, span } from '../theme.ts';

/** How many of several places one line names. */
const namedPlaces = 3;

function placesText(places: readonly Place[]): string {
  const named = places.slice(0, namedPlaces).map((c) => safeText(`${c.id} in ${c.path}`));
  const more = places.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function needLines(needs: readonly Need[]): Line[] {
  const lines = needs
    .slice(0, namedPlaces)
    .map(({ id, because }): Line => [
      span('  + ', 'ok'),
      span(safeText(because.at(-1) ?? `it also needs ${id}`), 'accent'),
    ]);
  const more = needs.length - lines.length;
  return more > 0 ? [...lines, [span(`  + ${more} more; each says why under enter`, 'quiet')]] : lines;
}

/** What is known of whether the selection can stand alone on the base; the first line is the state. */
export function proofLines(proof: ProofState): [Line, ...Line[]] {
  switch (proof.kind) {
    case 'none':
      return [[span('Nothing to prove yet.', 'quiet')]];
    case 'proving':
      return [[span(' proving that it applies on the base …', 'quiet')]];
    case 'proved':
      return [
        [
          span('✔ proved', 'ok', true),
          span(
            `: tree ${proof.tree.slice(0, 8)}, ${counted(proof.rounds, 'round')}${proof.rest.length === 0 ? '; the rest can follow' : ''}`,
          ),
        ],
        ...needLines(proof.needs),
        ...(proof.rest.length > 0
          ? [[span(`! the rest does not follow cleanly: ${placesText(proof.rest)}`, 'warn')] satisfies Line]
          : []),
      ];
    case 'refused':
      return [
        [span('✖ does not apply', 'bad', true), span(`: ${placesText(proof.conflicts)}`, 'bad')],
        ...needLines(proof.needs),
      ];
    case 'failed':
      return [[span('! cannot be proved', 'warn', true), span(`: ${inSentences(proof.problem)}`, 'warn')]];
    default:
      return proof satisfies never;
  }
}
