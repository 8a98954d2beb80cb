import type { Choice } from '../src/domain/choice.ts';

/** How the strategies of selection are called. */
export const strategyWords: Readonly<Record<Choice['strategy'], string>> = {
  recommended: 'all recommended',
  critical: 'critical only',
  all: 'everything',
  custom: 'custom',
};
