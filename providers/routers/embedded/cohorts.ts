import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Cohort } from '../../../src/domain/cohort.ts';
import type { Table } from './protocol.ts';

/** A cookie lasts longer than any rollout; after its rollout it means nothing. */
const cookieSeconds = 30 * 24 * 3600;

export type SideName = 'stable' | 'candidate';

/** Whom the candidate is shown to while one table is in force; a table without a cohort has none. */
export interface Audience {
  /** The side that takes this request; `draw` says whether a visitor without a side gets the candidate. */
  sideOf(request: IncomingMessage, draw: () => boolean): SideName;
  /** What an answer of that side says beside its own headers, flat as in `rawHeaders`. */
  marks(request: IncomingMessage, side: SideName, answer: readonly string[]): string[];
}

/** The audience of a table; undefined where every request is drawn by weight, and where one side has everything. */
export function audienceOf({ cohort, candidate, weight, rollout }: Table): Audience | undefined {
  if (!cohort || !candidate || weight <= 0) return undefined;
  if (cohort.kind === 'header') return byHeader(cohort);
  return weight >= 100 ? undefined : byCookie(cohort.name, rollout ?? candidate.version.sha);
}

/** An answer that a cache keeps must not be given to who belongs to the other side. */
function byHeader({ name, value }: Extract<Cohort, { kind: 'header' }>): Audience {
  const lower = name.toLowerCase();
  return {
    sideOf: ({ headers }) => (headers[lower] === value ? 'candidate' : 'stable'),
    marks: () => ['Vary', name],
  };
}

/**
 * The cookie's value is bound to the rollout, so that one of an earlier rollout means nothing, and does not say which side
 * it is. Everybody can ask for a side by removing or copying a cookie: it divides visitors, it protects nothing.
 */
function byCookie(name: string, rollout: string): Audience {
  const valueOf = (side: SideName) =>
    createHash('sha256').update(`${rollout}\n${side}`).digest('base64url').slice(0, 22);
  const values = { stable: valueOf('stable'), candidate: valueOf('candidate') };
  const kept = ({ headers }: IncomingMessage): SideName | undefined => {
    for (const part of (headers.cookie ?? '').split(';')) {
      const at = part.indexOf('=');
      if (at < 0 || part.slice(0, at).trim() !== name) continue;
      const value = part.slice(at + 1).trim();
      if (value === values.stable) return 'stable';
      if (value === values.candidate) return 'candidate';
    }
    return undefined;
  };
  return {
    sideOf: (request, draw) => kept(request) ?? (draw() ? 'candidate' : 'stable'),
    marks(request, side, answer) {
      const vary = ['Vary', 'Cookie'];
      if (kept(request) || setsCookie(answer, name)) return vary;
      const cookie = `${name}=${values[side]}; Path=/; Max-Age=${cookieSeconds}; HttpOnly; SameSite=Lax`;
      // A shared cache must not hand one visitor's side to all others; a browser may keep the answer as the service said.
      return [...vary, 'Set-Cookie', cookie, 'Cache-Control', 'private'];
    },
  };
}

/** Whether the service itself sets a cookie of this name in its answer: then it is the service's. */
function setsCookie(answer: readonly string[], name: string): boolean {
  for (let i = 0; i + 1 < answer.length; i += 2) {
    if (answer[i]?.toLowerCase() !== 'set-cookie') continue;
    if (answer[i + 1]?.split('=', 1)[0]?.trim() === name) return true;
  }
  return false;
}
