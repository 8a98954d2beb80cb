import type { Feature } from '../../src/domain/feature.ts';
import type { CommitNote } from '../../src/domain/feature-diff.ts';
import type { FeatureReading } from '../../store/state.ts';
import { wrap } from '../fit.ts';
import { blank, type Line, span } from '../theme.ts';

/** `2026-11-20 09:30` of an ISO 8601 date. */
export function dayAndTime(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}

function commitLines({ sha, author, at, subject, body, merge }: CommitNote, width: number): Line[] {
  const wrapped = wrap(subject || 'no message', width);
  return [
    [
      span(sha.slice(0, 8), 'accent'),
      span(`  ${dayAndTime(at)}  `, 'quiet'),
      span(author),
      ...(merge ? [span('  merge', 'quiet')] : []),
    ],
    ...wrapped.map((text): Line => [span(text, 'plain', true)]),
    ...body.flatMap((line) => wrap(line, width - 2).map((text): Line => [span(`  ${text}`, 'quiet')])),
    blank,
  ];
}

/** A feature's commits as their authors wrote them, oldest first; their shas alone until git has said more. */
export function commitsLines(feature: Feature, commits: FeatureReading['commits'], width: number): Line[] {
  if (commits.status === 'failed')
    return [
      ...wrap(`The commits cannot be read: ${commits.problem.message}`, width).map((text) => [
        span(text, 'bad'),
      ]),
      ...wrap(`→ ${commits.problem.hint}`, width).map((text) => [span(text, 'quiet')]),
      blank,
      ...feature.commits.map((sha): Line => [span(sha.slice(0, 8), 'accent')]),
    ];
  if (commits.status !== 'loaded')
    return feature.commits.map((sha): Line => [span(sha.slice(0, 8), 'accent')]);
  const lines = commits.notes.flatMap((note) => commitLines(note, width));
  const more = feature.commits.length - commits.notes.length;
  return more > 0 ? [...lines, [span(`and ${more} more`, 'quiet')]] : lines.slice(0, -1);
}
