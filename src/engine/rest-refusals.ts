import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { HistoryRow } from '../domain/memory.ts';
import type { Remainder, Suspected } from '../domain/rest.ts';
import { safeText } from '../domain/safe-text.ts';

/** A feature to leave out that the failed candidate had not. */
export function unknownFeature(d: Deployment, id: string, suspected: readonly Suspected[]): OrchestraError {
  const known = suspected.slice(0, 20).map((one) => one.id);
  return new OrchestraError(
    'unknown-feature',
    `${d.id} shipped no feature that is called "${safeText(id, 100)}"`,
    {
      exit: exitCode.usage,
      hint: `it shipped ${known.join(', ')}${suspected.length > known.length ? ' and more' : ''}`,
      details: { id: safeText(id, 100) },
    },
  );
}

/** Nothing can ship: what is left needs what is left out, was there for its sake alone, or serves already. */
export function nothingLeft(
  d: Deployment,
  { kept, without, shipped }: Remainder,
  rows: readonly HistoryRow[],
): OrchestraError {
  const names = without.map(({ id }) => id).join(', ');
  if (shipped.length > 0 && kept.length === 0) {
    const by = rows.find((row) => row.restOf === d.id && row.outcome === 'succeeded');
    return new OrchestraError(
      'rest-shipped',
      `all the rest of ${d.id} has shipped already${by ? `, with ${by.id}` : ''}: only ${names || 'nothing'} waits`,
      { exit: exitCode.usage, hint: 'mend it on the development branch, then deploy it' },
    );
  }
  const needing = without.filter(({ kind }) => kind === 'needs');
  const why = [
    ...needing.map(({ id, why: reason }) => `${id}: ${reason}`),
    ...(kept.length > 0 ? [`${kept.join(', ')} was in it only because others needed it`] : []),
  ];
  return new OrchestraError(
    'nothing-left',
    `nothing of ${d.id} is left without ${without.find(({ kind }) => kind !== 'needs')?.id ?? names}${why.length > 0 ? ` (${why.slice(0, 5).join('; ')})` : ''}`,
    {
      exit: exitCode.usage,
      hint: 'mend it on the development branch, then deploy it; or choose anew from what waits',
      details: { without },
    },
  );
}

/** The proof asks for what is left out, and nobody can be left out for that. */
export function notWithout(
  d: Deployment,
  back: readonly { id: string; because: readonly string[] }[],
): OrchestraError {
  return new OrchestraError(
    'not-proved',
    `the rest of ${d.id} does not build a candidate without ${back.map(({ id }) => id).join(', ')}: ${back[0]?.because[0] ?? 'it conflicts'}`,
    { exit: exitCode.gateRefused, hint: 'leave out more with --without, or choose anew from what waits' },
  );
}
