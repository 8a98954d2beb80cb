import { describe, expect, it } from 'vitest';
import { logLines } from '../../../src/planning/culprit/log-lines.ts';
import { sourcePaths } from '../../../src/planning/culprit/source-paths.ts';
import { stacksIn } from '../../../src/planning/culprit/stacks.ts';

const root = '/state/worktrees/run-production-0123456789ab';
const files = new Set([
  'src/app.ts',
  'src/cart.js',
  'shop/cart.py',
  'app/models/cart.rb',
  'cmd/shop/main.go',
  'main.go',
  'src/Cart.php',
  'src/main.rs',
  'Shop/Cart.cs',
  'server/src/main/java/com/shop/Cart.java',
  'server/src/main/kotlin/Prices.kt',
  'node_modules/kept/index.js',
]);

/** The stacks of a log, their frames as places in the repository. */
function read(log: string) {
  const find = sourcePaths(files, [root]);
  const { stacks, total } = stacksIn(logLines(log));
  const traced = stacks.map(({ name, message, count, frames }) => ({
    error: `${name}: ${message}`,
    count,
    places: frames.flatMap((frame) => {
      const path = find(frame);
      return path === undefined ? [] : [`${path}:${frame.line}`];
    }),
  }));
  return { total, traced };
}

describe('N6 the stacks of a log', () => {
  it.each([
    [
      'Node, with a prefix, a cause and colours',
      `GET /cart failed: TypeError: cannot read 'x'
    at \u001b[36mtotal\u001b[39m (file://${root}/src/cart.js:12:7)
    at async Server.<anonymous> (${root}/node_modules/kept/index.js:3:1)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
    at async ${root}/src/app.ts:40:9 {
  [cause]: RangeError: too many
      at add (${root}/src/cart.js:3:1)
  code: 'E'`,
      'RangeError: too many',
      ['src/cart.js:3', 'src/cart.js:12', 'src/app.ts:40'],
    ],
    [
      'JSON lines',
      JSON.stringify({
        level: 50,
        err: { stack: `Error: no\n    at f (${root}/src/cart.js:5:1)` },
        msg: 'x',
      }),
      'Error: no',
      ['src/cart.js:5'],
    ],
    [
      'Python',
      `Traceback (most recent call last):
  File "/usr/lib/python3.11/http/server.py", line 100, in handle
    self.do()
  File "${root}/shop/cart.py", line 20, in view
    return total(
           ^^^^^^
  File "${root}/shop/cart.py", line 7, in total
    raise SoldOut("lamp")
shop.cart.SoldOut: lamp`,
      'shop.cart.SoldOut: lamp',
      ['shop/cart.py:7', 'shop/cart.py:20'],
    ],
    [
      'Ruby',
      `${root}/app/models/cart.rb:8:in \`total': undefined method 'x' (NoMethodError)
\tfrom ${root}/app/models/cart.rb:3:in 'block in run'
\tfrom /usr/lib/ruby/gems/3.1/gems/rack/lib/rack.rb:9:in 'call'`,
      "NoMethodError: undefined method 'x'",
      ['app/models/cart.rb:8', 'app/models/cart.rb:3'],
    ],
    [
      'Go',
      `2026/01/01 10:00:00 http: panic serving 127.0.0.1:5000: runtime error: index out of range [3]
goroutine 34 [running]:
net/http.(*conn).serve.func1()
\t/usr/local/go/src/net/http/server.go:1802 +0xb9
main.handler(...)
\t${root}/cmd/shop/main.go:12 +0x1d
main.main()
\tshop/main.go:30`,
      'panic: runtime error: index out of range [3]',
      ['cmd/shop/main.go:12', 'main.go:30'],
    ],
    [
      'PHP',
      `PHP Fatal error:  Uncaught TypeError: bad sum in ${root}/src/Cart.php:12
Stack trace:
#0 ${root}/src/Cart.php(34): Cart->total()
#1 {main}
  thrown in ${root}/src/Cart.php on line 12`,
      'TypeError: bad sum',
      ['src/Cart.php:12', 'src/Cart.php:34'],
    ],
    [
      'Rust',
      `thread 'main' panicked at src/main.rs:4:5:
boom
stack backtrace:
   0: rust_begin_unwind
             at /rustc/abc/library/std/src/panicking.rs:645:5
   1: shop::total
             at ./src/main.rs:9:5`,
      'panic: ',
      ['src/main.rs:4', 'src/main.rs:9'],
    ],
    [
      'Java and Kotlin',
      `Exception in thread "main" java.lang.IllegalStateException: outer
\tat com.shop.Cart.add(Cart.java:33)
\tat java.base/java.lang.Thread.run(Thread.java:829)
Caused by: java.lang.NullPointerException: inner
\tat app//com.shop.Cart$Line.price(Cart.java:7)
\tat com.shop.PricesKt.of(Prices.kt:2)
\t... 12 more`,
      'java.lang.NullPointerException: inner',
      [
        'server/src/main/java/com/shop/Cart.java:7',
        'server/src/main/kotlin/Prices.kt:2',
        'server/src/main/java/com/shop/Cart.java:33',
      ],
    ],
    [
      '.NET',
      `Unhandled exception. System.InvalidOperationException: empty
   at Shop.Cart.Total(String id) in ${root}/Shop/Cart.cs:line 12
   at System.Linq.Enumerable.First[T](IEnumerable\`1 source)`,
      'System.InvalidOperationException: empty',
      ['Shop/Cart.cs:12'],
    ],
  ])('reads those of %s', (_, log, error, places) => {
    const { traced, total } = read(`listening\n${log}\ngoing on\n`);
    expect(total).toBe(1);
    expect(traced).toEqual([{ error, count: 1, places }]);
  });

  it.each([
    [
      `TypeError: Cannot read properties of undefined (reading 'sky')
    at greet (file:///srv/greetings/weather.mjs:3:16)
    at Array.map (<anonymous>)
    at Server.<anonymous> (file:///srv/service.mjs:14:28)`,
      ['file:///srv/greetings/weather.mjs', 'file:///srv/service.mjs'],
    ],
    [
      `java.lang.IllegalStateException: no lamp
\tat com.shop.Cart.add(Cart.java:12)
\tat java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)
\tat com.shop.Server.handle(Server.java:80)`,
      ['com/shop/Cart.java', 'com/shop/Server.java'],
    ],
  ])('is one stack, with frames between that have no place', (log, paths) => {
    const { stacks, total } = stacksIn(log.split('\n'));
    expect(total).toBe(1);
    expect(stacks[0]?.frames.map(({ path }) => path)).toEqual(paths);
  });

  it('counts the same one again, and tells those that follow each other apart', () => {
    const one = (n: number) => `Error: no\n    at f (${root}/src/cart.js:${n}:1)\n`;
    expect(
      read(one(5) + one(5) + one(6) + one(5)).traced.map(({ count, places }) => [count, places[0]]),
    ).toEqual([
      [3, 'src/cart.js:5'],
      [1, 'src/cart.js:6'],
    ]);
  });

  it('believes no path that leads elsewhere', () => {
    const lies = [
      '/etc/passwd:1:1',
      `${root}/../../src/cart.js:1:1`,
      `/elsewhere/src/cart.js:1:1`,
      `${root}/src/nothing.js:1:1`,
      `${root}/node_modules/kept/index.js:1:1`,
      'file://%zz/src/cart.js:1:1',
      '__proto__:1:1',
      'src/cart.js:0:1',
    ];
    expect(read(`Error: x\n${lies.map((lie) => `    at f (${lie})`).join('\n')}\n`).traced).toEqual([
      { error: 'Error: x', count: 1, places: [] },
    ]);
  });

  it.each([
    ['one endless line', 'at ('.repeat(1_000_000)],
    ['many lines of brackets', `${'at ((((((((((:1:1'.repeat(50)}\n`.repeat(4000)],
    ['open quotes', `File "${'", line '.repeat(100)}\n`.repeat(4000)],
    ['nested JSON', `{"a\\n":${'['.repeat(60_000)}\n`.repeat(20)],
    ['words that look like errors', `${'ErrorException'.repeat(70)}: x\n`.repeat(4000)],
    ['colons', `${':in '.repeat(240)}\n`.repeat(4000)],
    ['an unended escape', `\u001b[${'1;'.repeat(490)}\n`.repeat(4000)],
  ])('is done with %s at once', (_, log) => {
    // What grows faster than the log takes minutes for this, and runs into the test's time-out.
    expect(read(log).traced.flatMap(({ places }) => places)).toEqual([]);
  });
});
