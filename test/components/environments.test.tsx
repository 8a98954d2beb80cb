import { describe, expect, it } from 'vitest';
import { environmentLines } from '../../components/details/environment.ts';
import { apartLines } from '../../components/details/apart.ts';
import { widthOf } from '../../components/fit.ts';
import { clip } from '../../components/Lines.tsx';
import { environmentsLines } from '../../components/panes/EnvironmentsPane.tsx';
import type { Line } from '../../components/theme.ts';
import { whyNot } from '../../store/commands/registry.ts';
import { createUiStore } from '../../store/create-store.ts';
import type { ReportsState, UiState } from '../../store/state.ts';

type Report = Extract<ReportsState, { status: 'loaded' }>['reports'][number];

const now = Date.parse('2026-11-21T12:00:00.000Z');
const v1 = { sha: '1'.repeat(40), name: 'v1' };
const v2 = { sha: '2'.repeat(40), name: 'v2' };
const waits = { id: 'pr-8', title: 'feat(search): by colour', type: 'feature', pulledIn: false };

function report(name: string, part: Partial<Report> = {}): Report {
  return {
    state: {
      name,
      description: undefined,
      url: 'http://127.0.0.1:8080',
      deployed: v1,
      serving: true,
      active: undefined,
      runs: { since: '2026-11-21T09:00:00.000Z', deployment: '20261121_085900', verified: true },
    },
    lock: { kind: 'free' },
    places: [],
    drift: [],
    problems: [],
    ...part,
  };
}

const production = report('production', {
  before: { environment: 'staging', because: 'pipeline' },
  apart: {
    a: { environment: 'staging', version: v2 },
    b: { environment: 'production', version: v1 },
    same: false,
    onlyA: [
      { ...waits, commits: [{ sha: '8'.repeat(40), subject: 'feat(search): by colour', author: 'Bea' }] },
    ],
    onlyB: [],
  },
  lock: {
    kind: 'held',
    deployment: '20261121_115500',
    owner: 'Ada',
    since: '2026-11-21T11:55:00.000Z',
    pid: undefined,
  },
  underWay: {
    id: '20261121_115500',
    kind: 'deploy',
    stage: 'production',
    status: 'paused',
    phase: 'canary 50 %',
    weight: 50,
    to: 'v2',
    by: 'Ada',
    since: '2026-11-21T11:55:00.000Z',
    approval: { since: '2026-11-21T11:58:00.000Z', notBy: 'Ada' },
  },
  drift: [{ about: 'process', tone: 'bad', text: 'no process of v1 (1111111) runs' }],
});

function stateOf(reports: readonly Report[], session: Partial<UiState['session']> = {}): UiState {
  const state = createUiStore({ columns: 120, rows: 40 }, now).getState();
  return {
    ...state,
    environments: reports.map((r) => r.state),
    environment: 'staging',
    reports: { status: 'loaded', reports, at: now },
    session: { ...state.session, view: 'environments', ...session },
  };
}

const textOf = (lines: readonly Line[]) => lines.map((line) => line.map((s) => s.text).join('')).join('\n');
const both = [report('staging'), production];

describe('E2 environments side by side', () => {
  it('shows each with what serves, drift, what waits, its lock and what is under way', () => {
    const state = stateOf(both);
    const text = textOf(environmentsLines(state, 98, 36).lines);
    expect(text).toMatch(/▸ \* staging {5}● serving {2}v1 \(1111111\) .*✔ none/u);
    expect(text).toMatch(/production .*✖ 1 .*1 behind .*✖ stale .*WAITS: approve/u);
  });

  it('says of the one under the cursor what is wrong, who holds it, what waits, and which key helps', () => {
    const { cursors } = stateOf(both).session;
    const state = stateOf(both, { cursors: { ...cursors, environments: 1 } });
    const text = textOf(environmentsLines(state, 98, 36).lines);
    expect(text).toContain('drift        ✖ no process of v1 (1111111) runs');
    expect(text).toContain('gone: U frees it');
    expect(text).toContain('waits for a yes to all traffic since 2 min ago: P gives it, not Ada, who');
    expect(text).toContain('behind       1 in staging, not here: feat(search): by colour');
    expect(text).toContain('since        3 h ago, by 20261121_085900; seen healthy with all traffic');
  });

  it.each([40, 58, 98, 178, 228])(
    'never draws wider than %i cells, whatever names and texts hold',
    (width) => {
      const hostile = report('日本語-\u202eevil\u001b]0;x\u0007', {
        ...production,
        drift: [{ about: 'router', tone: 'bad', text: `bad\u001b[2J ${'宽'.repeat(200)}` }],
      });
      const reports = [report('staging'), hostile];
      const drawn = [
        ...environmentsLines(stateOf(reports), width, 30).lines,
        ...environmentLines(hostile, now, width),
      ];
      for (const line of drawn) {
        const text = clip(line, width)
          .map((s) => s.text)
          .join('');
        expect(widthOf(text)).toBe(width);
        // oxlint-disable-next-line no-control-regex
        expect(text).not.toMatch(/[\u0000-\u001f\u202e]/u);
      }
    },
  );

  it('compares two with features and commits, and says so where nothing is apart', () => {
    const { apart } = production;
    const lines = apartLines(
      { kind: 'apart', a: 'staging', b: 'production', ...(apart ? { apart } : {}) },
      80,
    );
    expect(textOf(lines)).toContain('only in staging: 1 feature, 1 commit');
    expect(textOf(lines)).toContain('8888888 feat(search): by colour  Bea');
    expect(textOf(lines)).toContain('nothing: staging has all of it');
    const equal = {
      a: { environment: 'a', version: v1 },
      b: { environment: 'b', version: v1 },
      same: true,
      onlyA: [],
      onlyB: [],
    };
    expect(textOf(apartLines({ kind: 'apart', a: 'a', b: 'b', apart: equal }, 80))).toContain(
      'Both hold the same files.',
    );
  });

  it('S5 rolls nothing back and aborts nothing but where the cursor stands', () => {
    const { cursors } = stateOf(both).session;
    const there = stateOf(both, { cursors: { ...cursors, environments: 1 } });
    const link = { actor: { name: 'Bea', face: 'ui' } } as unknown as UiState['link'];
    expect(whyNot('roll-back', { ...there, link })).toBe(
      'the views work on staging, not on production: space changes that',
    );
  });

  it('G1 offers the approval to whoever may give it', () => {
    const { cursors } = stateOf(both).session;
    const there = stateOf(both, { cursors: { ...cursors, environments: 1 } });
    const as = (name: string) => ({
      ...there,
      link: { actor: { name, face: 'ui' } } as unknown as UiState['link'],
    });
    expect(whyNot('approve', as('Bea'))).toBeUndefined();
    expect(whyNot('approve', as('Ada'))).toBe('another person has to approve it: Ada asked for it');
  });
});
