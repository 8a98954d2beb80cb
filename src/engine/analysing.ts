import type { Analysis } from '../domain/analysis.ts';
import { exportAnalysis } from '../domain/analysis-export.ts';
import { exportHistory, type ExportFormat } from '../domain/history-export.ts';
import { learningReportSchema, type LearningReport } from '../domain/learning-report.ts';
import type { HistoryRow } from '../domain/memory.ts';
import { analysing } from '../learning/analysis/analyse.ts';
import type { Clock } from '../ports/clock.ts';
import type { Memory } from '../ports/memory.ts';
import { inPieces } from './in-pieces.ts';

/** What faces ask of past deployments, beside their rows and records. */
export interface Analysing {
  /**
   * What past deployments say together, of one environment or all. Rows that lack what it needs get it from their
   * records, one after the other, once; `told` hears how far that is.
   */
  analysis(request?: {
    environment?: string;
    told?: (done: number, of: number) => void;
    signal?: AbortSignal;
  }): Promise<Analysis>;
  /** What a finished deployment taught, before → after; undefined where that was not kept or cannot be read. */
  learningReport(id: string): Promise<LearningReport | undefined>;
  /** Writes the rows into a new file below the memory; its path, absolute. */
  exportHistory(rows: readonly HistoryRow[], format: ExportFormat): Promise<string>;
  /** Writes an analysis into a new file below the memory; its path, absolute. */
  exportAnalysis(analysis: Analysis, format: ExportFormat): Promise<string>;
}

/** Analysis and exports over the memory. */
export function createAnalysing({ memory, clock }: { memory: Memory; clock: Clock }): Analysing {
  const stamp = () =>
    clock
      .now()
      .toISOString()
      .replaceAll(/[-:]|\.\d+|Z/g, '')
      .replace('T', '_');
  return {
    async analysis({ environment, told = () => undefined, signal } = {}) {
      const rows = await memory.historyWithFacts(told, signal);
      const learned = await memory.changeLearning();
      const request = {
        rows,
        now: clock.now().getTime(),
        ...(learned ? { changeModel: learned.score } : {}),
        ...(environment === undefined ? {} : { environment }),
      };
      return inPieces(analysing(request, await memory.patterns()), signal);
    },
    async learningReport(id) {
      const text = await memory.readDocument(id, 'learning_report.json');
      if (text === undefined) return undefined;
      try {
        return learningReportSchema.parse(JSON.parse(text));
      } catch {
        return undefined;
      }
    },
    exportHistory: (rows, format) =>
      memory.writeExport(`deployments-${stamp()}.${format}`, exportHistory(rows, format)),
    exportAnalysis: (analysis, format) =>
      memory.writeExport(`analysis-${stamp()}.${format}`, exportAnalysis(analysis, format)),
  };
}
