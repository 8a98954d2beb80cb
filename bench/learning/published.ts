/** Areas under the curve of published models on the last 20 % of a project, from their authors' own stored predictions. */
export interface Published {
  model: string;
  area: number;
}

/** Zeng et al., "Deep just-in-time defect prediction: how far are we?", ISSTA 2021: what the data's README states. */
const models = ['LApredict', 'logistic regression', 'DeepJIT', 'CC2Vec'];
const areas: Readonly<Record<string, readonly number[]>> = {
  qt: [0.744, 0.665, 0.694, 0.694],
  openstack: [0.749, 0.725, 0.713, 0.723],
  go: [0.683, 0.675, 0.689, 0.692],
};

/** What is published of a project; nothing where the README has none. */
export function publishedOf(project: string): Published[] {
  const own = Object.hasOwn(areas, project) ? areas[project] : undefined;
  return (own ?? []).map((area, i) => ({ model: models[i] ?? '', area }));
}
