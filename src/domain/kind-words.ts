import { safeText } from './safe-text.ts';

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** What a way to tell deployments apart is called where the best of its kinds is looked for. */
export const wherein = {
  batch: 'Number of features',
  weekday: 'Weekday',
  hours: 'Time of day',
} as const;

/** A kind by itself: `2-5 features`, `Tuesday`, `08–11 UTC`. */
export function kindName({ group, key }: { group: keyof typeof wherein; key: string }): string {
  switch (group) {
    case 'batch':
      return key === '1' ? 'one feature' : `${safeText(key, 40)} features`;
    case 'weekday':
      return weekdays[Number(key)] ?? safeText(key, 40);
    case 'hours':
      return `${safeText(key, 40)} UTC`;
    default:
      return group satisfies never;
  }
}
