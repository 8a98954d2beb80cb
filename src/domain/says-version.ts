import type { Version } from './event.ts';
import { safeText } from './safe-text.ts';

/** Whether an answer names this version: its name, or its commit by seven characters or more, as a word of its own. */
export function saysVersion(answer: string, { sha, name }: Version): boolean {
  return answer
    .split(/[^\w./+-]+/u)
    .some((word) => word === name || (/^[0-9a-f]{7,64}$/iu.test(word) && sha.startsWith(word.toLowerCase())));
}

/** Why an answer is not the version that should run: `GET /version on port 4001 says "v1", not 1a2b3c4d5e6f (v2)`. */
export function wrongVersionText(where: string, answer: string | undefined, version: Version): string {
  const said = answer === undefined ? 'does not tell a version' : `says "${safeText(answer.trim(), 80)}"`;
  return `${where} ${said}, not ${version.sha.slice(0, 12)} (${version.name})`;
}
