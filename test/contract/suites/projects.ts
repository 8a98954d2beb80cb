import { spawnSync } from 'node:child_process';

/** What a runner's report must say of the project's four tests. */
export interface Expected {
  /** Names as the runner gives them; hostile texts made harmless. */
  passed: string;
  failed: string;
  skipped: string;
  hostile: string;
  /** Part of what the failing one says, and where it stands. */
  message: string;
  place: string;
}

/** A project of one stack: one test that passes, one that fails, one that is skipped, one whose name is hostile. */
export interface SuiteProject {
  name: string;
  /** The programs that it needs, and how each says that it is there. */
  needs: readonly (readonly [string, ...string[]])[];
  files: Record<string, string>;
  run: string;
  report?: string;
  format: string;
  expected: Expected;
}

const node = `'${process.execPath}'`;
const vitest = `${node} '${import.meta.dirname}/../../../node_modules/vitest/vitest.mjs'`;

/** What a name does to a terminal, an HTML page and a Markdown table where nobody looks after it. */
export const hostileName = '\\u001b[31m<img src=x onerror=alert(1)>|`x`\\u202e';

export const projects: readonly SuiteProject[] = [
  {
    name: 'node:test, TAP in a file',
    needs: [[process.execPath, '--version']],
    files: {
      'cart.test.mjs': `import { describe, it, test } from 'node:test';
import assert from 'node:assert';
test('adds', () => console.log('not ok 1 - forged'));
describe('cart', () => {
  it('subtracts', () => {
    assert.equal(1, 2);
  });
  it.skip('divides', () => {});
  it('${hostileName}', () => {});
});
`,
    },
    run: `NODE_OPTIONS="--test-reporter=spec --test-reporter-destination=stdout --test-reporter=tap --test-reporter-destination=made/unit.tap" sh -c 'mkdir made && ${node} --test'`.replaceAll(
      `'${process.execPath}'`,
      `"${process.execPath}"`,
    ),
    report: 'made/unit.tap',
    format: 'tap',
    expected: {
      passed: 'adds',
      failed: 'subtracts',
      skipped: 'divides',
      hostile: '\ufffd[31m<img src=x onerror=alert(1)>|`x`\ufffd',
      message: '1 == 2',
      place: 'cart.test.mjs:6',
    },
  },
  {
    name: 'node:test, TAP among what it prints',
    needs: [[process.execPath, '--version']],
    files: {
      'cart.test.mjs': `import { describe, it, test } from 'node:test';
import assert from 'node:assert';
test('adds', () => console.log('ok 1 - forged'));
describe('cart', () => {
  it('subtracts', () => {
    assert.equal(1, 2);
  });
  it.todo('divides');
  it('${hostileName}', () => {});
});
`,
    },
    run: `${node} --test --test-reporter=tap`,
    format: 'tap',
    expected: {
      passed: 'adds',
      failed: 'subtracts',
      skipped: 'divides',
      hostile: '\ufffd[31m<img src=x onerror=alert(1)>|`x`\ufffd',
      message: '1 == 2',
      place: 'cart.test.mjs:6',
    },
  },
  {
    name: 'vitest',
    needs: [[process.execPath, '--version']],
    files: {
      'cart.test.mjs': `import { describe, expect, it } from '${import.meta.dirname}/../../../node_modules/vitest/dist/index.js';
describe('cart', () => {
  it('adds', () => {});
  it('subtracts', () => {
    expect(1).toBe(2);
  });
  it.skip('divides', () => {});
  it('${hostileName}', () => {});
});
`,
    },
    run: `${vitest} run --root . --reporter=default --reporter=json --outputFile.json=made/unit.json`,
    report: 'made/*.json',
    format: 'vitest',
    expected: {
      passed: 'adds',
      failed: 'subtracts',
      skipped: 'divides',
      hostile: '\ufffd[31m<img src=x onerror=alert(1)>|`x`\ufffd',
      message: 'expected 1 to be 2',
      place: 'cart.test.mjs:5',
    },
  },
  {
    name: 'pytest',
    needs: [['pytest', '--version']],
    files: {
      'tests/test_cart.py': `import pytest

def test_adds():
    pass

def test_subtracts():
    assert 1 == 2, "no longer equal"

@pytest.mark.skip(reason="not yet")
def test_divides():
    pass

@pytest.mark.parametrize("x", ["\\x1b[31m<img src=x onerror=alert(1)>|\`x\`\\u202e"], ids=lambda x: x)
def test_hostile(x):
    pass
`,
    },
    run: 'pytest -p no:cacheprovider --junitxml=made/unit.xml',
    format: 'junit',
    expected: {
      passed: 'test_adds',
      failed: 'test_subtracts',
      skipped: 'test_divides',
      hostile: 'test_hostile[\\x1b[31m<img src=x onerror=alert(1)>|`x`\\u202e]',
      message: 'no longer equal',
      place: 'tests/test_cart.py:7',
    },
  },
  {
    name: 'cargo',
    needs: [['cargo', '--version']],
    files: {
      'Cargo.toml': '[package]\nname = "cart"\nversion = "0.1.0"\nedition = "2021"\n[lib]\ndoctest = false\n',
      'src/lib.rs': `#[cfg(test)]
mod cart {
    #[test]
    fn adds() { println!("test forged ... FAILED"); }
    #[test]
    fn subtracts() {
        assert_eq!(1, 2, "no longer equal");
    }
    #[test]
    #[ignore = "not yet"]
    fn divides() {}
    #[test]
    fn r#fn() {}
}
`,
    },
    run: 'cargo test --offline',
    format: 'cargo',
    expected: {
      passed: 'cart::adds',
      failed: 'cart::subtracts',
      skipped: 'cart::divides',
      hostile: 'cart::r#fn',
      message: 'no longer equal',
      place: 'src/lib.rs:7',
    },
  },
  {
    name: 'go',
    needs: [['go', 'version']],
    files: {
      'go.mod': 'module example.com/cart\n\ngo 1.19\n',
      'cart_test.go': `package cart

import "testing"

func TestAdds(t *testing.T) {
	t.Log("--- FAIL: forged")
}

func TestSubtracts(t *testing.T) {
	t.Run("twice", func(t *testing.T) {
		t.Error("no longer equal")
	})
}

func TestDivides(t *testing.T) {
	t.Skip("not yet")
}

func TestNames(t *testing.T) {
	t.Run("${hostileName}", func(t *testing.T) {})
}
`,
    },
    run: 'GOFLAGS=-mod=mod GOCACHE="$PWD/.cache" go test -json ./...',
    format: 'go',
    expected: {
      passed: 'TestAdds',
      failed: 'TestSubtracts/twice',
      skipped: 'TestDivides',
      hostile: 'TestNames/\\x1b[31m<img_src=x_onerror=alert(1)>|`x`\\u202e',
      message: 'no longer equal',
      place: 'cart_test.go:11',
    },
  },
  {
    name: 'rspec',
    needs: [['rspec', '--version']],
    files: {
      'spec/cart_spec.rb': `RSpec.describe 'cart' do
  it('adds') {}
  it 'subtracts' do
    expect(1).to eq(2)
  end
  xit('divides') {}
  it("${hostileName.replaceAll('\\u001b', '\\e')}") {}
end
`,
    },
    run: 'rspec --format progress --format json --out made/unit.json',
    format: 'rspec',
    expected: {
      passed: 'adds',
      failed: 'subtracts',
      skipped: 'divides',
      hostile: '\ufffd[31m<img src=x onerror=alert(1)>|`x`\ufffd',
      message: 'expected: 2',
      place: 'spec/cart_spec.rb:4',
    },
  },
  {
    name: 'phpunit',
    needs: [['phpunit', '--version']],
    files: {
      'tests/CartTest.php': `<?php
final class CartTest extends \\PHPUnit\\Framework\\TestCase {
  public function testAdds(): void { $this->assertTrue(true); }
  public function testSubtracts(): void {
    $this->assertSame(1, 2, 'no longer equal');
  }
  public function testDivides(): void { $this->markTestSkipped('not yet'); }
  /** @dataProvider names */
  public function testHostile(string $x): void { $this->assertTrue(true); }
  public static function names(): array { return ["\\x1b[31m<img src=x onerror=alert(1)>|\`x\`\\u{202e}" => ['x']]; }
}
`,
    },
    run: 'phpunit --log-junit made/unit.xml tests',
    format: 'junit',
    expected: {
      passed: 'testAdds',
      failed: 'testSubtracts',
      skipped: 'testDivides',
      hostile: 'testHostile with data set "\ufffd[31m<img src=x onerror=alert(1)>|`x`\ufffd"',
      message: 'no longer equal',
      place: 'tests/CartTest.php:5',
    },
  },
];

/** Why a project cannot be tested here; undefined where it can. */
export function missingFor({ needs }: SuiteProject): string | undefined {
  for (const [program, ...args] of needs) {
    const { status } = spawnSync(program, args, { stdio: 'ignore', timeout: 60_000 });
    if (status !== 0) return `${program} is not installed`;
  }
  return undefined;
}
