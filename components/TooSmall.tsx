import { Text } from 'ink';
import { smallest } from '../store/layout.ts';
import type { Size } from '../store/state.ts';
import { wrap } from './fit.ts';

/** All that is drawn where nothing else has room; of the keys only those that leave do anything. */
export function TooSmall({ size }: { size: Size }) {
  const text = `orchestra needs ${smallest.columns} × ${smallest.rows}; this is ${size.columns} × ${size.rows}. Make the window larger, or q quits.`;
  const room = Math.max(1, size.rows - 1);
  return <Text>{wrap(text, Math.max(1, size.columns)).slice(0, room).join('\n')}</Text>;
}
