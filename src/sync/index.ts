import { systemRuntime } from '../shared/system-runtime.ts';
import { PROJECTIONS } from './projections/projections.ts';
import { startSync } from './start.ts';

startSync(process.env, PROJECTIONS, systemRuntime);
