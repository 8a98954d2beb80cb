import Spinner from 'ink-spinner';
import type { Deployment } from '../src/domain/deployment.ts';
import { statusText } from './deployment-text.ts';
import { LineText } from './Lines.tsx';
import { span } from './theme.ts';

/** What a deployment does now, with a moving mark while it does. */
export function StatusRow({ deployment, width }: { deployment: Deployment; width: number }) {
  const { spans, moving } = statusText(deployment);
  return moving ? (
    <LineText lead={<Spinner type="dots" />} line={[span(' '), ...spans]} width={width} />
  ) : (
    <LineText line={spans} width={width} />
  );
}
