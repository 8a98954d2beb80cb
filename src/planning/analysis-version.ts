declare const ORCHESTRA_ANALYSIS: string | undefined;

/**
 * Names the code that reads, groups and judges changes: a digest of its source, put in when the program is built, so
 * that what an older program kept is never taken for what this one would find.
 */
export const analysisVersion: string = typeof ORCHESTRA_ANALYSIS === 'string' ? ORCHESTRA_ANALYSIS : 'source';
