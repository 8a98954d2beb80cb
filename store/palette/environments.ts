import { isActive } from '../reasons.ts';
import type { PaletteSource } from './source.ts';

/** Every environment by its name. */
export const environmentEntries: PaletteSource = ({ environments, environment, deployment, link }) =>
  environments.length < 2
    ? []
    : environments.map(({ name }) => {
        const whyNot = !link
          ? 'still loading'
          : isActive(deployment)
            ? `${deployment.id} is under way in ${deployment.environment}`
            : name === environment
              ? 'it is the one on the screen'
              : undefined;
        return {
          id: `environment-${name}`,
          label: `environment ${name}`,
          hint: 'what waits for it, and what runs there',
          ...(whyNot === undefined ? {} : { whyNot }),
          run(store) {
            store.setState({ environment: name, discovery: { status: 'loading' } });
            void store.getState().link?.refresh();
          },
        };
      });
