import type { Plugin } from 'rolldown';
export function inkWithoutDevtools(): Plugin;
