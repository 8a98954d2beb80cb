import { describe, expect, it } from 'vitest';
import { seeded } from '../../bench/judge/random.ts';
import { adviceFor, isAdvised } from '../../bench/teams/advice.ts';
import { live, nothingLearned } from '../../bench/teams/life.ts';
import { drawChange, teamsSimulated } from '../../bench/teams/team.ts';
import type { Patterns } from '../../src/domain/memory.ts';

const noon = new Date('2027-01-04T12:00:00.000Z');

/** Changes that no team has seen, by whether they are of the kind that fails. */
function shown(fails: (change: ReturnType<typeof drawChange>) => boolean) {
  const random = seeded(7);
  const changes = Array.from({ length: 400 }, (_, i) => drawChange(random, 5_000_000 + i));
  return (patterns: Patterns) => {
    const advised = changes.flatMap((_, i) =>
      i % 20 === 0 ? adviceFor(changes.slice(i, i + 20), patterns, noon).map(isAdvised) : [],
    );
    const share = (kind: boolean) => {
      const of = changes.flatMap((change, i) => (fails(change) === kind ? [advised[i] === true] : []));
      return of.filter(Boolean).length / of.length;
    };
    return { failing: share(true), others: share(false) };
  };
}

function learned(name: string, deployments: number): Patterns {
  const team = teamsSimulated.find((one) => one.name === name);
  if (!team) throw new Error(`no team ${name}`);
  let patterns = nothingLearned;
  live(team, seeded(3), [deployments], (_, after) => {
    patterns = after;
  });
  return patterns;
}

describe('S6 a team that ships by the advice, which learns', () => {
  it('is advised less and less of the kind of change that fails, and of the others still', () => {
    const look = shown(({ type }) => type === 'perf');
    const [before, after] = [look(nothingLearned), look(learned('type', 40))];
    expect(before.failing).toBeGreaterThan(0.8);
    expect(after.failing).toBeLessThan(0.3);
    expect(after.others).toBeGreaterThan(0.6);
  });

  it('lives the same life twice', () => {
    expect(learned('size', 5)).toEqual(learned('size', 5));
  });
});
