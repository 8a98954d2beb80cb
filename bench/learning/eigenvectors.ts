/** The eigenvalues of a symmetric matrix, largest first, and their vectors; by Jacobi's rotations. Only its upper triangle is read. */
export function eigenvectors(matrix: Float64Array, d: number): { values: number[]; vectors: number[][] } {
  const a = new Float64Array(d * d);
  for (let i = 0; i < d; i += 1)
    for (let j = i; j < d; j += 1) a[i * d + j] = a[j * d + i] = matrix[i * d + j] ?? 0;
  const u = new Float64Array(d * d);
  for (let i = 0; i < d; i += 1) u[i * d + i] = 1;
  for (let sweep = 0; sweep < 20; sweep += 1) {
    let off = 0;
    for (let p = 0; p < d; p += 1) {
      for (let q = p + 1; q < d; q += 1) {
        const apq = a[p * d + q] ?? 0;
        off += apq * apq;
        if (Math.abs(apq) < 1e-12) continue;
        const ratio = ((a[q * d + q] ?? 0) - (a[p * d + p] ?? 0)) / (2 * apq);
        const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.sqrt(ratio * ratio + 1));
        const cosine = 1 / Math.sqrt(tangent * tangent + 1);
        turnPair(a, cosine, tangent * cosine, { p, q, d, columns: true });
        turnPair(a, cosine, tangent * cosine, { p, q, d, columns: false });
        turnPair(u, cosine, tangent * cosine, { p, q, d, columns: true });
      }
    }
    if (off < 1e-14) break;
  }
  const order = Array.from({ length: d }, (_, i) => i).sort(
    (x, y) => (a[y * d + y] ?? 0) - (a[x * d + x] ?? 0),
  );
  return {
    values: order.map((i) => a[i * d + i] ?? 0),
    vectors: order.map((i) => Array.from({ length: d }, (_, k) => u[k * d + i] ?? 0)),
  };
}

interface Pair {
  p: number;
  q: number;
  d: number;
  columns: boolean;
}

function turnPair(m: Float64Array, cosine: number, sine: number, { p, q, d, columns }: Pair): void {
  for (let k = 0; k < d; k += 1) {
    const atP = columns ? k * d + p : p * d + k;
    const atQ = columns ? k * d + q : q * d + k;
    const x = m[atP] ?? 0;
    const y = m[atQ] ?? 0;
    m[atP] = cosine * x - sine * y;
    m[atQ] = sine * x + cosine * y;
  }
}
