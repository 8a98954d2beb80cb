import type { Statement } from '../statements.ts';
import { callsOf } from './calls.ts';
import { compareModels, type Model } from './model.ts';

/** What turns one `db/schema.rb` into the other. */
export function compareRailsSchema(before: string, after: string): Statement[] {
  return compareModels(railsModel(before), railsModel(after));
}

function railsModel(text: string): Model {
  const model: Model = new Map();
  let columns = new Map<string, { type: string; required: boolean; filled: boolean }>();
  for (const call of callsOf(text, 'ruby')) {
    const name = call.values[0];
    if (call.name === 'create_table' && name !== undefined) {
      columns = new Map();
      model.set(name, columns);
    } else if (
      call.receiver === 't' &&
      name !== undefined &&
      !/^(?:index|check_constraint|foreign_key|unique_constraint)$/u.test(call.name)
    ) {
      const limit = call.named.get('limit');
      columns.set(name, {
        type: limit === undefined ? call.name : `${call.name}(${limit})`,
        required: call.named.get('null') === 'false',
        filled: call.named.has('default'),
      });
    }
  }
  return model;
}
