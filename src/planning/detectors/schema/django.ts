import type { Statement } from '../statements.ts';
import { callsOf } from './calls.ts';
import { addsColumn } from './sql-alter.ts';
import { readSql } from './sql.ts';

/** What a Django migration's operations do, in the model's names. */
export function readDjango(text: string): Statement[] {
  const statements: Statement[] = [];
  const say = (said: string, breaks = false) => statements.push({ text: said, breaks });
  for (const call of callsOf(text, 'python')) {
    if (call.receiver !== 'migrations' && call.receiver !== '') continue;
    const value = (name: string, index: number) => call.named.get(name) ?? call.values[index] ?? '?';
    const field = `${value('model_name', 0)}.${value('name', 1)}`;
    switch (call.name) {
      case 'CreateModel':
        say(`adds table ${value('name', 0)}`);
        break;
      case 'DeleteModel':
        say(`drops table ${value('name', 0)}`, true);
        break;
      case 'RenameModel':
        say(`renames table ${value('old_name', 0)} to ${value('new_name', 1)}`, true);
        break;
      case 'AddField': {
        const type = value('field', 2);
        const obligatory = !/null=True|default=|ManyToMany|auto_now|AutoField|\?$/u.test(type);
        const [model, name] = [value('model_name', 0), value('name', 1)];
        say(addsColumn(model, name, obligatory), obligatory);
        break;
      }
      case 'RemoveField':
        say(`drops column ${field}`, true);
        break;
      case 'RenameField':
        say(
          `renames column ${value('model_name', 0)}.${value('old_name', 1)} to ${value('model_name', 0)}.${value('new_name', 2)}`,
          true,
        );
        break;
      case 'AlterField':
        say(`changes column ${field}`, true);
        break;
      case 'AlterModelTable':
        say(`renames the table of ${value('name', 0)} to ${value('table', 1)}`, true);
        break;
      case 'AddIndex':
        say(`adds index on ${value('model_name', 0)}`);
        break;
      case 'AddConstraint':
        say(`adds a constraint to ${value('model_name', 0)}`);
        break;
      case 'RunSQL': {
        const sql = call.named.get('sql') ?? call.strings[0] ?? '';
        statements.push(...readSql(sql));
        break;
      }
      case 'RunPython':
        say(`runs ${value('code', 0)} on the data`);
        break;
      default:
    }
  }
  return statements;
}
