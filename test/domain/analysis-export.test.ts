import { describe, expect, it } from 'vitest';
import { exportAnalysis } from '../../src/domain/analysis-export.ts';
import { patternsSchema } from '../../src/domain/memory.ts';
import { analyse } from '../../src/learning/analysis/analyse.ts';
import { dayOf, pastRow } from '../harness/history.ts';
import { skeletonOf, tagsOf } from '../harness/markup.ts';

const analysisOf = (name: string) =>
  analyse(
    {
      rows: Array.from({ length: 40 }, (_, i) =>
        pastRow(dayOf(i), {
          environment: name,
          outcome: i % 4 === 3 ? 'rolled_back' : 'succeeded',
          facts: { areas: [name], types: [i % 4 === 3 ? name : 'fix'] },
        }),
      ),
      now: Date.parse(`${dayOf(41)}T00:00:00.000Z`),
      environment: name,
      changeModel: {
        n: 1000,
        defective: 150,
        auc: 0.77,
        brier: 0.12,
        baseBrier: 0.13,
        calibrationError: 0.02,
      },
    },
    patternsSchema.parse({ schema: 'orchestra/patterns@1' }),
  );

describe('exportAnalysis', () => {
  it('W3 gives the analysis as JSON, CSV, Markdown and HTML, each rate with its n and interval', () => {
    const analysis = analysisOf('production');
    expect(JSON.parse(exportAnalysis(analysis, 'json'))).toEqual(analysis);
    const csv = exportAnalysis(analysis, 'csv').split('\r\n');
    expect(csv[0]).toBe('"Table","Name","Count","Of","Lower end, 90 %","Upper end, 90 %","Text"');
    expect(csv).toContainEqual(
      expect.stringMatching(/^"By type","fix","30","30","0\.9\d+","1\.0000","better than/),
    );
    const markdown = exportAnalysis(analysis, 'md');
    expect(markdown).toContain('## Predictions against outcomes');
    expect(markdown).toMatch(/\| success \| 30 \| 40 \| 6\d–8\d % \|/);
    expect(markdown).toContain('1000 changes of the past, each judged before');
    const html = exportAnalysis(analysis, 'html');
    expect(tagsOf(html).filter(({ name }) => name === 'circle')).toHaveLength(
      analysis.calibration.bins.length,
    );
    expect(html).toContain("default-src 'none'");
  });

  it.each(['<script>alert(1)</script>', '"><img onerror=x>', '| a | [x](javascript:1)', 'a\n\n# b', '`x`'])(
    'W3 keeps %j text in Markdown and HTML, and a spreadsheet what begins like a formula',
    (name) => {
      const [bad, good] = [analysisOf(name), analysisOf('plain')];
      const names = (text: string) => tagsOf(text).map((tag) => tag.name);
      expect(names(exportAnalysis(bad, 'html'))).toEqual(names(exportAnalysis(good, 'html')));
      expect(skeletonOf(exportAnalysis(bad, 'md'))).toBe(skeletonOf(exportAnalysis(good, 'md')));
      expect(exportAnalysis(analysisOf('=1+1'), 'csv')).toContain(`"'=1+1"`);
    },
  );
});
