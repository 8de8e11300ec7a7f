import fc from 'fast-check';

/** The same values in each run, so that a score can be repeated. A counterexample is enough: a smaller one costs time. */
fc.configureGlobal({ seed: 1, endOnFailure: true });
