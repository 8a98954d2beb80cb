/** One measured number. `value` and `against` come from the same run; `ok` says whether the goal is met, `undefined` goals always are. */
export interface Figure {
  /** The benchmark it comes from. */
  name: string;
  /** What was measured, with its unit. */
  figure: string;
  value: number;
  /** What it was measured beside. */
  against: string;
  /** The number owed, as a text such as `<= 100`. */
  goal: string;
  ok: boolean;
}

/** A figure judged by its goal: `value` at most, or at least, `limit`. */
export function figure(
  name: string,
  text: string,
  value: number,
  against: string,
  goal: { atMost: number } | { atLeast: number } | 'none',
): Figure {
  const rounded = Math.round(value * 1000) / 1000;
  if (goal === 'none') return { name, figure: text, value: rounded, against, goal: 'none', ok: true };
  if ('atMost' in goal) {
    return {
      name,
      figure: text,
      value: rounded,
      against,
      goal: `<= ${goal.atMost}`,
      ok: value <= goal.atMost,
    };
  }
  return {
    name,
    figure: text,
    value: rounded,
    against,
    goal: `>= ${goal.atLeast}`,
    ok: value >= goal.atLeast,
  };
}
