import sax from 'sax';
import { BrokenReport, type ReportFormat, type ReportedTest } from '../report-format.ts';

/** Elements deeper than this are no report. */
const deepest = 64;
/** Attributes of one element; runners write a dozen. */
const mostAttributes = 100;
/** Characters kept of what a test says of its failure. */
const longestText = 16 * 1024;

/** Counting positions is what makes sax look at how long its texts have become. */
const options: sax.SAXOptions & { strictEntities: boolean } = { position: true, strictEntities: true };

/** `1.5` or, as surefire writes it, `1,234.5`: seconds; undefined for anything else. */
function seconds(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,9}(?:,\d{3}){0,3}(?:\.\d{1,20})?(?:[eE]-?\d{1,2})?$/.test(text.trim()))
    return undefined;
  return Number(text.replaceAll(',', '')) * 1000;
}

const count = (text: string | undefined): number =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;

interface Suite {
  name: string;
  /** Failures and errors it says it has, and those that were found in it. */
  declared: number;
  found: number;
}

interface OpenTest extends ReportedTest {
  text: string;
}

type Attributes = sax.Tag['attributes'] | sax.QualifiedTag['attributes'];

function valueOf(attributes: Attributes, name: string): string | undefined {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Some runners (gtest, Bazel) say beside the elements how a test ended. */
function statusOf(state: string | undefined): ReportedTest['status'] {
  if (state === undefined) return 'passed';
  if (/^(?:failed|error)$/i.test(state)) return 'failed';
  return /^(?:skipped|disabled|notrun|suppressed|pending)$/i.test(state) ? 'skipped' : 'passed';
}

const pathOf = (suites: readonly Suite[]) =>
  suites
    .map(({ name }) => name)
    .filter((name) => name !== '')
    .join(' > ');

function opened(attributes: Attributes, suites: readonly Suite[]): OpenTest {
  const own = valueOf(attributes, 'classname') ?? '';
  const file = valueOf(attributes, 'file');
  const line = valueOf(attributes, 'line');
  return {
    // Node writes the word "test" as the class of every test.
    group: own === '' || own === 'test' ? pathOf(suites) || own : own,
    name: valueOf(attributes, 'name') ?? '',
    status: statusOf(valueOf(attributes, 'status') ?? valueOf(attributes, 'result')),
    durationMs: seconds(valueOf(attributes, 'time')),
    place: file === undefined ? undefined : line === undefined ? file : `${file}:${line}`,
    text: '',
  };
}

/**
 * JUnit's XML as runners of all stacks write it. Read as a stream by sax, which knows only XML's own five entities here
 * and gives texts in pieces before they grow; a document type is passed over.
 */
export const junit: ReportFormat = {
  name: 'junit',
  recognises: (head) => /^\s*<(?:\?xml|!--|!DOCTYPE|(?:\w+:)?testsuites?[\s/>])/i.test(head),
  reader(found) {
    const parser = sax.parser(true, options);
    let depth = 0;
    let sawRoot = false;
    let ended = false;
    let attributes = 0;
    const suites: Suite[] = [];
    let test: { at: number; of: OpenTest } | undefined;
    /** The depth of the element whose text is what a failure says. */
    let telling: number | undefined;
    let silent = '';

    const local = (name: string) =>
      name === 'testcase' ? name : name.slice(name.indexOf(':') + 1).toLowerCase();
    const take = (text: string) => {
      if (test && telling !== undefined && test.of.text.length < longestText)
        test.of.text += text.slice(0, longestText - test.of.text.length);
    };
    const handlers: Pick<
      sax.SAXParser,
      'onattribute' | 'onopentag' | 'ontext' | 'oncdata' | 'onclosetag' | 'onerror'
    > = {
      onattribute: () => {
        attributes += 1;
        if (attributes > mostAttributes) throw new BrokenReport('an element has too many attributes');
      },
      onopentag: ({ name: qualified, attributes: given }) => {
        const name = local(qualified);
        attributes = 0;
        depth += 1;
        if (depth > deepest) throw new BrokenReport(`its elements are nested more than ${deepest} deep`);
        if (!sawRoot && name !== 'testsuites' && name !== 'testsuite')
          throw new BrokenReport(`its first element is <${name}>, not <testsuites> or <testsuite>`);
        sawRoot = true;
        if (!test && (name === 'testsuite' || name === 'testsuites')) {
          suites.push({
            name: name === 'testsuite' ? (valueOf(given, 'name') ?? '') : '',
            declared: count(valueOf(given, 'failures')) + count(valueOf(given, 'errors')),
            found: 0,
          });
        } else if (!test && name === 'testcase') {
          test = { at: depth, of: opened(given, suites) };
        } else if (test && depth === test.at + 1) {
          if (name === 'failure' || name === 'error') {
            test.of.status = 'failed';
            test.of.message ??= valueOf(given, 'message') ?? valueOf(given, 'type');
            telling = depth;
          } else if (name === 'skipped' || name === 'disabled') {
            if (test.of.status !== 'failed') test.of.status = 'skipped';
            test.of.message ??= valueOf(given, 'message');
          } else if (name === 'flakyfailure' || name === 'flakyerror') {
            test.of.message ??= `passed when it was run again; before: ${valueOf(given, 'message') ?? ''}`;
          }
        }
      },
      ontext: take,
      oncdata: take,
      onclosetag: (qualified) => {
        const name = local(qualified);
        if (telling === depth) telling = undefined;
        if (test?.at === depth) {
          const { text, ...of } = test.of;
          test = undefined;
          if (of.status === 'failed') for (const suite of suites) suite.found += 1;
          found({
            ...of,
            ...(of.status === 'failed' && text !== '' ? { trace: text, message: of.message || text } : {}),
          });
        } else if (!test && (name === 'testsuite' || name === 'testsuites')) {
          const suite = suites.pop();
          if (suite && suite.declared > 0 && suite.found === 0)
            silent ||= `${suite.name === '' ? 'it' : `its suite ${suite.name}`} says ${suite.declared} failed, and names none`;
        }
        depth -= 1;
        if (depth === 0) ended = true;
      },
      onerror: (error) => {
        const [what = 'no XML'] = error.message.split('\n');
        // What stands behind the last element is no part of the report.
        if (!ended) throw new BrokenReport(`line ${parser.line + 1}: ${what}`);
      },
    };
    Object.assign(parser, handlers);
    return {
      write(text) {
        if (!ended) parser.write(text);
      },
      end() {
        if (!sawRoot) throw new BrokenReport('it has no element at all');
        if (!ended) throw new BrokenReport('it breaks off before its last element is closed');
        return silent === '' ? {} : { problem: silent, failed: true };
      },
    };
  },
};
