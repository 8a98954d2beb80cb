import type { Plugin } from 'rolldown';
export function leanInk(): Plugin;
