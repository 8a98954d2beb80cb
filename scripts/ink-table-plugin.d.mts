import type { Plugin } from 'vite';
export function inkTable(): Plugin;
