import type { Scales } from './change-inputs.ts';

/** What the model believes before it has seen a repository: coefficients only, learned from other projects' changes. */
export interface ChangePrior {
  scales: Scales;
  mean: readonly number[];
}

/** Made of the open data of Zeng et al. (ISSTA 2021): 65,678 changes of qt, openstack and go. */
export const changePrior: ChangePrior = {
  scales: {
    ns: [0.742, 0.146],
    nd: [0.933, 0.397],
    nf: [1.115, 0.563],
    entropy: [0.425, 0.468],
    la: [2.572, 1.545],
    ld: [1.932, 1.547],
    lt: [7.005, 1.715],
    ndev: [2.998, 1.216],
    age: [3.805, 1.538],
    nuc: [4.344, 1.595],
    exp: [6.542, 2.271],
    rexp: [3.921, 1.73],
    sexp: [4.803, 2.065],
  },
  mean: [
    -0.481, 1.543, 0.171, -0.278, -0.059, 0.033, 0.509, -0.176, 0.702, -0.297, -0.335, 0.585, -0.192, 0.122,
    0.007, -0.885, -0.017, -0.088, -0.019, -0.28, -0.29, -0.364, 0.018, -0.156, 0.261, -0.009, -0.032, -0.08,
  ],
};
