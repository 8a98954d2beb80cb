import { describe, expect, it } from 'vitest';
import { duration } from '../../src/domain/duration-setting.ts';
import { environmentSettingsSchema, healthSettingsSchema } from '../../src/domain/settings.ts';

describe('a duration of orchestra.yaml', () => {
  it.each(['8761h', `${'9'.repeat(400)}h`, `${'9'.repeat(400)}ms`])('is a year at most', (text) => {
    expect(duration.safeParse(text).success).toBe(false);
  });

  it('may be a year', () => expect(duration.parse('8760h')).toBe(31_536_000_000));

  it('between two looks leaves time for anything else', () => {
    expect(environmentSettingsSchema.safeParse({ port: 1, measure_every: '0s' }).success).toBe(false);
    expect(healthSettingsSchema.safeParse({ interval: '0s' }).success).toBe(false);
    expect(environmentSettingsSchema.safeParse({ port: 1, measure_every: '10ms' }).success).toBe(true);
  });
});
