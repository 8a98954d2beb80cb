import { z } from 'zod';

/** Where a past deployment's files are: its folder in `history/`, packed in `archive/`, or nowhere any more. */
export const placeSchema = z.enum(['history', 'archive', 'nowhere']);
export type Place = z.infer<typeof placeSchema>;
